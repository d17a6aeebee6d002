package io.witan.simulation.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.fault.Damage;
import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.LogImage;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.server.ServerPlan;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.storage.RecoverySettings;
import io.witan.storage.testing.FakeDisk;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.List;

/// What disks do to files while one server of several is down, beside power cuts: whatever it finds
/// when it starts, no promise is broken, and in the end everybody is served.
class DiskScenariosTest {

    /// Two servers at a time can be down, so nobody else may have lost anything.
    private static final ScenarioRuns RUNS =
            ScenarioRuns.of(Profile.DISK).without(FaultKind.DAMAGE, FaultKind.NEW_DISK);

    /// Silently left out, or taken for something else, it would break D4, D5 or X1; and a server
    /// that does not start could not be brought up to date.
    @ParameterizedTest
    @EnumSource(
            value = Damage.class,
            names = {"END_BYTE", "PAYLOAD", "LENGTH", "ZEROS", "MISDIRECTED", "SHORT_LOG"})
    void a_log_that_is_damaged_costs_the_vote_and_nothing_else(Damage damage) {
        Struck struck = new Struck(damage, false);
        RUNS.spoilingServer2(struck).areClean(3, struck);
    }

    @Test
    void ZK_2325_3644_snapshots_that_are_bad_cost_the_vote_and_nothing_else() {
        Struck struck = new Struck(Damage.BAD_SNAPSHOTS, false);
        RUNS.spoilingServer2(struck).areClean(3, struck);
    }

    /// The one before it will do, with the log behind it.
    @Test
    void ZK_2325_a_snapshot_that_is_half_written_costs_nothing() {
        Struck struck = new Struck(Damage.HALF_SNAPSHOT, true);
        RUNS.spoilingServer2(struck).areClean(3, struck);
    }

    @Test
    void a_torn_tail_costs_nothing() {
        Struck struck = new Struck(Damage.TORN_TAIL, true);
        RUNS.spoilingServer2(struck).areClean(10, struck);
    }

    /// What the checkers would see if a log were read up to the first damage and no further.
    @Test
    void what_is_left_out_in_silence_is_seen() {
        Struck struck = new Struck(Damage.FORGOTTEN_TAIL, true);
        RUNS.spoilingServer2(struck).areCaught(struck, "D4", "D5", "D7");
    }

    /// It may stand before a wrong directory: it does not begin anew, and does not start. The
    /// others do without it.
    @ParameterizedTest
    @EnumSource(
            value = Damage.class,
            names = {"NO_SNAPSHOTS", "EMPTY_SNAPSHOTS", "HALF_SNAPSHOTS"})
    void ZK_2325_3056_without_its_snapshots_a_server_does_not_begin_anew(Damage damage) {
        NoStart refused = new NoStart(damage);
        RUNS.spoilingServer2(refused).areClean(3, refused);
    }

    @Test
    void ZK_3056_3781_logs_without_a_snapshot_are_enough_if_the_operator_says_so() {
        OnlyLogs trusted = new OnlyLogs();
        RUNS.spoilingServer2(trusted).areClean(3, trusted);
    }

    /// Strikes the first few times that the server is down.
    private static final class Struck extends Scenario implements HostMutation {

        private static final int MAX = 4;

        private final Damage damage;
        private final boolean votes;
        private int strikes;
        private boolean isStruck;

        /// @param votes whether the server is to keep its vote
        Struck(Damage damage, boolean votes) {
            this.damage = damage;
            this.votes = votes;
        }

        @Override
        void begins(RunPlan plan) {
            strikes = 0;
            isStruck = false;
        }

        @Override
        public boolean whileDown(FakeDisk disk) {
            if (isStruck || strikes == MAX || isMarked(disk) || !damage.strike(disk)) {
                return false;
            }
            strikes++;
            isStruck = true;
            return !votes;
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Started e && e.sid() == 2 && isStruck) {
                isStruck = false;
                times += e.mayVote() == votes ? 1 : 0;
                if (votes && !e.mayVote()) {
                    violated(verdict, "the vote is lost");
                }
            }
        }
    }

    /// Whether it takes part without a vote anyway.
    private static boolean isMarked(FakeDisk disk) {
        return hasFile(disk, "witan.damaged");
    }

    private static boolean hasFile(FakeDisk disk, String prefix) {
        try {
            return disk.list(LogImage.FILES).stream().anyMatch(name -> name.startsWith(prefix));
        } catch (IOException e) {
            return false;
        }
    }

    /// All snapshots are gone, for good.
    private static final class NoStart extends Scenario implements HostMutation {

        private final Damage damage;
        private boolean isStruck;

        NoStart(Damage damage) {
            this.damage = damage;
        }

        @Override
        void begins(RunPlan plan) {
            isStruck = false;
        }

        @Override
        public boolean whileDown(FakeDisk disk) {
            isStruck = isStruck || (!isMarked(disk) && damage.strike(disk));
            return isStruck;
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Started e && e.sid() == 2 && isStruck) {
                violated(verdict, "starts with " + Zxids.hex(e.lastZxid()));
            }
        }

        @Override
        void ended(Result result) {
            times += isStruck ? 1 : 0;
        }
    }

    /// A server of 3.4 had not taken a snapshot: its logs begin with the first transaction. What
    /// starts from them takes one.
    private static final class OnlyLogs extends Scenario implements HostMutation {

        private boolean isStruck;
        private boolean hasStarted;

        @Override
        void begins(RunPlan plan) {
            isStruck = false;
            hasStarted = false;
        }

        @Override
        public ServerPlan plan(ServerPlan plan) {
            return plan.withStorage(plan.storage().withRecovery(new RecoverySettings(true, false)));
        }

        @Override
        public boolean whileDown(FakeDisk disk) {
            if (hasStarted) {
                assertThat(hasFile(disk, "snapshot.")).as("a snapshot after a start").isTrue();
            }
            hasStarted = false;
            List<LogImage> logs = LogImage.all(disk);
            boolean all =
                    !logs.isEmpty()
                            && logs.getFirst().records() > 0
                            && logs.getFirst().zxid(0) == Zxids.startOf(1) + 1;
            isStruck |= all && !isMarked(disk) && Damage.NO_SNAPSHOTS.strike(disk);
            return false;
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Started e && e.sid() == 2 && isStruck) {
                isStruck = false;
                hasStarted = true;
                times++;
                if (!e.mayVote()) {
                    violated(verdict, "the vote is lost");
                }
            }
        }
    }
}
