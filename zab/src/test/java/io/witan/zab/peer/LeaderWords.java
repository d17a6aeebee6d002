package io.witan.zab.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What leaders say, and what logs hold.
final class LeaderWords {

    private LeaderWords() {}

    static long zxid(long epoch, long counter) {
        return Zxids.startOf(epoch) + counter;
    }

    // ---- transactions

    static LogEntry entry(long zxid) {
        return new LogEntry(zxid, txn(zxid));
    }

    static List<LogEntry> entries(long... zxids) {
        return java.util.Arrays.stream(zxids).mapToObj(LeaderWords::entry).toList();
    }

    static byte[] txn(long zxid) {
        return bytes(zxid, OpCode.CREATE_SESSION, new Txn.CreateSession(30_000));
    }

    static byte[] reconfig(long zxid, EnsembleConfig config) {
        return bytes(
                zxid,
                OpCode.RECONFIG,
                new Txn.SetData(
                        "/zookeeper/config".getBytes(UTF_8), config.text().getBytes(UTF_8), -1));
    }

    private static byte[] bytes(long zxid, int type, Txn txn) {
        JuteWriter out = new JuteWriter();
        TxnCodec.write(out, new TxnHeader(0x1_0000_0000L, 1, zxid, 0, type), txn, null);
        return out.toByteArray();
    }

    // ---- configurations

    /// Servers 1 to 3 vote, 4 observes.
    static EnsembleConfig members(long version) {
        return config(version, "participant", "participant", "participant", "observer");
    }

    static EnsembleConfig config(long version, @Nullable String... roles) {
        StringBuilder text = new StringBuilder();
        for (int sid = 1; sid <= roles.length; sid++) {
            String role = roles[sid - 1];
            if (role != null) {
                text.append("server.%1$d=h%1$d:2888:3888:%2$s;h%1$d:2181\n".formatted(sid, role));
            }
        }
        try {
            return EnsembleConfig.parse(text + "version=" + Long.toHexString(version));
        } catch (ConfigTextException e) {
            throw new IllegalArgumentException(e);
        }
    }

    // ---- packets

    static QuorumPacket leaderInfo(long epoch) {
        return new QuorumPacket(
                PacketType.LEADERINFO, Zxids.startOf(epoch), Payloads.protocolVersion(0x10000));
    }

    static QuorumPacket diff(long zxid) {
        return new QuorumPacket(PacketType.DIFF, zxid);
    }

    static QuorumPacket trunc(long zxid) {
        return new QuorumPacket(PacketType.TRUNC, zxid);
    }

    static QuorumPacket snap(long zxid) {
        return new QuorumPacket(PacketType.SNAP, zxid);
    }

    static QuorumPacket proposal(long zxid) {
        return proposal(zxid, txn(zxid));
    }

    static QuorumPacket proposal(long zxid, byte[] txn) {
        return new QuorumPacket(PacketType.PROPOSAL, zxid, txn);
    }

    static QuorumPacket commit(long zxid) {
        return new QuorumPacket(PacketType.COMMIT, zxid);
    }

    static QuorumPacket commitAndActivate(long zxid, long leader) {
        return new QuorumPacket(
                PacketType.COMMITANDACTIVATE, zxid, Payloads.designatedLeader(leader));
    }

    static QuorumPacket inform(long zxid) {
        return new QuorumPacket(PacketType.INFORM, zxid, txn(zxid));
    }

    static QuorumPacket informAndActivate(long zxid, long leader, byte[] txn) {
        return new QuorumPacket(
                PacketType.INFORMANDACTIVATE, zxid, Payloads.informAndActivate(leader, txn));
    }

    static QuorumPacket newLeader(long epoch) {
        return newLeader(epoch, members(0));
    }

    static QuorumPacket newLeader(long epoch, EnsembleConfig config) {
        return new QuorumPacket(
                PacketType.NEWLEADER, Zxids.startOf(epoch), Payloads.configText(config.text()));
    }

    static QuorumPacket upToDate() {
        return new QuorumPacket(PacketType.UPTODATE, -1);
    }

    static QuorumPacket ping(long zxid) {
        return new QuorumPacket(PacketType.PING, zxid);
    }

    static QuorumPacket sync() {
        return new QuorumPacket(PacketType.SYNC, 0);
    }

    static QuorumPacket revalidated(long sessionId, boolean valid) {
        return new Revalidation.Answer(sessionId, valid).toPacket();
    }
}
