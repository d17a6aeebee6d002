package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.zab.Zxids;

import java.util.HashMap;
import java.util.Map;

/// X1: trees are equal at equal zxids, whatever way they came there: transaction by transaction, by
/// a snapshot from the leader, from disk.
final class DigestChecker implements Checker {

    private record Seen(long digest, Stamp at) {

        String where() {
            return "server " + at.sid() + "." + at.incarnation();
        }
    }

    private final Map<Long, Seen> digests = new HashMap<>();

    @Override
    public String invariant() {
        return "X1";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Started e -> {
                if (!e.wasEmpty()) {
                    is(e, e.treeZxid(), e.treeDigest(), verdict);
                }
            }
            case TraceEvent.TreeIs e -> is(e, e.zxid(), e.digest(), verdict);
            case TraceEvent.TreeLoaded e -> is(e, e.zxid(), e.digest(), verdict);
            default -> {
                // No tree is shown.
            }
        }
    }

    private void is(TraceEvent.OnServer event, long zxid, long digest, Verdict verdict) {
        if (Zxids.counter(zxid) == 0) {
            return; // The beginning of an epoch: the same tree as the last one of those before.
        }
        Seen now = new Seen(digest, event.at());
        Seen before = digests.putIfAbsent(zxid, now);
        if (before != null && before.digest() != digest) {
            verdict.violated(
                    "X1",
                    "at "
                            + Zxids.hex(zxid)
                            + " the tree of "
                            + now.where()
                            + " has digest "
                            + Long.toHexString(digest)
                            + ", that of "
                            + before.where()
                            + " had "
                            + Long.toHexString(before.digest()));
        }
    }
}
