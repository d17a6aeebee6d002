package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.Zxids;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// V1 to V3 and C6, progress: when faults are over, there is a leader and every client has a write
/// answered within the bound; at the end all servers of the core hold what was acknowledged; and no
/// server stops by a check of its own.
final class LivenessChecker implements Checker {

    private final Facts facts;
    private final Model model;

    /// Clients that have had no write answered since faults are over.
    private final SortedSet<Integer> unserved = new TreeSet<>();

    /// Clients whose write of the time before was answered: that does not count.
    private final SortedMap<Long, Long> censuses = new TreeMap<>();

    private boolean reported;
    private long acknowledged;

    LivenessChecker(Facts facts, Model model) {
        this.facts = facts;
        this.model = model;
    }

    @Override
    public String invariant() {
        return "V1 V2 V3 C6";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Broke e -> verdict.violated("V3", "a server stops: " + e.what());
            case TraceEvent.Healed e -> unserved.addAll(e.clients());
            case TraceEvent.Replied e -> replied(e);
            case TraceEvent.Census e -> censuses.put(e.sid(), e.zxid());
            case TraceEvent.Ended e -> ended(verdict);
            default -> {
                // Time goes on.
            }
        }
        TraceEvent.Healed healed = facts.healed();
        if (healed != null
                && !reported
                && !unserved.isEmpty()
                && event.micros() > healed.micros() + healed.boundMicros()) {
            reported = true;
            verdict.violated("V1", "clients " + unserved + " are not served: " + states());
        }
    }

    private void replied(TraceEvent.Replied e) {
        Model.Asked asked = model.asked(e.sessionId(), e.xid());
        if (asked == null || !ReplyChecker.isWrite(asked.request().type())) {
            return;
        }
        acknowledged = Math.max(acknowledged, e.zxid());
        TraceEvent.Healed healed = facts.healed();
        if (healed != null && asked.at().micros() >= healed.micros()) {
            unserved.remove(e.client());
        }
    }

    private void ended(Verdict verdict) {
        TraceEvent.Healed healed = facts.healed();
        if (healed == null) {
            return;
        }
        SortedSet<Long> versions = new TreeSet<>();
        for (long sid : healed.core()) {
            EnsembleConfig config = facts.server(sid).committedConfig;
            if (config != null) {
                versions.add(config.version());
            }
            Long zxid = censuses.get(sid);
            if (zxid != null && zxid < acknowledged) {
                verdict.violated(
                        "V2",
                        "server "
                                + sid
                                + " is at "
                                + Zxids.hex(zxid)
                                + " at the end, "
                                + Zxids.hex(acknowledged)
                                + " was acknowledged");
            }
        }
        sameConfig(versions, verdict);
    }

    private static void sameConfig(SortedSet<Long> versions, Verdict verdict) {
        if (versions.size() > 1) {
            verdict.violated(
                    "C6", "at the end servers have configurations of versions " + versions);
        }
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        for (ServerFact server : facts.servers()) {
            states.add(
                    "s"
                            + server.sid
                            + (server.isUp ? " " + server.state : " down")
                            + (server.servingEpoch >= 0 ? " serving" : ""));
        }
        return states;
    }
}
