package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Z6, Z8, P1, P2, P3: the histories that leaders begin with and that learners adopt.
final class PrimaryChecker implements Checker {

    private final Facts facts;

    PrimaryChecker(Facts facts) {
        this.facts = facts;
    }

    @Override
    public String invariant() {
        return "Z6 Z8 P1 P2 P3";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Established e -> {
                String missing = missingOf(facts.history(), facts.server(e.sid()).log, e.epoch());
                if (missing != null) {
                    verdict.violated(
                            "P3", "the leader of epoch " + e.epoch() + " does not have " + missing);
                }
            }
            case TraceEvent.Activated e -> activated(e, verdict);
            case TraceEvent.PacketSent e
                    when e.packet().type() == PacketType.ACK
                            && Zxids.counter(e.packet().zxid()) == 0 ->
                    adopted(e, Zxids.epoch(e.packet().zxid()), verdict);
            default -> {
                // No history is adopted.
            }
        }
    }

    /// The committed history must be the beginning of the leader's log: everything that anybody has
    /// delivered, and with the same content. Now that a quorum has adopted it, no later leader can
    /// have committed anything of an earlier epoch that is not in it.
    private void activated(TraceEvent.Activated e, Verdict verdict) {
        ServerFact leader = facts.server(e.sid());
        String missing = missingOf(facts.history(), leader.log, e.epoch(), Long.MAX_VALUE);
        if (missing != null) {
            verdict.violated(
                    "Z6", "epoch " + e.epoch() + " begins, its primary does not have " + missing);
        }
        // A later epoch may have begun already, where the word of the quorum took its time.
        long before = facts.history().floor(Zxids.startOf(e.epoch()));
        if (leader.log.last() < before) {
            verdict.violated(
                    "P2",
                    "the committed log shrinks: from "
                            + Zxids.hex(before)
                            + " to "
                            + Zxids.hex(leader.log.last()));
        }
    }

    /// A learner says that it has what the new epoch begins with.
    private void adopted(TraceEvent.PacketSent e, long epoch, Verdict verdict) {
        LinkFact link = facts.link(e.sid(), e.link());
        if (link == null || link.asLeader) {
            return;
        }
        ServerFact learner = facts.server(e.sid());
        String missing = missingOf(facts.history(), learner.log, epoch);
        if (missing != null) {
            verdict.violated("Z8", "epoch " + epoch + " is adopted, the history lacks " + missing);
        }
        ServerFact leader = facts.server(link.peerSid);
        if (!leader.isUp || !leader.isLeading() || leader.currentEpoch != epoch) {
            return; // It has moved on since.
        }
        String stray = stray(learner.log, leader.log);
        if (stray != null) {
            verdict.violated(
                    "P1",
                    "the log of server " + e.sid() + " is no prefix of its leader's: " + stray);
        }
    }

    /// What was committed in earlier epochs and is not in the server's log; null for nothing. What
    /// an earlier leader had left behind and a later one than this epoch's has committed does not
    /// count: this epoch may end, late, without a quorum.
    static @Nullable String missingOf(HistoryFact history, HistoryFact log, long epoch) {
        return missingOf(history, log, epoch, epoch);
    }

    private static @Nullable String missingOf(
            HistoryFact history, HistoryFact log, long epoch, long committedBefore) {
        int at = 0;
        for (int i = history.indexAfter(log.base()); i < history.size(); i++) {
            LogEntryFact committed = history.get(i);
            if (Zxids.epoch(committed.zxid()) >= epoch) {
                return null;
            }
            if (committed.committedIn() >= committedBefore) {
                continue;
            }
            // Nearly always the next one.
            if (at >= log.size() || log.get(at).zxid() != committed.zxid()) {
                at = log.indexAfter(committed.zxid()) - 1;
            }
            if (at < 0 || log.get(at).zxid() != committed.zxid()) {
                return Zxids.hex(committed.zxid());
            }
            LogEntryFact own = log.get(at++);
            if (!Arrays.equals(own.txn(), committed.txn())) {
                return Zxids.hex(committed.zxid()) + " as it was committed";
            }
        }
        return null;
    }

    /// What the log has and the leader's has not; null for nothing.
    private static @Nullable String stray(HistoryFact log, HistoryFact leaders) {
        int at = 0;
        for (int i = log.indexAfter(leaders.base()); i < log.size(); i++) {
            long zxid = log.get(i).zxid();
            if (at >= leaders.size() || leaders.get(at).zxid() != zxid) {
                at = leaders.indexAfter(zxid) - 1;
            }
            if (at < 0 || leaders.get(at).zxid() != zxid) {
                return Zxids.hex(zxid);
            }
            at++;
        }
        return null;
    }
}
