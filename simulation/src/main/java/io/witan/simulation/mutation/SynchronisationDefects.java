package io.witan.simulation.mutation;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;
import io.witan.zab.Zxids;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What goes wrong between a leader and a learner that joins it.
final class SynchronisationDefects {

    private SynchronisationDefects() {}

    /// Alters packets that a server sends.
    abstract static class PacketFilter extends AgreementFilter {

        PacketFilter(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.SendPacket(long link, QuorumPacket packet)) {
                send(link, packet, out);
            } else {
                out.add(effect);
            }
        }

        abstract void send(long link, QuorumPacket packet, List<Effect> out);

        static void pass(long link, QuorumPacket packet, List<Effect> out) {
            out.add(new Effect.SendPacket(link, packet));
        }
    }

    /// The learner takes TRUNC for DIFF: what it has too much stays.
    static final class TruncTakenForDiff extends AgreementFilter {

        TruncTakenForDiff(Agreement inner) {
            super(inner);
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            super.received(
                    link,
                    packet.type() == PacketType.TRUNC
                            ? new QuorumPacket(PacketType.DIFF, packet.zxid())
                            : packet);
        }
    }

    /// The leader has its learners cut more than they may.
    static final class TruncatesTooMuch extends PacketFilter {

        TruncatesTooMuch(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            boolean cuts = packet.type() == PacketType.DIFF && Zxids.counter(packet.zxid()) > 3;
            pass(link, cuts ? new QuorumPacket(PacketType.TRUNC, packet.zxid() - 2) : packet, out);
        }
    }

    /// A learner that needs a snapshot gets none.
    static final class DiffInPlaceOfSnapshot extends PacketFilter {

        DiffInPlaceOfSnapshot(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (!(effect instanceof Effect.SendSnapshot)) {
                super.effect(effect, out);
            }
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(
                    link,
                    packet.type() == PacketType.SNAP
                            ? new QuorumPacket(PacketType.DIFF, packet.zxid())
                            : packet,
                    out);
        }
    }

    /// NEWLEADER goes out ahead of what the learner is to have before it.
    static final class NewLeaderFirst extends PacketFilter {

        NewLeaderFirst(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() != PacketType.NEWLEADER) {
                pass(link, packet, out);
                return;
            }
            int at = out.size();
            for (int i = 0; i < out.size(); i++) {
                if (out.get(i) instanceof Effect.SendPacket sent
                        && sent.link() == link
                        && sent.packet().type() == PacketType.PROPOSAL) {
                    at = i;
                    break;
                }
            }
            out.add(at, new Effect.SendPacket(link, packet));
        }
    }

    /// The history that a learner is sent has a hole.
    static final class HoleInDiff extends PacketFilter {

        private final Set<Long> synchronised = new TreeSet<>();
        private long dropped = -1;

        HoleInDiff(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() == PacketType.NEWLEADER) {
                synchronised.add(link);
            }
            boolean isProposal = packet.type() == PacketType.PROPOSAL;
            if (isProposal
                    && !synchronised.contains(link)
                    && Zxids.counter(packet.zxid()) % 3 == 2) {
                dropped = packet.zxid();
                return;
            }
            if (packet.type() != PacketType.COMMIT || packet.zxid() != dropped) {
                pass(link, packet, out);
            }
        }
    }

    /// UPTODATE does not wait for a quorum.
    static final class UpToDateAtOnce extends PacketFilter {

        UpToDateAtOnce(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() != PacketType.UPTODATE) {
                pass(link, packet, out);
            }
            if (packet.type() == PacketType.NEWLEADER) {
                pass(link, new QuorumPacket(PacketType.UPTODATE, -1), out);
            }
        }
    }

    /// What is proposed while a learner joins is not sent to it, only committed.
    static final class CommitWithoutProposal extends PacketFilter {

        private final Set<Long> joining = new TreeSet<>();

        CommitWithoutProposal(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() == PacketType.NEWLEADER) {
                joining.add(link);
            } else if (packet.type() == PacketType.UPTODATE) {
                joining.remove(link);
            }
            if (packet.type() != PacketType.PROPOSAL || !joining.contains(link)) {
                pass(link, packet, out);
            }
        }
    }

    /// The leader takes NEWLEADER as acknowledged when it has sent it.
    static final class AckOfNewLeaderAssumed extends AgreementFilter {

        AckOfNewLeaderAssumed(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.SendPacket(long link, QuorumPacket packet)
                    && packet.type() == PacketType.NEWLEADER) {
                inner.received(link, new QuorumPacket(PacketType.ACK, packet.zxid()));
            }
        }
    }

    /// The leader takes its epoch as acknowledged when it has announced it.
    static final class AckOfEpochAssumed extends AgreementFilter {

        private final Set<Long> assumed = new TreeSet<>();

        AckOfEpochAssumed(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.SendPacket(long link, QuorumPacket packet)
                    && packet.type() == PacketType.LEADERINFO
                    && assumed.add(link)) {
                inner.received(
                        link, new QuorumPacket(PacketType.ACKEPOCH, 0, new byte[] {0, 0, 0, 0}));
            }
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            if (packet.type() != PacketType.ACKEPOCH || !assumed.contains(link)) {
                super.received(link, packet);
            }
        }
    }

    /// A follower that takes observers does not send them what was under way when they came.
    static final class ForgetsWhatIsUnderWay extends PacketFilter {

        private final Map<Long, Long> underWay = new TreeMap<>();

        ForgetsWhatIsUnderWay(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            if (packet.type() == PacketType.NEWLEADER) {
                underWay.put(link, inner.view().lastLoggedZxid());
            }
            boolean informs =
                    packet.type() == PacketType.INFORM
                            || packet.type() == PacketType.INFORMANDACTIVATE;
            if (isLeading() || !informs || packet.zxid() > underWay.getOrDefault(link, 0L)) {
                pass(link, packet, out);
            }
        }
    }

    /// A packet goes out on a connection that is closed.
    static final class TalksOnAfterClosing extends AgreementFilter {

        TalksOnAfterClosing(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.CloseLink close) {
                out.add(new Effect.SendPacket(close.link(), new QuorumPacket(PacketType.PING, 0)));
            }
        }
    }
}
