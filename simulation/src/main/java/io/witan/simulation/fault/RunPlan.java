package io.witan.simulation.fault;

import io.witan.simulation.net.Connection;
import io.witan.simulation.net.Weather;
import io.witan.simulation.server.DiskSpeed;
import io.witan.simulation.world.Chance;
import io.witan.zab.PeerSettings;

import java.util.EnumMap;
import java.util.Map;

/// What one run is like, drawn from its seed: some runs are long and calm, others short and brutal.
///
/// @param tickMillis the unit of all time-outs
/// @param historyCountMax transactions that a leader keeps in memory for its learners
/// @param diskSyncBytesMax what a leader reads from its log for a learner; 0 for nothing
/// @param counterMax the last counter of an epoch; small to make epochs end
/// @param snapshotTxns a snapshot is taken after about so many transactions
/// @param observerMasters whether followers take observers
/// @param permissions whether clients take them from each other, where servers check them
/// @param clientOutputBytes bytes under way to a client above which its replies wait
/// @param own what the original does not have
/// @param safetyMicros how long things go wrong
/// @param thinkMicros time between two requests of a client
/// @param perMinute how often each kind of fault happens, in the whole ensemble
public record RunPlan(
        int voters,
        int observers,
        int clients,
        int tickMillis,
        int initLimit,
        int syncLimit,
        int historyCountMax,
        long diskSyncBytesMax,
        boolean forceSnapshotSync,
        long counterMax,
        int snapshotTxns,
        boolean readOnlyMode,
        boolean localSessions,
        boolean reconfigurations,
        boolean autocreate,
        boolean observerMasters,
        boolean permissions,
        int clientOutputBytes,
        PeerSettings.Own own,
        Weather weather,
        DiskSpeed diskSpeed,
        long safetyMicros,
        long thinkMicros,
        Map<FaultKind, Double> perMinute) {

    private static final int[] VOTERS = {1, 2, 3, 3, 3, 3, 3, 4, 5, 5, 5, 6, 7};
    private static final int[] OBSERVERS = {0, 0, 0, 0, 1, 1, 2, 3};
    private static final long MINUTE = 60_000_000;
    private static final long REST_MICROS = 10_000_000;

    public static RunPlan draw(long seed, Profile profile, Limits limits) {
        Chance chance = Chance.of(seed, "plan " + profile.text());
        // What was added later is drawn apart, so that seeds keep their course.
        Chance more = Chance.of(seed, "more of plan " + profile.text());
        boolean calm = profile.isCalm();
        boolean busy = profile == Profile.BRUTAL || profile == Profile.DISK;
        int voters = VOTERS[chance.between(0, VOTERS.length)];
        int observers = OBSERVERS[chance.between(0, OBSERVERS.length)];
        int clients = chance.between(1, 7);
        int drawnTick = chance.pick(java.util.List.of(200, 500, 1000, 2000, 2000));
        // With shorter ticks the original's rule gives up a leader within a second.
        int tick = profile == Profile.PAUSES ? 2000 : drawnTick;
        Weather weather =
                new Weather(
                        chance.between(20L, 500L),
                        chance.magnitude(50, calm ? 1_000 : 20_000),
                        calm ? 0 : chance.hit(0.3) ? chance.between(0, 0.005) : 0,
                        5_000_000,
                        chance.hit(0.1) ? chance.magnitude(100, 1_000) : 100_000,
                        chance.hit(0.3) ? chance.between(0, 0.5) : 0.01,
                        calm ? 0 : chance.between(0, 0.5),
                        calm ? 0 : chance.between(0, 0.5));
        DiskSpeed disk =
                new DiskSpeed(
                        chance.between(50L, 1_000L),
                        chance.magnitude(100, calm ? 2_000 : 20_000),
                        calm ? 0 : chance.hit(0.2) ? 0.002 : 0,
                        3_000_000);
        Map<FaultKind, Double> rates = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : profile.kinds()) {
            // Swarm: each run has some of the kinds, at its own rates.
            boolean on = chance.hit(0.5) || profile == Profile.PAUSES;
            double rate = chance.magnitude(profile.perMinuteMin(), profile.perMinuteMax());
            double scaled = rate * 2000 / Math.max(500, tick) * (isHeavy(kind) ? 0.3 : 1);
            if (on && !limits.without().contains(kind)) {
                rates.put(kind, scaled);
            }
        }
        long safety =
                (long)
                        (chance.magnitude(calm ? 0.5 : 1, busy ? 6 : 30)
                                * MINUTE
                                * Math.max(500, tick)
                                / 2000);
        return new RunPlan(
                Math.min(voters, limits.votersMax()),
                Math.min(observers, limits.observersMax()),
                Math.min(clients, limits.clientsMax()),
                tick,
                chance.between(5, 11),
                chance.between(2, 6),
                chance.pick(java.util.List.of(1, 5, 50, 500)),
                chance.hit(0.6) ? 1 << 20 : 0,
                chance.hit(0.05),
                counterMax(chance, profile),
                (int) chance.magnitude(20, 5_000),
                chance.hit(0.2),
                chance.hit(0.2),
                profile == Profile.RECONFIG || (!calm && chance.hit(0.2)),
                !rates.containsKey(FaultKind.NEW_DISK),
                more.hit(0.3),
                more.hit(0.5),
                more.pick(java.util.List.of(64, 1_000, 64 << 10)),
                new PeerSettings.Own(
                        more.hit(0.3) || profile == Profile.PAUSES ? 200 : 0,
                        more.hit(0.5) ? (int) more.magnitude(2, 50) : 0),
                weather,
                disk,
                Math.min(safety, limits.safetyMicrosMax()),
                (long)
                        (profile == Profile.DEFAULT
                                ? chance.magnitude(100_000, 10_000_000)
                                : chance.magnitude(20_000, 2_000_000)),
                rates);
    }

    /// The same with another network.
    public RunPlan withWeather(Weather newWeather) {
        return new RunPlan(
                voters,
                observers,
                clients,
                tickMillis,
                initLimit,
                syncLimit,
                historyCountMax,
                diskSyncBytesMax,
                forceSnapshotSync,
                counterMax,
                snapshotTxns,
                readOnlyMode,
                localSessions,
                reconfigurations,
                autocreate,
                observerMasters,
                permissions,
                clientOutputBytes,
                own,
                newWeather,
                diskSpeed,
                safetyMicros,
                thinkMicros,
                perMinute);
    }

    private static long counterMax(Chance chance, Profile profile) {
        long drawn =
                chance.hit(0.15) ? chance.between(20L, 500L) : PeerSettings.Leadership.COUNTER_MAX;
        return profile == Profile.PAUSES ? PeerSettings.Leadership.COUNTER_MAX : drawn;
    }

    private static boolean isHeavy(FaultKind kind) {
        return switch (kind) {
            case ROLLING_RESTART, BLACKOUT, NEW_DISK, DAMAGE, DISK_FULL, CLOCK_DRIFT -> true;
            case BREAK,
                    HALF_OPEN,
                    PARTITION,
                    CLOG,
                    SLOW_NETWORK,
                    KILL,
                    POWER_CUT,
                    CRASH_AT_CALL,
                    PAUSE,
                    CLOCK_JUMP,
                    FLUSH_FAILS,
                    DISK_STALLS,
                    SHORT_PAUSE,
                    LEADER_LOST ->
                    false;
        };
    }

    /// How long it may take, once faults are over, until there is a leader and every client has had
    /// an answer to a write:
    ///
    /// 1. A leader without a quorum, or a learner of a leader that is gone, gives up: `syncLimit`
    ///    and the tick at which it looks.
    /// 2. A connection that was severed without a word is told so, at the latest, when it is used.
    /// 3. The first attempt to lead can fail, by what was under way; the second does not: twice
    ///    `initLimit` for discovery and synchronisation.
    /// 4. A client finds that its server is silent: its longest timeout, ten ticks, and as much
    ///    again for a connection that is tried with a server that is gone for good.
    /// 5. What is left for elections, disks and the way to and fro: ten seconds.
    public long boundMicros() {
        long ticks = syncLimit + 1 + 2L * initLimit + 20;
        return ticks * tickMillis * 1000 + Connection.SEVERED_MICROS_MAX + REST_MICROS;
    }
}
