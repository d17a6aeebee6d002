package io.witan.simulation.mutation;

import io.witan.wire.client.OpCode;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A leader that does not notice reconfigurations: it proposes them, and the old configuration
/// alone decides.
final class OldConfigurationOnly extends AgreementFilter {

    /// After client id, cxid, zxid and time.
    private static final int TYPE_AT = 28;

    private final Map<Long, byte[]> originals = new HashMap<>();

    OldConfigurationOnly(Agreement inner) {
        super(inner);
    }

    @Override
    public void propose(long zxid, byte[] txn) {
        ByteBuffer copy = ByteBuffer.wrap(txn.clone());
        if (copy.getInt(TYPE_AT) == OpCode.RECONFIG) {
            originals.put(zxid, txn);
            copy.putInt(TYPE_AT, OpCode.SET_DATA);
        }
        super.propose(zxid, copy.array());
    }

    @Override
    void effect(Effect effect, List<Effect> out) {
        out.add(
                switch (effect) {
                    case Effect.Append(long zxid, byte[] txn) ->
                            new Effect.Append(zxid, originals.getOrDefault(zxid, txn));
                    case Effect.Deliver(long zxid, byte[] txn) ->
                            new Effect.Deliver(zxid, originals.getOrDefault(zxid, txn));
                    case Effect.SendPacket(long link, QuorumPacket packet)
                            when packet.data() != null && originals.containsKey(packet.zxid()) ->
                            new Effect.SendPacket(
                                    link,
                                    new QuorumPacket(
                                            packet.type(),
                                            packet.zxid(),
                                            originals.get(packet.zxid())));
                    default -> effect;
                });
    }
}
