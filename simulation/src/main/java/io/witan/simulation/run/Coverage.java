package io.witan.simulation.run;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.AgreementView;

import java.util.Map;
import java.util.TreeMap;

/// Counts states and transitions that a run has come through: what is never reached is not tested.
/// Finds fault with nothing but a server that breaks.
final class Coverage implements Checker {

    private final Map<Long, AgreementView.State> states = new TreeMap<>();

    @Override
    public String invariant() {
        return "own checks";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Broke e -> verdict.violated("own checks", e.what());
            case TraceEvent.StateChanged e -> changed(e, verdict);
            case TraceEvent.Activated _ -> verdict.reached("leader activated");
            case TraceEvent.Established _ -> verdict.reached("leader established");
            case TraceEvent.Following e ->
                    verdict.reached(e.observer() ? "observer serves" : "follower serves");
            case TraceEvent.StartedReadOnly _ -> verdict.reached("read-only serves");
            case TraceEvent.Truncated _ -> verdict.reached("log truncated");
            case TraceEvent.SnapshotStored e ->
                    verdict.reached(
                            e.received() ? "snapshot from leader stored" : "own snapshot stored");
            case TraceEvent.TreeLoaded e ->
                    verdict.reached(e.fromDisk() ? "tree reloaded" : "tree from leader");
            case TraceEvent.Started e -> {
                states.remove(e.sid());
                verdict.reached(e.mayVote() ? "start" : "start without vote");
            }
            case TraceEvent.DiskFailed _ -> verdict.reached("disk refused");
            case TraceEvent.PacketSent e ->
                    verdict.reached("packet " + PacketType.name(e.packet().type()));
            default -> {
                // Many kinds, of which these say what was reached.
            }
        }
    }

    private void changed(TraceEvent.StateChanged e, Verdict verdict) {
        AgreementView.State before = states.put(e.sid(), e.state());
        if (before != null && before != e.state()) {
            verdict.reached("%s -> %s".formatted(before, e.state()));
        }
    }
}
