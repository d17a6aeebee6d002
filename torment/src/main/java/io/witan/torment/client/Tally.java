package io.witan.torment.client;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.OpCode;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// Counts what goes on while it goes on, and says when everybody is served again. It judges
/// nothing: that is done afterwards, when the history is known.
public final class Tally implements Checker {

    private long requestCount;
    private long answerCount;
    private long writeCount;
    private long watchEventCount;
    private long sessionCount;
    private long connectionCount;

    /// Writes asked since faults are over, by client and xid.
    private final Map<Integer, SortedSet<Integer>> asked = new HashMap<>();

    private final SortedSet<Integer> unserved = new TreeSet<>();
    private boolean isHealed;

    @Override
    public String invariant() {
        return "counts";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.ConnectAsked _ -> connectionCount++;
            case TraceEvent.ConnectAnswered e when e.sessionId() != 0 -> sessionCount++;
            case TraceEvent.Invoked e -> {
                requestCount++;
                if (isWrite(e.request().type())) {
                    asked.computeIfAbsent(e.client(), _ -> new TreeSet<>()).add(e.xid());
                }
            }
            case TraceEvent.Replied e -> {
                answerCount++;
                if (asked.getOrDefault(e.client(), new TreeSet<>()).remove(e.xid())) {
                    writeCount++;
                    if (isHealed) {
                        unserved.remove(e.client());
                    }
                }
            }
            case TraceEvent.Disconnected e -> asked.remove(e.client());
            case TraceEvent.Notified _ -> watchEventCount++;
            case TraceEvent.Healed e -> {
                isHealed = true;
                asked.clear();
                unserved.addAll(e.clients());
            }
            default -> {
                // Not counted.
            }
        }
    }

    private static boolean isWrite(int type) {
        return switch (type) {
            case OpCode.CREATE,
                    OpCode.CREATE2,
                    OpCode.CREATE_CONTAINER,
                    OpCode.CREATE_TTL,
                    OpCode.DELETE,
                    OpCode.SET_DATA,
                    OpCode.SET_ACL,
                    OpCode.MULTI,
                    OpCode.CLOSE_SESSION ->
                    true;
            default -> false;
        };
    }

    /// Clients that have had no write answered since faults are over.
    public SortedSet<Integer> unserved() {
        return unserved;
    }

    public long answerCount() {
        return answerCount;
    }

    @Override
    public String toString() {
        return "%,d requests, %,d answered, %,d of them writes; %,d watch events, %,d connections, %,d"
                        .formatted(
                                requestCount,
                                answerCount,
                                writeCount,
                                watchEventCount,
                                connectionCount,
                                sessionCount)
                + " of them with a session";
    }
}
