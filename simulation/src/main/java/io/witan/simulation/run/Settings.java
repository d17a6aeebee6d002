package io.witan.simulation.run;

import io.witan.replica.ConnectThrottle;
import io.witan.replica.ContainerSweep;
import io.witan.replica.ReplicaSettings;
import io.witan.replica.member.MemberSettings;
import io.witan.replica.write.WriteRules;
import io.witan.simulation.client.ClientProfile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.ServerPlan;
import io.witan.simulation.world.Chance;
import io.witan.storage.EnsembleStoreSettings;
import io.witan.storage.LogSettings;
import io.witan.storage.RecoverySettings;
import io.witan.tree.TreeSettings;
import io.witan.wire.config.Address;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.Member;
import io.witan.zab.PeerSettings;

import java.util.ArrayList;
import java.util.List;

/// The settings of servers and clients that follow from a plan.
final class Settings {

    private static final int FIELD_BYTES_MAX = 1 << 20;
    private static final int HISTORY_BYTES_MAX = 1 << 20;
    private static final int BACKLOG_BYTES_MAX = 256 << 10;
    private static final int SNAPSHOT_UNSENT_BYTES = 32 << 10;
    private static final int READ_ONLY_TICKS = 2;

    private final RunPlan plan;

    Settings(RunPlan plan) {
        this.plan = plan;
    }

    /// All servers, voters first.
    List<Long> sids() {
        List<Long> sids = new ArrayList<>();
        for (long sid = 1; sid <= plan.voters() + plan.observers(); sid++) {
            sids.add(sid);
        }
        return sids;
    }

    EnsembleConfig config() {
        List<Member> members = new ArrayList<>();
        for (long sid : sids()) {
            members.add(
                    member(
                            sid,
                            sid <= plan.voters() ? Member.Role.PARTICIPANT : Member.Role.OBSERVER));
        }
        return EnsembleConfig.majority(members, 0);
    }

    static Member member(long sid, Member.Role role) {
        return new Member(
                sid, List.of(new Address("s" + sid, 2888, 3888)), role, "s" + sid + ":2181");
    }

    ServerPlan server(long sid) {
        PeerSettings peer = peer(sid);
        return new ServerPlan(
                sid,
                new MemberSettings(
                        peer,
                        replica(sid),
                        new WriteRules(true, true, plan.reconfigurations()),
                        FIELD_BYTES_MAX,
                        true),
                new TreeSettings(true, false, true, 7 * sid),
                EnsembleStoreSettings.DEFAULT
                        .withRecovery(new RecoverySettings(false, plan.autocreate()))
                        .withLog(new LogSettings(4096, 0, true, true, 1_000_000_000L, 16 << 10))
                        .withRecent(plan.historyCountMax(), HISTORY_BYTES_MAX),
                config(),
                plan.reconfigurations(),
                new ServerPlan.Snapshots(plan.snapshotTxns(), 3),
                new ServerPlan.Backlogs(
                        plan.clientOutputBytes(), SNAPSHOT_UNSENT_BYTES, BACKLOG_BYTES_MAX));
    }

    private PeerSettings peer(long sid) {
        var ticks =
                new PeerSettings.Ticks(
                        plan.tickMillis(), plan.initLimit(), plan.syncLimit(), plan.initLimit());
        var times = PeerSettings.ElectionTimes.STANDARD;
        var leadership = PeerSettings.Leadership.STANDARD;
        var catchUp = PeerSettings.CatchUp.STANDARD;
        return new PeerSettings(
                sid,
                ticks,
                new PeerSettings.ElectionTimes(
                        times.finalizeWaitMillis(),
                        times.notifyMillisMin(),
                        times.notifyMillisMax(),
                        plan.readOnlyMode() ? READ_ONLY_TICKS * plan.tickMillis() : -1),
                new PeerSettings.Membership(
                        plan.reconfigurations(),
                        PeerSettings.Membership.STANDARD.standaloneEnabled()),
                new PeerSettings.Leadership(
                        plan.counterMax(), leadership.waitForEpochMillisMax(), BACKLOG_BYTES_MAX),
                new PeerSettings.CatchUp(
                        plan.historyCountMax(),
                        HISTORY_BYTES_MAX,
                        plan.diskSyncBytesMax(),
                        plan.forceSnapshotSync(),
                        catchUp.snapshotSyncsMax(),
                        catchUp.diffSyncsMax()),
                plan.observerMasters(),
                plan.own());
    }

    private ReplicaSettings replica(long sid) {
        int tick = plan.tickMillis();
        return new ReplicaSettings(
                sid,
                tick,
                2 * tick,
                20 * tick,
                plan.localSessions(),
                plan.localSessions(),
                1000,
                64 << 20,
                -1,
                100 << 20,
                FIELD_BYTES_MAX,
                64 << 20,
                List.of(),
                ConnectThrottle.Settings.OFF,
                new ContainerSweep.Settings(30L * tick, 10_000, 0));
    }

    ClientProfile client(Chance chance, boolean calm) {
        int timeout = plan.tickMillis() * chance.between(2, 10);
        return new ClientProfile(
                timeout,
                plan.thinkMicros(),
                calm ? 1 : chance.between(1, 9),
                calm ? 0 : chance.between(0, 0.02),
                calm ? 0 : chance.between(0, 0.5),
                calm ? 0 : chance.between(0, 0.01),
                chance.between(0, 0.005),
                calm ? 0 : chance.between(0, 0.1),
                calm ? 0 : chance.between(0, 0.5),
                plan.readOnlyMode() && chance.hit(0.5),
                chance.hit(0.8),
                chance.hit(0.5),
                chance.hit(0.3),
                plan.permissions() && !plan.reconfigurations(),
                plan.reconfigurations());
    }
}
