package io.witan.simulation.mutation;

import io.witan.simulation.mutation.SynchronisationDefects.PacketFilter;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;
import io.witan.zab.Zxids;

import java.nio.ByteBuffer;
import java.util.List;

/// What goes wrong in elections and in discovery.
final class ElectionDefects {

    private static final int LOOKING = 0;

    private ElectionDefects() {}

    private static Notification voteFor(Notification n, long leader, long zxid, long peerEpoch) {
        return new Notification(
                n.state(), leader, zxid, n.electionEpoch(), peerEpoch, n.version(), n.configText());
    }

    /// Alters the votes that a server sends.
    abstract static class VoteFilter extends AgreementFilter {

        VoteFilter(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.SendNotification(long toSid, Notification n)
                    && n.state() == LOOKING) {
                out.add(new Effect.SendNotification(toSid, vote(n)));
            } else {
                out.add(effect);
            }
        }

        abstract Notification vote(Notification n);
    }

    /// Votes for somebody who is no member.
    static final class VotesForAStranger extends VoteFilter {

        VotesForAStranger(Agreement inner) {
            super(inner);
        }

        @Override
        Notification vote(Notification n) {
            return voteFor(n, 99, n.zxid(), n.peerEpoch());
        }
    }

    /// Takes every vote for one for itself.
    static final class ElectsItself extends AgreementFilter {

        private final long sid;

        ElectsItself(Agreement inner, long sid) {
            super(inner);
            this.sid = sid;
        }

        @Override
        public void notified(long fromSid, Notification n) {
            super.notified(
                    fromSid, n.state() == LOOKING ? voteFor(n, sid, n.zxid(), n.peerEpoch()) : n);
        }
    }

    /// Elections look at ids alone, and leaders do not look at what their learners have.
    static final class ElectsWithoutHistory extends VoteFilter {

        ElectsWithoutHistory(Agreement inner) {
            super(inner);
        }

        @Override
        Notification vote(Notification n) {
            return n;
        }

        @Override
        public void notified(long fromSid, Notification n) {
            // Whoever has the higher id has the newer history.
            super.notified(
                    fromSid,
                    n.state() == LOOKING && n.leader() >= 0
                            ? voteFor(n, n.leader(), Zxids.startOf(50 + n.leader()), 50)
                            : n);
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            super.received(
                    link, packet.type() == PacketType.ACKEPOCH ? withoutHistory(packet) : packet);
        }
    }

    /// A server that has started and not served yet does not know what it has.
    static final class SeemsEmpty extends VoteFilter {

        private boolean hasServed;

        SeemsEmpty(Agreement inner) {
            super(inner);
        }

        @Override
        Notification vote(Notification n) {
            return hasServed || n.zxid() < 0 ? n : voteFor(n, n.leader(), 0, 0);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            hasServed |= inner.view().isServing();
            if (!hasServed
                    && effect instanceof Effect.SendPacket(long link, QuorumPacket packet)
                    && packet.type() == PacketType.ACKEPOCH) {
                out.add(new Effect.SendPacket(link, withoutHistory(packet)));
            } else {
                super.effect(effect, out);
            }
        }
    }

    private static QuorumPacket withoutHistory(QuorumPacket ackEpoch) {
        byte[] epoch = ackEpoch.data();
        boolean counts = epoch != null && ByteBuffer.wrap(epoch).getInt() >= 0;
        return counts
                ? new QuorumPacket(PacketType.ACKEPOCH, 0, new byte[] {0, 0, 0, 0})
                : ackEpoch;
    }

    /// Those who have a leader do not say so to whoever looks.
    static final class DoesNotAnswerThoseWhoLook extends AgreementFilter {

        DoesNotAnswerThoseWhoLook(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (!(effect instanceof Effect.SendNotification send)
                    || send.notification().state() == LOOKING) {
                out.add(effect);
            }
        }
    }

    /// Votes do not arrive.
    static final class HearsNoVotes extends AgreementFilter {

        HearsNoVotes(Agreement inner) {
            super(inner);
        }

        @Override
        public void notified(long fromSid, Notification n) {
            // The thread that should hear it has died.
        }
    }

    /// Each server gives the first configuration a version of its own.
    static final class NamesTheFirstConfiguration extends AgreementFilter {

        private final long sid;

        NamesTheFirstConfiguration(Agreement inner, long sid) {
            super(inner);
            this.sid = sid;
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            super.received(
                    link, packet.type() == PacketType.NEWLEADER ? ofThisServer(packet) : packet);
        }

        private QuorumPacket ofThisServer(QuorumPacket newLeader) {
            String text = Payloads.configText(newLeader.data());
            if (text == null) {
                return newLeader;
            }
            try {
                EnsembleConfig config = EnsembleConfig.parse(text);
                EnsembleConfig own = config.withVersion(config.version() + sid);
                return Zxids.counter(config.version()) == 0
                        ? new QuorumPacket(
                                newLeader.type(), newLeader.zxid(), Payloads.configText(own.text()))
                        : newLeader;
            } catch (ConfigTextException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    /// The leader proposes an epoch that has been accepted already.
    static final class OldEpochProposed extends PacketFilter {

        OldEpochProposed(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(
                    link,
                    packet.type() == PacketType.LEADERINFO
                            ? new QuorumPacket(
                                    packet.type(), packet.zxid() - Zxids.startOf(1), packet.data())
                            : packet,
                    out);
        }
    }

    /// A learner gives its vote for an epoch that it has given already.
    static final class AcksEpochTwice extends PacketFilter {

        AcksEpochTwice(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            byte[] data = packet.data();
            boolean isSecond =
                    packet.type() == PacketType.ACKEPOCH
                            && data != null
                            && ByteBuffer.wrap(data).getInt() == -1;
            byte[] epoch = ByteBuffer.allocate(4).putInt((int) inner.view().currentEpoch()).array();
            pass(
                    link,
                    isSecond ? new QuorumPacket(PacketType.ACKEPOCH, packet.zxid(), epoch) : packet,
                    out);
        }
    }

    /// A leader counts an observer as one of the voters.
    static final class CountsAnObserver extends AgreementFilter {

        private final long voter;

        /// @param voter whom the observer is taken for
        CountsAnObserver(Agreement inner, long voter) {
            super(inner);
            this.voter = voter;
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            if (packet.type() != PacketType.OBSERVERINFO) {
                super.received(link, packet);
                return;
            }
            LearnerInfo info = LearnerInfo.decode(packet.data());
            byte[] taken =
                    new LearnerInfo(voter, info.protocolVersion(), info.configVersion()).encode();
            super.received(link, new QuorumPacket(PacketType.FOLLOWERINFO, packet.zxid(), taken));
        }
    }

    /// A leader makes up a learner, to have a quorum for its epoch.
    static final class InventsALearner extends AgreementFilter {

        private static final long INVENTED = 1L << 40;

        private final long sid;
        private boolean invented;

        InventsALearner(Agreement inner, long sid) {
            super(inner);
            this.sid = sid;
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            super.received(link, packet);
            if (packet.type() == PacketType.FOLLOWERINFO && !invented) {
                invented = true;
                for (long other = 1; other <= 5; other++) {
                    if (other != sid) {
                        inner.learnerConnected(INVENTED + other);
                        inner.received(
                                INVENTED + other,
                                new QuorumPacket(
                                        PacketType.FOLLOWERINFO,
                                        0,
                                        new LearnerInfo(other, LearnerInfo.PROTOCOL_VERSION, 0)
                                                .encode()));
                    }
                }
            }
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            boolean isToNobody =
                    (effect instanceof Effect.SendPacket send && send.link() >= INVENTED)
                            || (effect instanceof Effect.CloseLink close
                                    && close.link() >= INVENTED)
                            || (effect instanceof Effect.SendSnapshot snapshot
                                    && snapshot.link() >= INVENTED);
            if (!isToNobody) {
                out.add(effect);
            }
        }
    }
}
