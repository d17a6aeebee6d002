package io.witan.simulation.run;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.AgreementView;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/// Counts states and transitions that a run has come through: what is never reached is not tested.
/// Finds fault with nothing but a server that breaks. Names have their group before a colon.
///
/// A server's state is its role and how far it has come in it:
///
/// ```
///   down -> LOOKING -> LEADING discovery   -> LEADING synchronisation   -> LEADING broadcast
///                   -> FOLLOWING discovery -> FOLLOWING synchronisation -> FOLLOWING broadcast
///                   -> OBSERVING discovery -> OBSERVING synchronisation -> OBSERVING broadcast
/// ```
final class Coverage implements Checker {

    private enum Phase {
        DISCOVERY,
        SYNCHRONISATION,
        BROADCAST;

        final String text = " " + name().toLowerCase(Locale.ROOT);
    }

    private static final String DOWN = "down";

    /// Of each server.
    private final Map<Long, String> states = new HashMap<>();

    private final Map<Long, AgreementView.State> roles = new HashMap<>();

    /// Texts that have been put together before.
    private final Map<Integer, String> packets = new HashMap<>();

    private final Map<Integer, String> requests = new HashMap<>();
    private final Map<Integer, String> answers = new HashMap<>();

    @Override
    public String invariant() {
        return "own checks";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.PacketSent e -> {
                count(packets, e.packet().type(), Coverage::packet, verdict);
                synchronises(e.sid(), AgreementView.State.LEADING, e.packet().type(), verdict);
            }
            case TraceEvent.PacketReceived e -> {
                synchronises(e.sid(), AgreementView.State.FOLLOWING, e.packet().type(), verdict);
                synchronises(e.sid(), AgreementView.State.OBSERVING, e.packet().type(), verdict);
            }
            case TraceEvent.Invoked e ->
                    count(requests, e.request().type(), Coverage::request, verdict);
            case TraceEvent.Replied e -> count(answers, e.err(), Coverage::answer, verdict);
            case TraceEvent.StateChanged e -> changed(e, verdict);
            case TraceEvent.Broke e -> {
                moves(e.sid(), DOWN, verdict);
                verdict.violated("own checks", e.what());
            }
            case TraceEvent.Crashed e -> moves(e.sid(), DOWN, verdict);
            case TraceEvent.Activated e -> {
                verdict.reached("leader activated");
                comes(e.sid(), Phase.BROADCAST, verdict);
            }
            case TraceEvent.Established _ -> verdict.reached("leader established");
            case TraceEvent.Following e -> {
                verdict.reached(e.observer() ? "observer serves" : "follower serves");
                comes(e.sid(), Phase.BROADCAST, verdict);
            }
            case TraceEvent.StartedReadOnly _ -> verdict.reached("read-only serves");
            case TraceEvent.Truncated _ -> verdict.reached("log truncated");
            case TraceEvent.SnapshotStored e ->
                    verdict.reached(
                            e.received() ? "snapshot from leader stored" : "own snapshot stored");
            case TraceEvent.TreeLoaded e ->
                    verdict.reached(e.fromDisk() ? "tree reloaded" : "tree from leader");
            case TraceEvent.Started e ->
                    verdict.reached(e.mayVote() ? "start" : "start without vote");
            case TraceEvent.DiskFailed _ -> verdict.reached("disk refused");
            default -> {
                // Many kinds, of which these say what was reached.
            }
        }
    }

    private static void count(
            Map<Integer, String> known, int type, IntFunction<String> text, Verdict verdict) {
        verdict.reached(known.computeIfAbsent(type, text::apply));
    }

    private static String packet(int type) {
        return "packets: " + PacketType.name(type);
    }

    private static String request(int type) {
        return "requests: " + OpCode.name(type);
    }

    private static String answer(int err) {
        return "answers: " + ErrorCode.name(err);
    }

    private void changed(TraceEvent.StateChanged e, Verdict verdict) {
        if (roles.put(e.sid(), e.state()) == e.state() && !isDown(e.sid())) {
            return;
        }
        boolean looks = e.state() == AgreementView.State.LOOKING;
        moves(e.sid(), looks ? "LOOKING" : e.state() + Phase.DISCOVERY.text, verdict);
    }

    private boolean isDown(long sid) {
        return DOWN.equals(states.getOrDefault(sid, DOWN));
    }

    /// DIFF, TRUNC or SNAP begins synchronisation: sent by a leader, received by a learner.
    private void synchronises(long sid, AgreementView.State role, int type, Verdict verdict) {
        if ((type == PacketType.DIFF || type == PacketType.TRUNC || type == PacketType.SNAP)
                && roles.get(sid) == role
                && states.getOrDefault(sid, DOWN).endsWith(Phase.DISCOVERY.text)) {
            comes(sid, Phase.SYNCHRONISATION, verdict);
        }
    }

    private void comes(long sid, Phase phase, Verdict verdict) {
        moves(sid, roles.get(sid) + phase.text, verdict);
    }

    private void moves(long sid, String state, Verdict verdict) {
        String known = states.put(sid, state);
        String before = known == null ? DOWN : known;
        if (!before.equals(state)) {
            verdict.reached("transitions: " + before + " -> " + state);
        }
    }
}
