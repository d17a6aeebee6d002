package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.zab.Zxids;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// Z1 to Z5 and Z7: what servers deliver is what a primary broadcast, in one order, the same for
/// all.
///
/// The order is that of the committed history: each server's tree is somewhere in it and moves on
/// one transaction at a time. From that agreement (Z2) and prefix consistency (Z7) follow.
final class OrderChecker implements Checker {

    private final Facts facts;

    /// Where each server's tree stands; kept here because the facts have moved on already.
    private final SortedMap<Long, Long> positions = new TreeMap<>();

    OrderChecker(Facts facts) {
        this.facts = facts;
    }

    @Override
    public String invariant() {
        return "Z1 Z2 Z3 Z4 Z5 Z7";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Started e -> positions.put(e.sid(), e.treeZxid());
            case TraceEvent.TreeLoaded e -> positions.put(e.sid(), e.zxid());
            case TraceEvent.Delivered e -> {
                long before = positions.getOrDefault(e.sid(), 0L);
                positions.put(e.sid(), e.zxid());
                broadcast(e, verdict);
                inOrder(e, before, verdict);
            }
            default -> {
                // Nothing is delivered.
            }
        }
    }

    private void broadcast(TraceEvent.Delivered e, Verdict verdict) {
        Facts.ProposalFact proposal = facts.proposal(e.zxid());
        if (proposal == null) {
            verdict.violated("Z1", Zxids.hex(e.zxid()) + " is delivered, nobody proposed it");
            return;
        }
        if (!Arrays.equals(proposal.txn(), e.txn())) {
            verdict.violated("Z1", Zxids.hex(e.zxid()) + " is not what was proposed");
        }
        Long leader = facts.establishedIn(Zxids.epoch(e.zxid()));
        if (leader == null || leader != proposal.sid()) {
            verdict.violated(
                    "Z1",
                    Zxids.hex(e.zxid())
                            + " was proposed by server "
                            + proposal.sid()
                            + ", the epoch is that of "
                            + leader);
        }
    }

    private void inOrder(TraceEvent.Delivered e, long before, Verdict verdict) {
        if (Zxids.epoch(e.zxid()) < Zxids.epoch(before)) {
            verdict.violated(
                    "Z5", Zxids.hex(e.zxid()) + " is delivered after " + Zxids.hex(before));
        }
        if (Zxids.epoch(e.zxid()) == Zxids.epoch(before) && e.zxid() != before + 1) {
            verdict.violated(
                    "Z4",
                    Zxids.hex(e.zxid())
                            + " is delivered after "
                            + Zxids.hex(before)
                            + ", not in the order of its primary");
        }
        HistoryFact history = facts.history();
        LogEntryFact agreed = history.find(e.zxid());
        if (agreed == null) {
            verdict.violated(
                    "Z3",
                    Zxids.hex(e.zxid())
                            + " is delivered, the history is at "
                            + Zxids.hex(history.last())
                            + " without it");
            return;
        }
        if (!Arrays.equals(agreed.txn(), e.txn())) {
            verdict.violated("Z7", Zxids.hex(e.zxid()) + " is something else elsewhere");
        }
        if (!history.passes(before)) {
            verdict.violated(
                    "Z2",
                    "the tree held " + Zxids.hex(before) + ", which the history does not have");
        } else if (history.floor(e.zxid() - 1) != history.floor(before)) {
            verdict.violated(
                    "Z3",
                    Zxids.hex(e.zxid())
                            + " is delivered after "
                            + Zxids.hex(before)
                            + ", the history has "
                            + Zxids.hex(history.floor(e.zxid() - 1))
                            + " between");
        }
    }
}
