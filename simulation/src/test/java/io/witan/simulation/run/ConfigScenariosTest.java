package io.witan.simulation.run;

import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.Configuration;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.server.ServerPlan;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.Request;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who changes configurations, and where they get to.
class ConfigScenariosTest {

    @Test
    void ZK_3829_3814_2819_where_reconfiguration_is_disabled_no_configuration_spreads() {
        ScenarioRuns.of(Profile.DEFAULT)
                .where(plan -> !plan.reconfigurations())
                .spoiling(_ -> new LeftBehind())
                .watchedAlone()
                .areClean(20, new EachHasItsOwn());
    }

    @Test
    void ZK_3829_one_that_spreads_is_seen() {
        ScenarioRuns.of(Profile.DEFAULT)
                .where(plan -> plan.reconfigurations() && plan.voters() > 1)
                .spoiling(_ -> new LeftBehind())
                .watchedAlone()
                .areCaught(new EachHasItsOwn(), Scenario.INVARIANT);
    }

    @Test
    void ZK_2014_nobody_reconfigures_who_may_not() {
        ScenarioRuns.of(Profile.RECONFIG)
                .spoiling(_ -> new AsksForPermission())
                .watchedAlone()
                .areClean(20, new NobodyMay());
    }

    @Test
    void ZK_2014_one_that_anybody_changes_is_seen() {
        ScenarioRuns.of(Profile.RECONFIG)
                .watchedAlone()
                .areCaught(new NobodyMay(), Scenario.INVARIANT);
    }

    @Test
    void ZK_2865_1992_a_restart_keeps_the_configuration() {
        ScenarioRuns.of(Profile.RECONFIG).areClean(20, new ConfigurationStays());
    }

    @Test
    void ZK_2865_one_that_is_forgotten_is_seen() {
        ScenarioRuns.of(Profile.RECONFIG)
                .spoiling(_ -> new Forgetful())
                .areCaught(new ConfigurationStays(), Scenario.INVARIANT);
    }

    /// What each server has in its file is of another version, from a time when membership could be
    /// changed.
    private static final class LeftBehind implements HostMutation {

        @Override
        public ServerPlan plan(ServerPlan plan) {
            return plan.withInitialConfig(plan.initialConfig().withVersion(plan.sid()));
        }
    }

    private static final class EachHasItsOwn extends Scenario {

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.ConfigsAre e) {
                if (e.committed().version() != e.sid() || e.lastSeen().version() != e.sid()) {
                    violated(
                            verdict,
                            "server %d has configuration %s and has seen %s"
                                    .formatted(
                                            e.sid(),
                                            Zxids.hex(e.committed().version()),
                                            Zxids.hex(e.lastSeen().version())));
                }
            } else if (event instanceof TraceEvent.Following) {
                times++;
            }
        }
    }

    private static final class AsksForPermission implements HostMutation {

        @Override
        public ServerPlan plan(ServerPlan plan) {
            return plan.withSkipAcl(false);
        }
    }

    /// Only who may write the znode of the configuration, and that is nobody here.
    private static final class NobodyMay extends Scenario {

        /// By client: the numbers of its requests.
        private final Map<Integer, Set<Integer>> asked = new TreeMap<>();

        @Override
        void begins(RunPlan plan) {
            asked.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Invoked e when e.request() instanceof Request.Reconfig ->
                        asked.computeIfAbsent(e.client(), _ -> new TreeSet<>()).add(e.xid());
                case TraceEvent.Replied e
                        when asked.getOrDefault(e.client(), Set.of()).contains(e.xid()) -> {
                    if (e.err() == ErrorCode.OK) {
                        violated(verdict, "client " + e.client() + " changes the membership");
                    }
                    times += e.err() == ErrorCode.NO_AUTH ? 1 : 0;
                }
                default -> {}
            }
        }
    }

    private static final class Forgetful implements HostMutation {

        @Override
        public boolean whileDown(FakeDisk disk) {
            Configuration.forget(disk);
            return false;
        }
    }

    /// What is handed to the disk is done in order. So a configuration is there once a transaction
    /// is that was handed over later.
    private static final class ConfigurationStays extends Scenario {

        private final Map<Long, Files> files = new TreeMap<>();

        private static final class Files {
            private long inForce;
            private long appendedSince = Long.MAX_VALUE;
            private long durable;
            private boolean hasStarted;
        }

        @Override
        void begins(RunPlan plan) {
            files.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.OnServer e) {
                onServer(e, files.computeIfAbsent(e.sid(), _ -> new Files()), verdict);
            }
        }

        private void onServer(TraceEvent.OnServer event, Files of, Verdict verdict) {
            switch (event) {
                case TraceEvent.Started _ -> {
                    of.hasStarted = true;
                    of.appendedSince = Long.MAX_VALUE;
                }
                case TraceEvent.ConfigsAre e -> {
                    long version = e.committed().version();
                    if (of.hasStarted) {
                        of.hasStarted = false;
                        times += of.durable > 0 ? 1 : 0;
                        if (version < of.durable) {
                            violated(
                                    verdict,
                                    "server %d starts with configuration %s and had %s"
                                            .formatted(
                                                    e.sid(),
                                                    Zxids.hex(version),
                                                    Zxids.hex(of.durable)));
                        }
                    }
                    if (version > of.inForce) {
                        of.appendedSince = Long.MAX_VALUE;
                    }
                    of.inForce = version;
                }
                case TraceEvent.Appended e ->
                        of.appendedSince = Math.min(of.appendedSince, e.zxid());
                case TraceEvent.Durable e -> {
                    if (e.zxid() >= of.appendedSince) {
                        of.durable = of.inForce;
                    }
                }
                default -> {}
            }
        }
    }
}
