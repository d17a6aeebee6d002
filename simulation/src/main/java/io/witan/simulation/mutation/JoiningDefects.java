package io.witan.simulation.mutation;

import io.witan.simulation.fault.Profile;
import io.witan.simulation.mutation.SynchronisationDefects.PacketFilter;
import io.witan.simulation.server.HostMutation;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What of a history comes twice, or is not taken.
final class JoiningDefects {

    private JoiningDefects() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofAgreement(
                        "what is in the history comes again as a proposal",
                        "a transaction comes twice",
                        Profile.BRUTAL,
                        _ -> HistoryComesAgain::new,
                        "Z9"),
                Mutation.ofHost(
                        "a proposal is too long for those who follow",
                        "ZOOKEEPER-2101, 3496",
                        Profile.CALM,
                        RefusesLongProposals::new,
                        "V1"));
    }

    /// The last transaction of the history that a learner is sent is proposed to it again.
    static final class HistoryComesAgain extends PacketFilter {

        private final Map<Long, QuorumPacket> last = new TreeMap<>();

        HistoryComesAgain(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(link, packet, out);
            if (packet.type() == PacketType.PROPOSAL) {
                last.put(link, packet);
            } else if (packet.type() == PacketType.NEWLEADER) {
                QuorumPacket again = last.get(link);
                if (again != null) {
                    pass(link, again, out);
                }
            }
        }
    }

    /// A follower takes less than leaders send, and loses its link each time.
    private static final class RefusesLongProposals implements HostMutation {

        private static final int BYTES_MAX = 120;

        @Override
        public QuorumPacket deliver(QuorumPacket packet) {
            byte[] data = packet.data();
            if (packet.type() == PacketType.PROPOSAL && data != null && data.length > BYTES_MAX) {
                throw new DecodeException("a packet of " + data.length + " bytes");
            }
            return packet;
        }
    }
}
