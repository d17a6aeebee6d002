package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.check.model.ModelTree;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.OpCode;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.TxnHeader;

import java.util.SortedMap;
import java.util.TreeMap;

/// S1 and S4: sessions live as long as their clients are heard, no longer and no shorter, and each
/// id belongs to one session for ever. (That ephemerals go with their session, in the very
/// transaction that closes it, is seen by the model.)
final class SessionChecker implements Checker {

    private static final long MICROS_PER_MILLI = 1000;

    /// How long after its timeout a session may be found dead: learners tell their leader twice a
    /// tick whom they have heard of, ticks are rounded up (together two ticks, so four seconds),
    /// and the closing transaction takes its way over disks that stall. Longer than a leader that
    /// has lost its quorum goes on leading.
    private static final long GRACE_MICROS = 15_000_000;

    private static final long NOBODY_LEADS = Long.MAX_VALUE;

    private final Facts facts;
    private final Model model;

    private final Heartbeats heartbeats = new Heartbeats();

    /// When each session's client last sent something.
    private final SortedMap<Long, Long> sentMicros = new TreeMap<>();

    /// Who leads, and since when: a new leader gives every session its full time again. Without one
    /// no session can end.
    private long leaderSid;

    private long leadsSinceMicros = NOBODY_LEADS;

    /// Which client has a session.
    private final SortedMap<Long, Integer> clients = new TreeMap<>();

    private final SortedMap<Integer, Asked> asked = new TreeMap<>();

    /// @param closedWhenAsked whether the session was closed in the history already
    private record Asked(long sessionId, boolean passwordIsRight, boolean closedWhenAsked) {}

    SessionChecker(Facts facts, Model model) {
        this.facts = facts;
        this.model = model;
    }

    @Override
    public String invariant() {
        return "S1 S4";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        heartbeats.on(event);
        switch (event) {
            case TraceEvent.ConnectAsked e -> {
                notTooLate(e.sessionId(), e.micros(), verdict);
                asked.put(
                        e.client(),
                        new Asked(e.sessionId(), e.passwordIsRight(), isClosed(e.sessionId())));
                sentMicros.put(e.sessionId(), e.micros());
            }
            case TraceEvent.ConnectAnswered e -> {
                answered(e, verdict);
                // A new session is heard of when it is asked for, before it has an id.
                sentMicros.put(e.sessionId(), e.micros());
            }
            case TraceEvent.Invoked e -> sentMicros.put(e.sessionId(), e.micros());
            case TraceEvent.PingSent e -> sentMicros.put(e.sessionId(), e.micros());
            case TraceEvent.Activated e -> {
                leaderSid = e.sid();
                leadsSinceMicros = e.micros();
            }
            case TraceEvent.StoppedServing e -> stops(e.sid());
            case TraceEvent.Crashed e -> stops(e.sid());
            case TraceEvent.Broke e -> stops(e.sid());
            case TraceEvent.Proposed e -> notTooEarly(e, verdict);
            case TraceEvent.Delivered e -> expired(e, verdict);
            case TraceEvent.Ended e -> {
                for (long id : model.tree().lives().keySet()) {
                    notTooLate(id, e.micros(), verdict);
                }
            }
            default -> {
                // Not about sessions.
            }
        }
    }

    private boolean isClosed(long sessionId) {
        ModelTree.Life life = model.tree().life(sessionId);
        return life != null && life.closedZxid() != Long.MAX_VALUE;
    }

    private void answered(TraceEvent.ConnectAnswered e, Verdict verdict) {
        Asked request = asked.get(e.client());
        if (request == null || e.sessionId() == 0) {
            return;
        }
        if (!request.passwordIsRight()) {
            verdict.violated("S4", "a wrong password opens session " + hex(e.sessionId()));
        }
        if (request.sessionId() != 0 && request.sessionId() != e.sessionId()) {
            verdict.violated(
                    "S4",
                    "session "
                            + hex(request.sessionId())
                            + " was asked for, "
                            + hex(e.sessionId())
                            + " is given");
        }
        if (request.closedWhenAsked() && !e.readOnly()) {
            verdict.violated("S4", "session " + hex(e.sessionId()) + " was closed and lives again");
        }
        Integer holder = clients.putIfAbsent(e.sessionId(), e.client());
        if (holder != null && holder != e.client()) {
            verdict.violated(
                    "S4", "session " + hex(e.sessionId()) + " is given to a second client");
        }
    }

    /// In calm weather a session is not closed by the leader while it hears of it.
    private void notTooEarly(TraceEvent.Proposed e, Verdict verdict) {
        TxnHeader header = TxnHeader.read(JuteReader.over(e.txn()));
        if (header.type() != OpCode.CLOSE_SESSION || header.cxid() != 0) {
            return;
        }
        long id = header.clientId();
        ModelTree.Life life = model.tree().life(id);
        if (life == null) {
            return;
        }
        long window = life.timeoutMillis() * MICROS_PER_MILLI;
        boolean isCalm = e.micros() - facts.lastFaultMicros() > 2 * window + GRACE_MICROS;
        if (isCalm && heartbeats.wereSteady(id, e.sid(), e.micros())) {
            verdict.violated(
                    "S1", "session " + hex(id) + " is closed while its client is answered");
        }
    }

    private void stops(long sid) {
        if (sid == leaderSid) {
            leadsSinceMicros = NOBODY_LEADS;
        }
    }

    private void expired(TraceEvent.Delivered e, Verdict verdict) {
        if (model.tree().last() != e.zxid() || model.writtenAt(e.zxid()) != null) {
            return;
        }
        TxnHeader header = TxnHeader.read(JuteReader.over(e.txn()));
        if (header.type() == OpCode.CLOSE_SESSION) {
            verdict.reached("session expired");
        }
    }

    /// A session whose client is silent ends in time where there is a leader to end it. Looked at
    /// when the client comes back with it, and at the end of the run.
    private void notTooLate(long sessionId, long now, Verdict verdict) {
        ModelTree.Life life = model.tree().life(sessionId);
        if (life == null
                || life.closedZxid() != Long.MAX_VALUE
                || leadsSinceMicros == NOBODY_LEADS) {
            return;
        }
        long silentSince =
                Math.max(
                        sentMicros.getOrDefault(sessionId, 0L),
                        Math.max(facts.lastFaultMicros(), leadsSinceMicros));
        if (now - silentSince > life.timeoutMillis() * MICROS_PER_MILLI + GRACE_MICROS) {
            verdict.violated(
                    "S1",
                    "session "
                            + hex(sessionId)
                            + " of "
                            + life.timeoutMillis()
                            + " ms lives, its client was silent for "
                            + (now - silentSince) / MICROS_PER_MILLI
                            + " ms under one leader");
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
