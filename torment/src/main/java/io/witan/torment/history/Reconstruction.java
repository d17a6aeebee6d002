package io.witan.torment.history;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.wire.client.OpCode;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.TxnHeader;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// The trace of a round as the simulation would have written it: what clients did, in the order in
/// which they did it, and each committed transaction at the latest possible moment, just before the
/// first answer that shows it or something behind it.
///
/// That is enough for the checkers: what a client may be told does not depend on when servers
/// agreed on it, only on what had been asked, and what had been shown, by then.
public final class Reconstruction {

    private static final long MICROS_PER_MILLI = 1000;

    /// The history has no place in this round's numbering of servers.
    private static final long NOBODY = 0;

    private final Deque<Map.Entry<Long, byte[]>> undelivered = new ArrayDeque<>();
    private final Deque<TraceEvent.Proposed> expiries = new ArrayDeque<>();
    private final List<TraceEvent> trace = new ArrayList<>();

    private Reconstruction() {}

    /// @param recorded by the clients, and the faults
    /// @param startEpochMillis the time of day when the clocks of the round stood at 0
    public static List<TraceEvent> of(
            List<TraceEvent> recorded,
            CommittedHistory history,
            LeaderTimes leaders,
            long startEpochMillis) {
        Reconstruction made = new Reconstruction();
        made.undelivered.addAll(history.txns().entrySet());
        made.expiries.addAll(expiries(history, leaders, startEpochMillis));
        for (long epoch = 1; epoch <= history.lastEpoch(); epoch++) {
            made.trace.add(new TraceEvent.Established(new Stamp(0, NOBODY, 1), epoch));
        }
        recorded.forEach(made::add);
        return made.trace;
    }

    private void add(TraceEvent event) {
        while (!expiries.isEmpty() && expiries.getFirst().micros() <= event.micros()) {
            trace.add(expiries.removeFirst());
        }
        deliverUpTo(
                switch (event) {
                    case TraceEvent.Replied e -> e.zxid();
                    case TraceEvent.Notified e -> e.zxid();
                    case TraceEvent.PingAnswered e -> e.zxid();
                    case TraceEvent.Census e -> e.zxid();
                    case TraceEvent.Ended _ -> Long.MAX_VALUE;
                    default -> 0;
                },
                event.micros());
        trace.add(event);
    }

    private void deliverUpTo(long zxid, long micros) {
        while (!undelivered.isEmpty() && undelivered.getFirst().getKey() <= zxid) {
            Map.Entry<Long, byte[]> next = undelivered.removeFirst();
            trace.add(
                    new TraceEvent.Delivered(
                            new Stamp(micros, NOBODY, 1), next.getKey(), next.getValue()));
        }
    }

    /// Sessions that leaders closed by themselves, at the time that the transaction bears: whether
    /// that was right depends on what was heard of the client by then.
    private static List<TraceEvent.Proposed> expiries(
            CommittedHistory history, LeaderTimes leaders, long startEpochMillis) {
        List<TraceEvent.Proposed> expiries = new ArrayList<>();
        history.txns()
                .forEach((zxid, txn) -> {
                    TxnHeader header = TxnHeader.read(JuteReader.over(txn));
                    if (header.type() != OpCode.CLOSE_SESSION || header.cxid() != 0) {
                        return;
                    }
                    long micros = (header.time() - startEpochMillis) * MICROS_PER_MILLI;
                    Long leader = leaders.at(micros);
                    if (leader != null) {
                        expiries.add(
                                new TraceEvent.Proposed(new Stamp(micros, leader, 1), zxid, txn));
                    }
                });
        expiries.sort(Comparator.comparingLong(TraceEvent::micros));
        return expiries;
    }
}
