package io.witan.simulation.mutation;

import io.witan.simulation.mutation.SynchronisationDefects.PacketFilter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What goes wrong with proposals, acknowledgements and commits.
final class BroadcastDefects {

    private BroadcastDefects() {}

    private static boolean isNow(long zxid) {
        return Zxids.counter(zxid) % 7 == 5;
    }

    /// The leader counts learners that have not answered yet.
    static final class CommitOnMinority extends AgreementFilter {

        private final Set<Long> serving = new TreeSet<>();

        CommitOnMinority(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.SendPacket(long link, QuorumPacket packet)) {
                if (packet.type() == PacketType.UPTODATE) {
                    serving.add(link);
                } else if (packet.type() == PacketType.PROPOSAL && serving.contains(link)) {
                    inner.received(link, new QuorumPacket(PacketType.ACK, packet.zxid()));
                }
            } else if (effect instanceof Effect.CloseLink close) {
                serving.remove(close.link());
            }
        }
    }

    /// Two commits change places.
    static final class CommitsOutOfOrder extends PacketFilter {

        private @Nullable QuorumPacket held;
        private long heldLink;

        CommitsOutOfOrder(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() == PacketType.COMMIT && held == null && isNow(packet.zxid())) {
                held = packet;
                heldLink = link;
                return;
            }
            pass(link, packet, out);
            QuorumPacket late = held;
            if (late != null && link == heldLink && packet.type() == PacketType.COMMIT) {
                held = null;
                pass(link, late, out);
            }
        }
    }

    /// A commit is forgotten.
    static final class CommitLost extends PacketFilter {

        CommitLost(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() != PacketType.COMMIT || !isNow(packet.zxid())) {
                pass(link, packet, out);
            }
        }
    }

    /// A proposal is sent twice on one link.
    static final class ProposalTwice extends PacketFilter {

        ProposalTwice(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(link, packet, out);
            if (packet.type() == PacketType.PROPOSAL && isNow(packet.zxid())) {
                pass(link, packet, out);
            }
        }
    }

    /// Two learners get different bytes for one zxid.
    static final class ProposalAltered extends PacketFilter {

        ProposalAltered(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            byte[] txn = packet.data();
            if (packet.type() == PacketType.PROPOSAL && txn != null && isNow(packet.zxid())) {
                byte[] other = txn.clone();
                // The time of the transaction, so that it can still be read.
                other[27] ^= 1;
                pass(link, new QuorumPacket(packet.type(), packet.zxid(), other), out);
            } else {
                pass(link, packet, out);
            }
        }
    }

    /// A learner acknowledges a proposal twice.
    static final class AckTwice extends PacketFilter {

        AckTwice(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(link, packet, out);
            if (packet.type() == PacketType.ACK && isNow(packet.zxid())) {
                pass(link, packet, out);
            }
        }
    }

    /// A server applies what is proposed without waiting for the commit.
    static final class DeliversProposals extends AgreementFilter {

        DeliversProposals(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.Append append && inner.view().isServing()) {
                out.add(effect);
                out.add(new Effect.Deliver(append.zxid(), append.txn()));
            } else if (!(effect instanceof Effect.Deliver) || !inner.view().isServing()) {
                out.add(effect);
            }
        }
    }

    /// A committed transaction is applied twice.
    static final class DeliversTwice extends AgreementFilter {

        DeliversTwice(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.Deliver deliver && isNow(deliver.zxid())) {
                out.add(effect);
            }
        }
    }

    /// A committed transaction is not applied.
    static final class DeliversNot extends AgreementFilter {

        DeliversNot(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (!(effect instanceof Effect.Deliver deliver) || !isNow(deliver.zxid())) {
                out.add(effect);
            }
        }
    }

    /// What is applied is not what was proposed.
    static final class DeliversSomethingElse extends AgreementFilter {

        DeliversSomethingElse(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.Deliver deliver && isNow(deliver.zxid())) {
                byte[] other = deliver.txn().clone();
                other[27] ^= 1;
                out.add(new Effect.Deliver(deliver.zxid(), other));
            } else {
                out.add(effect);
            }
        }
    }

    /// What is committed was never logged here.
    static final class LogsNot extends AgreementFilter {

        LogsNot(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.Append append && isNow(append.zxid())) {
                inner.durable(append.zxid());
            } else {
                out.add(effect);
            }
        }
    }

    /// A sync is answered at once, by whoever believes to lead.
    static final class SyncWithoutQuorum extends AgreementFilter {

        SyncWithoutQuorum(Agreement inner) {
            super(inner);
        }

        @Override
        public void sync(long token) {
            answered.add(token);
        }

        private final Set<Long> answered = new TreeSet<>();

        @Override
        void stepped(List<Effect> out) {
            for (long token : answered) {
                out.add(new Effect.Synced(token));
            }
            answered.clear();
        }
    }

    /// The old configuration alone decides on a reconfiguration: followers are told of a change
    /// like any other.
    static final class ActivationLost extends PacketFilter {

        ActivationLost(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(
                    link,
                    packet.type() == PacketType.COMMITANDACTIVATE
                            ? new QuorumPacket(PacketType.COMMIT, packet.zxid())
                            : packet,
                    out);
        }
    }

    /// Nothing that the leader says comes through any more, but its pings.
    static final class GrayLeader extends PacketFilter {

        GrayLeader(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            boolean isSilent =
                    packet.type() == PacketType.PROPOSAL || packet.type() == PacketType.COMMIT;
            if (!isSilent || !inner.view().isServing() || !isLeading()) {
                pass(link, packet, out);
            }
        }
    }
}
