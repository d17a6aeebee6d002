package io.witan.simulation.check;

import io.witan.simulation.trace.TraceEvent;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Of which sessions a leader must have heard: their clients were answered all the time, by this
/// very leader or by a learner that it heard of all the time. One answer does not say so: it can be
/// to a request that was on its way, or waited for a write, for most of the session's timeout.
final class Heartbeats {

    private static final long MICROS_PER_MILLI = 1000;

    /// What never happened.
    private static final long NEVER = Long.MIN_VALUE / 2;

    /// At so many signs of life within a timeout each gap between two of them is short.
    private static final int GAPS_PER_TIMEOUT = 3;

    /// Signs of life that are remembered; a leader asks each learner twice a tick, and no session
    /// lasts longer than twenty.
    private static final int SIGNS_KEPT = 64;

    private final SortedMap<Long, Session> sessions = new TreeMap<>();

    /// By leader and its link, the learner at the other end.
    private final SortedMap<Long, SortedMap<Long, Long>> learners = new TreeMap<>();

    /// By leader and learner, when the leader got answers to its pings.
    private final SortedMap<Long, SortedMap<Long, Signs>> pings = new TreeMap<>();

    private static final class Session {
        long serverSid;
        long timeoutMicros;

        /// Since when its client was answered without a longer gap, and the last answer.
        long since = NEVER;

        long last = NEVER;
    }

    /// Times, the last ones.
    private static final class Signs {

        private final ArrayDeque<Long> micros = new ArrayDeque<>();

        void add(long now) {
            micros.addLast(now);
            if (micros.size() > SIGNS_KEPT) {
                micros.removeFirst();
            }
        }

        /// Whether there was one in each `gap` from `from` to `now`.
        boolean areSteady(long from, long now, long gap) {
            long before = NEVER;
            for (long sign : micros) {
                if (sign > from && sign - before > gap) {
                    return false;
                }
                before = sign;
            }
            return now - before <= gap;
        }
    }

    void on(TraceEvent event) {
        switch (event) {
            case TraceEvent.ConnectAnswered e -> {
                Session session = sessions.computeIfAbsent(e.sessionId(), _ -> new Session());
                session.serverSid = e.serverSid();
                session.timeoutMicros = e.timeoutMillis() * MICROS_PER_MILLI;
                session.since = e.micros();
                session.last = e.micros();
            }
            case TraceEvent.Replied e -> answered(e.sessionId(), e.micros());
            case TraceEvent.PingAnswered e -> answered(e.sessionId(), e.micros());
            case TraceEvent.PacketReceived e -> received(e);
            default -> {
                // No sign of life.
            }
        }
    }

    private void answered(long sessionId, long now) {
        Session session = sessions.get(sessionId);
        if (session != null) {
            if (now - session.last > session.timeoutMicros / GAPS_PER_TIMEOUT) {
                session.since = now;
            }
            session.last = now;
        }
    }

    private void received(TraceEvent.PacketReceived e) {
        QuorumPacket packet = e.packet();
        switch (packet.type()) {
            case PacketType.FOLLOWERINFO, PacketType.OBSERVERINFO ->
                    learners.computeIfAbsent(e.sid(), _ -> new TreeMap<>())
                            .put(e.link(), LearnerInfo.decode(packet.data()).sid());
            case PacketType.PING -> {
                Long learner = learnerAt(e.sid(), e.link());
                if (learner != null) {
                    pings.computeIfAbsent(e.sid(), _ -> new TreeMap<>())
                            .computeIfAbsent(learner, _ -> new Signs())
                            .add(e.micros());
                }
            }
            default -> {
                // Not about life.
            }
        }
    }

    private @Nullable Long learnerAt(long leaderSid, long link) {
        Map<Long, Long> links = learners.get(leaderSid);
        return links == null ? null : links.get(link);
    }

    /// Whether the leader must know at `now` that the session lives.
    boolean wereSteady(long sessionId, long leaderSid, long now) {
        Session session = sessions.get(sessionId);
        if (session == null) {
            return false;
        }
        long gap = session.timeoutMicros / GAPS_PER_TIMEOUT;
        boolean answered =
                now - session.last <= gap && session.last - session.since >= session.timeoutMicros;
        if (!answered || session.serverSid == leaderSid) {
            return answered;
        }
        Map<Long, Signs> ofLeader = pings.getOrDefault(leaderSid, new TreeMap<>());
        @Nullable Signs signs = ofLeader.get(session.serverSid);
        return signs != null && signs.areSteady(now - session.timeoutMicros, now, gap);
    }
}
