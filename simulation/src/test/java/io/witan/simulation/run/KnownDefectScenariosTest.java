package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;

import java.util.Set;
import java.util.TreeSet;

/// Defects of the original that break no promise by themselves, or that lie too deep in a server to
/// be seeded from outside: runs go through the situation, and must not show what it led to. All
/// checkers watch, too.
class KnownDefectScenariosTest {

    @Test
    void ZK_2678_a_change_of_the_leader_does_not_load_the_tree_again() {
        ScenarioRuns.of(Profile.DEFAULT).areClean(10, new TreesAreKept());
    }

    @Test
    void ZK_1622_a_session_is_named_by_the_server_that_began_it() {
        ScenarioRuns.of(Profile.DEFAULT).areClean(10, new SessionsNameTheirServers());
    }

    @Test
    void ZK_3863_3526_readers_leave_no_trace_in_the_log() {
        ScenarioRuns.of(Profile.NETWORK).areClean(5, new ReadersLogNothing());
    }

    @Test
    void ZK_335_1277_2789_the_counter_is_used_up_and_nothing_is_lost() {
        ScenarioRuns.of(Profile.CALM).areClean(2, new CounterIsUsedUp());
    }

    /// Protocol-aware recovery, FAST 2018: logs are damaged on one server at a time and on several.
    @Test
    void CTRL_damaged_logs_cost_no_transaction_and_no_progress() {
        ScenarioRuns.of(Profile.DISK).only(FaultKind.DAMAGE).areClean(3, new LogsAreDamaged());
    }

    /// An epoch ends with its last counter, and the ensemble goes on in another: all promises are
    /// kept.
    private static final class CounterIsUsedUp extends Scenario {

        private long greatest;

        @Override
        void begins(RunPlan plan) {
            greatest = 0;
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Proposed e) {
                greatest = Math.max(greatest, Zxids.counter(e.zxid()));
            }
        }

        @Override
        void ended(Result result) {
            long last = result.plan().counterMax();
            assertThat(greatest).as("seed %d", result.seed()).isLessThanOrEqualTo(last);
            times += greatest == last ? 1 : 0;
        }
    }

    /// A server that has lost the middle of its log starts without a vote: all promises are kept,
    /// and all clients served in the end.
    private static final class LogsAreDamaged extends Scenario {

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Started e && !e.mayVote()) {
                times++;
            }
        }
    }

    /// A tree is loaded from disk again only where it holds what the log has lost, or a part of a
    /// snapshot.
    private static final class TreesAreKept extends Scenario {

        private final Set<Long> spoilt = new TreeSet<>();

        @Override
        void begins(RunPlan plan) {
            spoilt.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Activated _ -> times++;
                case TraceEvent.TruncationAsked e -> spoilt.add(e.sid());
                case TraceEvent.PacketReceived e -> {
                    if (e.packet().type() == PacketType.SNAP) {
                        spoilt.add(e.sid());
                    }
                }
                case TraceEvent.TreeLoaded e -> {
                    boolean had = spoilt.remove(e.sid());
                    if (!had) {
                        violated(verdict, "server " + e.sid() + " loads its tree again");
                    }
                }
                default -> {}
            }
        }
    }

    /// The highest byte of a session's id is the server that its client came to first.
    private static final class SessionsNameTheirServers extends Scenario {

        /// By client: those who have asked for a session.
        private final Set<Integer> fresh = new TreeSet<>();

        @Override
        void begins(RunPlan plan) {
            fresh.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.ConnectAsked e -> {
                    if (e.sessionId() == 0) {
                        fresh.add(e.client());
                    } else {
                        fresh.remove(e.client());
                    }
                }
                case TraceEvent.ConnectAnswered e -> {
                    if (fresh.remove(e.client()) && e.sessionId() != 0) {
                        times++;
                        if (e.sessionId() >>> 56 != e.serverSid()) {
                            violated(
                                    verdict,
                                    "server %d began session 0x%x"
                                            .formatted(e.serverSid(), e.sessionId()));
                        }
                    }
                }
                default -> {}
            }
        }
    }

    /// Between the beginning of read-only mode and the next leader nothing is logged.
    private static final class ReadersLogNothing extends Scenario {

        private final Set<Long> reading = new TreeSet<>();

        @Override
        void begins(RunPlan plan) {
            reading.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.StartedReadOnly e -> {
                    times++;
                    reading.add(e.sid());
                }
                case TraceEvent.StoppedServing e -> reading.remove(e.sid());
                case TraceEvent.Started e -> reading.remove(e.sid());
                case TraceEvent.Appended e -> {
                    if (reading.contains(e.sid())) {
                        violated(verdict, "server " + e.sid() + " logs what readers did");
                    }
                }
                default -> {}
            }
        }
    }
}
