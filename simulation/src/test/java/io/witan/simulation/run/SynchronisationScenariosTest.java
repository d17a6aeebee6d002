package io.witan.simulation.run;

import io.witan.replica.member.MemberSettings;
import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.net.Weather;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.server.ServerPlan;
import io.witan.simulation.trace.DelegatingAgreement;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.storage.Disk;
import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;
import io.witan.zab.PeerSettings;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What takes long, or is refused, between a leader and those who join it.
class SynchronisationScenariosTest {

    private static final int TICK_MILLIS = 200;
    private static final int INIT_LIMIT = 2;

    private static final Weather FAR_AWAY = new Weather(20_000, 1_000, 0, 1, 100_000, 0.01, 0, 0);

    /// Everybody who was away is sent a snapshot, a few bytes at a time. None of these is on its
    /// way for so long that the leader seems silent.
    private static final ScenarioRuns SLOW_SNAPSHOTS =
            ScenarioRuns.of(Profile.DEFAULT)
                    .only(FaultKind.KILL, FaultKind.BLACKOUT)
                    .where(plan -> plan.voters() > 1 && !plan.reconfigurations())
                    .where(plan ->
                            plan.forceSnapshotSync()
                                    || (plan.historyCountMax() == 1
                                            && plan.diskSyncBytesMax() == 0))
                    .planned(plan -> plan.withWeather(FAR_AWAY))
                    .spoiling(_ -> new SlowSnapshots());

    @Test
    void ZK_1697_a_snapshot_may_take_longer_than_initLimit() {
        SLOW_SNAPSHOTS.areClean(5, new LongSnapshots());
    }

    @Test
    void ZK_1697_one_that_is_given_up_is_seen() {
        SLOW_SNAPSHOTS
                .agreeing(_ -> SeesNoProgress::new)
                .areCaught(new LongSnapshots(), Scenario.INVARIANT);
    }

    @Test
    void ZK_3701_a_truncation_that_the_disk_refuses_ends_the_server() {
        Refusals refusals = new Refusals();
        ScenarioRuns.of(Profile.NETWORK).spoiling(refusals::disk).areClean(3, refusals);
    }

    private static final class SlowSnapshots implements HostMutation {

        @Override
        public ServerPlan plan(ServerPlan plan) {
            MemberSettings member = plan.member();
            ServerPlan.Backlogs backlogs = plan.backlogs();
            return plan.withBacklogs(
                            new ServerPlan.Backlogs(
                                    backlogs.clientOutput(), 20, backlogs.learnerMax()))
                    .withMember(
                            new MemberSettings(
                                    member.peer()
                                            .with(
                                                    new PeerSettings.Ticks(
                                                            TICK_MILLIS,
                                                            INIT_LIMIT,
                                                            10,
                                                            INIT_LIMIT)),
                                    member.replica(),
                                    member.rules(),
                                    member.snapshotFieldBytesMax(),
                                    member.leaderServes()));
        }
    }

    private static final class SeesNoProgress extends DelegatingAgreement {

        SeesNoProgress(Agreement inner) {
            super(inner);
        }

        @Override
        public void snapshotAdvanced(long link) {
            // Only the end counts.
        }
    }

    /// None is given up in the middle.
    private static final class LongSnapshots extends Scenario {

        /// By server: the link on which a snapshot is coming, and since when.
        private final Map<Long, Coming> coming = new TreeMap<>();

        private record Coming(long link, long sinceMicros) {}

        @Override
        void begins(RunPlan plan) {
            coming.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.PacketReceived e -> {
                    if (e.packet().type() == PacketType.SNAP) {
                        coming.put(e.sid(), new Coming(e.link(), e.micros()));
                    }
                }
                case TraceEvent.SnapshotReceived e -> {
                    Coming whole = coming.remove(e.sid());
                    times += whole != null && isLong(whole, e) ? 1 : 0;
                }
                case TraceEvent.LinkClosed e -> {
                    Coming half = coming.get(e.sid());
                    if (half != null && half.link() == e.link()) {
                        coming.remove(e.sid());
                        if (e.byThisEnd()) {
                            violated(verdict, "server %d gives up a snapshot".formatted(e.sid()));
                        }
                    }
                }
                case TraceEvent.Crashed e -> coming.remove(e.sid());
                default -> {}
            }
        }

        private static boolean isLong(Coming whole, TraceEvent end) {
            return end.micros() - whole.sinceMicros() > INIT_LIMIT * TICK_MILLIS * 1000L;
        }
    }

    /// Each server's disk refuses the first truncation that it carries out.
    private static final class Refusals extends Scenario {

        private final Set<Long> refused = new TreeSet<>();

        @Override
        void begins(RunPlan plan) {
            refused.clear();
        }

        HostMutation disk(long sid) {
            return new HostMutation() {

                private boolean isWanted;
                private boolean hasRefused;

                @Override
                public Disk disk(Disk disk) {
                    isWanted = false;
                    if (disk instanceof FakeDisk files && !hasRefused) {
                        files.faults((operation, _) -> before(operation));
                    }
                    return disk;
                }

                @Override
                public @Nullable Effect carryOut(Effect effect) {
                    isWanted |= effect instanceof Effect.TruncateLog;
                    return effect;
                }

                private void before(Operation operation) throws IOException {
                    boolean cuts = operation == Operation.SET_SIZE || operation == Operation.DELETE;
                    if (isWanted && cuts && !hasRefused) {
                        hasRefused = true;
                        refused.add(sid);
                        throw new IOException("No space left on device");
                    }
                }
            };
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Truncated e -> {
                    if (refused.contains(e.sid())) {
                        violated(verdict, "server " + e.sid() + " passes over the refusal");
                    }
                }
                case TraceEvent.Crashed e -> times += refused.remove(e.sid()) ? 1 : 0;
                default -> {}
            }
        }
    }
}
