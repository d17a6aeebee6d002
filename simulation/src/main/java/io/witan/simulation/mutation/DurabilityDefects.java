package io.witan.simulation.mutation;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;
import io.witan.zab.Zxids;

import java.util.ArrayList;
import java.util.List;

/// What is said before it is on disk, or was never put there.
final class DurabilityDefects {

    private DurabilityDefects() {}

    /// A leader counts itself for what it has not flushed.
    static final class LeaderCountsItselfAtOnce extends AgreementFilter {

        LeaderCountsItselfAtOnce(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.Append append && isLeading()) {
                inner.durable(append.zxid());
            }
        }
    }

    /// A learner holds back what it should log until it has acknowledged NEWLEADER.
    static class LogsAfterAck extends AgreementFilter {

        final List<Effect> held = new ArrayList<>();

        LogsAfterAck(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.Append append && !inner.view().isServing()) {
                held.add(effect);
                inner.durable(append.zxid());
                return;
            }
            out.add(effect);
            if (releases(effect)) {
                release(out);
            }
        }

        boolean releases(Effect effect) {
            return effect instanceof Effect.StartFollowing
                    || (effect instanceof Effect.SendPacket send
                            && send.packet().type() == PacketType.ACK);
        }

        final void release(List<Effect> out) {
            out.addAll(held);
            held.clear();
        }
    }

    /// The same, but it logs when it has moved its epoch.
    static final class EpochBeforeHistory extends LogsAfterAck {

        EpochBeforeHistory(Agreement inner) {
            super(inner);
        }

        @Override
        boolean releases(Effect effect) {
            return effect instanceof Effect.StoreCurrentEpoch
                    || effect instanceof Effect.StartFollowing;
        }
    }

    /// The current epoch is stored when clients are served, not before NEWLEADER is acknowledged.
    static final class EpochAtUpToDate extends AgreementFilter {

        private final List<Effect> held = new ArrayList<>();

        EpochAtUpToDate(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.StoreCurrentEpoch store && !isLeading()) {
                held.add(effect);
                inner.stored(store.ticket());
                return;
            }
            out.add(effect);
            if (effect instanceof Effect.StartFollowing) {
                out.addAll(held);
                held.clear();
            }
        }

        @Override
        public void stored(long ticket) {
            for (Effect effect : held) {
                if (effect instanceof Effect.StoreCurrentEpoch store && store.ticket() == ticket) {
                    return;
                }
            }
            inner.stored(ticket);
        }
    }

    /// A received snapshot is relied on without being stored.
    static final class SnapshotNotStored extends AgreementFilter {

        SnapshotNotStored(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.StoreSnapshot store) {
                inner.stored(store.ticket());
            } else {
                out.add(effect);
            }
        }
    }

    /// Writes of an earlier role go to the log of the next one.
    static final class LogsIntoTheNextRole extends AgreementFilter {

        private final List<Effect> held = new ArrayList<>();

        LogsIntoTheNextRole(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (effect instanceof Effect.Append append && Zxids.counter(append.zxid()) > 20) {
                held.add(effect);
                inner.durable(append.zxid());
                return;
            }
            out.add(effect);
            if (effect instanceof Effect.StopServing) {
                out.addAll(held);
                held.clear();
            }
        }
    }

    /// A learner acknowledges proposals as they come.
    static final class AckBeforeSync extends AgreementFilter {

        AckBeforeSync(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(effect);
            if (effect instanceof Effect.Append append && inner.view().isServing()) {
                inner.durable(append.zxid());
            }
        }

        @Override
        public void durable(long zxid) {
            // Said already.
        }
    }

    /// An ACK of a proposal overtakes the one of NEWLEADER.
    static final class AckOvertakesNewLeader extends AgreementFilter {

        private long link = -1;
        private long proposal = -1;

        AckOvertakesNewLeader(Agreement inner) {
            super(inner);
        }

        @Override
        public void received(long newLink, QuorumPacket packet) {
            if (packet.type() == PacketType.PROPOSAL && !inner.view().isServing()) {
                link = newLink;
                proposal = packet.zxid();
            }
            super.received(newLink, packet);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            boolean isAck =
                    effect instanceof Effect.SendPacket send
                            && send.packet().type() == PacketType.ACK
                            && Zxids.counter(send.packet().zxid()) == 0;
            if (isAck && proposal != -1) {
                out.add(new Effect.SendPacket(link, new QuorumPacket(PacketType.ACK, proposal)));
                proposal = -1;
            }
            out.add(effect);
        }
    }
}
