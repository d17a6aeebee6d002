package io.witan.simulation.mutation;

import io.witan.simulation.mutation.SynchronisationDefects.PacketFilter;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SessionTouch;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What goes wrong with sessions and with requests on their way to the leader.
final class SessionDefects {

    private SessionDefects() {}

    /// A learner hands a write on twice.
    static final class ForwardsTwice extends PacketFilter {

        ForwardsTwice(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(link, packet, out);
            if (packet.type() == PacketType.REQUEST
                    && ForwardedRequest.of(packet).type() == OpCode.SET_DATA) {
                pass(link, packet, out);
            }
        }
    }

    /// A session is created twice.
    static final class CreatesSessionTwice extends PacketFilter {

        CreatesSessionTwice(Agreement inner) {
            super(inner);
        }

        @Override
        void send(long link, QuorumPacket packet, List<Effect> out) {
            pass(link, packet, out);
            if (packet.type() == PacketType.REQUEST
                    && ForwardedRequest.of(packet).type() == OpCode.CREATE_SESSION) {
                pass(link, packet, out);
            }
        }
    }

    /// A write overtakes an earlier one of the same session.
    static final class ForwardsOutOfOrder extends AgreementFilter {

        private @Nullable Held held;

        private record Held(
                long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {}

        ForwardsOutOfOrder(Agreement inner) {
            super(inner);
        }

        @Override
        public void forward(
                long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
            Held before = held;
            if (before == null && cxid > 0 && type != OpCode.SYNC) {
                held = new Held(sessionId, cxid, type, body, ids);
                return;
            }
            super.forward(sessionId, cxid, type, body, ids);
            if (before != null) {
                held = null;
                super.forward(before.sessionId, before.cxid, before.type, before.body, before.ids);
            }
        }
    }

    /// Some writes never get to the leader.
    static final class ForwardsNot extends AgreementFilter {

        private int count;

        ForwardsNot(Agreement inner) {
            super(inner);
        }

        @Override
        public void forward(
                long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {
            if (++count % 10 != 0) {
                super.forward(sessionId, cxid, type, body, ids);
            }
        }
    }

    /// A learner believes that every session lives.
    static final class RevivesSessions extends AgreementFilter {

        RevivesSessions(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            out.add(
                    effect instanceof Effect.Revalidated answer
                            ? new Effect.Revalidated(answer.sessionId(), true)
                            : effect);
        }
    }

    /// The leader does not hear which sessions its learners have heard of.
    static final class TouchesLost extends AgreementFilter {

        TouchesLost(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (!(effect instanceof Effect.SessionsHeard)) {
                out.add(effect);
            }
        }
    }

    /// Once heard of, a session is taken to be heard of for ever.
    static final class TouchesNeverEnd extends AgreementFilter {

        private final SortedMap<Long, Integer> heard = new TreeMap<>();

        TouchesNeverEnd(Agreement inner) {
            super(inner);
        }

        @Override
        void effect(Effect effect, List<Effect> out) {
            if (!(effect instanceof Effect.SessionsHeard(long link, List<SessionTouch> touches))) {
                out.add(effect);
                return;
            }
            for (SessionTouch touch : touches) {
                heard.put(touch.sessionId(), touch.timeoutMillis());
            }
            List<SessionTouch> all = new ArrayList<>();
            heard.forEach((id, timeout) -> all.add(new SessionTouch(id, timeout)));
            out.add(new Effect.SessionsHeard(link, all));
        }
    }
}
