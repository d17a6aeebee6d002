package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.zab.Zxids;

import java.util.SortedMap;
import java.util.TreeMap;

/// L1, L5, S3: writes are linearizable. The committed history is the order; here each transaction
/// is held against the request that it comes from, against real time, and against the order in
/// which its client asked. Feeds the [Model], on which the other checkers of clients rely.
final class HistoryChecker implements Checker {

    private final Facts facts;
    private final Model model;

    /// How much of the history the model has.
    private int taken;

    /// The highest zxid that any client was told.
    private long seen;

    /// The last request of each session in the history.
    private final SortedMap<Long, Model.Written> lastOfSession = new TreeMap<>();

    HistoryChecker(Facts facts, Model model) {
        this.facts = facts;
        this.model = model;
    }

    @Override
    public String invariant() {
        return "L1 L5 S3";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Invoked e ->
                    model.asked(e.sessionId(), new Model.Asked(e.at(), e.xid(), e.request(), seen));
            case TraceEvent.ConnectAnswered e -> model.given(e.sessionId());
            case TraceEvent.Replied e -> seen = Math.max(seen, e.zxid());
            default -> {
                // Nothing that clients do.
            }
        }
        takeIn(verdict);
    }

    private void takeIn(Verdict verdict) {
        HistoryFact history = facts.history();
        while (taken < history.size()) {
            LogEntryFact entry = history.get(taken++);
            String wrong = model.committed(entry.zxid(), entry.txn());
            if (wrong != null) {
                verdict.violated(wrong.substring(0, wrong.indexOf(':')), wrong);
            }
            Model.Written written = model.writtenAt(entry.zxid());
            if (written != null) {
                inTime(written, verdict);
                inOrder(written, verdict);
            }
        }
    }

    /// Nobody can have seen it, or anything after it, before it was asked for.
    private static void inTime(Model.Written written, Verdict verdict) {
        Model.Asked asked = written.asked();
        if (asked != null && asked.seenZxid() >= written.zxid()) {
            verdict.violated(
                    "L1",
                    "a request asked after "
                            + Zxids.hex(asked.seenZxid())
                            + " had been seen takes effect before, at "
                            + Zxids.hex(written.zxid()));
        }
    }

    private void inOrder(Model.Written written, Verdict verdict) {
        if (written.isRefused()) {
            return; // No effect, so no order.
        }
        Model.Written before = lastOfSession.put(written.sessionId(), written);
        if (before == null || before.asked() == null || written.asked() == null) {
            return;
        }
        int connectionBefore = before.asked().at().connection();
        int connection = written.asked().at().connection();
        if (connection < connectionBefore) {
            verdict.violated(
                    "S3",
                    "a request of connection "
                            + connection
                            + " takes effect at "
                            + Zxids.hex(written.zxid())
                            + ", after the session has moved to "
                            + connectionBefore);
        } else if (written.xid() <= before.xid()) {
            verdict.violated(
                    "L5",
                    "request "
                            + written.xid()
                            + " takes effect after request "
                            + before.xid()
                            + " of the same session");
        }
    }
}
