package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.ClientStamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.TraceText;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.Xid;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/// L1 to L6: what clients are told. Replies come in the order of the requests; a write's is what
/// the history says; a read's is the committed state at the zxid that it names; a sync leaves
/// nothing behind that anybody had seen; nothing that a session has seen is taken back.
final class ReplyChecker implements Checker {

    private final Facts facts;
    private final Model model;
    private final boolean syncsAreConfirmed;

    /// Requests without an answer, oldest first, by client.
    private final SortedMap<Integer, Deque<Integer>> waiting = new TreeMap<>();

    /// The highest zxid that each session has been told.
    private final SortedMap<Long, Long> seen = new TreeMap<>();

    ReplyChecker(Facts facts, Model model, boolean syncsAreConfirmed) {
        this.facts = facts;
        this.model = model;
        this.syncsAreConfirmed = syncsAreConfirmed;
    }

    @Override
    public String invariant() {
        return "L1 L2 L3 L4 L5 L6";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.ConnectAsked e -> waiting.put(e.client(), new ArrayDeque<>());
            case TraceEvent.Invoked e ->
                    waiting.computeIfAbsent(e.client(), _ -> new ArrayDeque<>()).addLast(e.xid());
            case TraceEvent.PingAnswered e -> goesOn(e.sessionId(), e.zxid(), verdict);
            case TraceEvent.Notified e -> goesOn(e.sessionId(), e.zxid(), verdict);
            case TraceEvent.Replied e -> replied(e, verdict);
            default -> {
                // Nothing is said to a client.
            }
        }
    }

    private void replied(TraceEvent.Replied e, Verdict verdict) {
        if (e.xid() == Xid.AUTH) {
            return;
        }
        inOrder(e.at(), e.xid(), verdict);
        goesOn(e.sessionId(), e.zxid(), verdict);
        Model.Asked asked = model.asked(e.sessionId(), e.xid());
        if (asked == null) {
            return;
        }
        String wrong =
                isWrite(asked.request().type())
                        ? write(e, asked.request())
                        : Reads.wrong(
                                model.tree(),
                                e.client(),
                                e.sessionId(),
                                asked.request(),
                                e.zxid(),
                                e.err(),
                                e.reply());
        if (wrong != null) {
            String id = isWrite(asked.request().type()) ? "L1" : "L2";
            verdict.violated(id, TraceText.of(asked.request()) + ": " + wrong);
        }
        if (syncsAreConfirmed
                && asked.request().type() == OpCode.SYNC
                && e.err() == ErrorCode.OK
                && e.zxid() < asked.seenZxid()) {
            verdict.violated(
                    "L3",
                    "a sync ends at "
                            + Zxids.hex(e.zxid())
                            + ", when it began "
                            + Zxids.hex(asked.seenZxid())
                            + " had been seen");
        }
    }

    private void inOrder(ClientStamp at, int xid, Verdict verdict) {
        Deque<Integer> expected = waiting.getOrDefault(at.client(), new ArrayDeque<>());
        Integer next = expected.pollFirst();
        if (next == null || next != xid) {
            verdict.violated(
                    "L5", "the answer to request " + xid + " comes, " + next + " was next");
        }
    }

    /// What a session has seen is committed and stays so.
    private void goesOn(long sessionId, long zxid, Verdict verdict) {
        if (zxid <= 0) {
            return;
        }
        Long before = seen.merge(sessionId, zxid, Math::max);
        if (before > zxid) {
            verdict.violated(
                    "L4",
                    "session 0x"
                            + Long.toHexString(sessionId)
                            + " has seen "
                            + Zxids.hex(before)
                            + " and is told "
                            + Zxids.hex(zxid));
        }
        HistoryFact history = facts.history();
        boolean isCommitted =
                Zxids.counter(zxid) == 0
                        ? facts.establishedIn(Zxids.epoch(zxid)) != null
                        : history.find(zxid) != null;
        if (!isCommitted) {
            verdict.violated("L6", Zxids.hex(zxid) + " is shown to a client and is not committed");
        }
    }

    static boolean isWrite(int type) {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.SET_ACL,
                    OpCode.MULTI,
                    OpCode.RECONFIG,
                    OpCode.CLOSE_SESSION ->
                    true;
            default -> false;
        };
    }

    private @Nullable String write(TraceEvent.Replied e, Request request) {
        Model.Written written = model.written(e.sessionId(), e.xid());
        if (written == null) {
            boolean isLocal =
                    request.type() == OpCode.CLOSE_SESSION
                            && model.tree().life(e.sessionId()) == null;
            return isLocal || mayStayOutOfHistory(e.err())
                    ? null
                    : "answered with " + ErrorCode.name(e.err()) + " and not in the history";
        }
        if (written.zxid() != e.zxid()) {
            return "answered at "
                    + Zxids.hex(e.zxid())
                    + ", it took effect at "
                    + Zxids.hex(written.zxid());
        }
        return written.outcome() == null
                ? null
                : Writes.wrong(request, written.outcome(), e.err(), e.reply());
    }

    /// Refused by the server that the client is connected to, or by the leader before it made a
    /// transaction of it.
    private static boolean mayStayOutOfHistory(int err) {
        return switch (err) {
            case ErrorCode.BAD_ARGUMENTS,
                    ErrorCode.MARSHALLING_ERROR,
                    ErrorCode.UNIMPLEMENTED,
                    ErrorCode.SESSION_EXPIRED,
                    ErrorCode.SESSION_MOVED,
                    ErrorCode.NOT_READ_ONLY,
                    ErrorCode.INVALID_ACL,
                    ErrorCode.NO_AUTH,
                    ErrorCode.THROTTLED_OP,
                    ErrorCode.RECONFIG_DISABLED ->
                    true;
            default -> false;
        };
    }
}
