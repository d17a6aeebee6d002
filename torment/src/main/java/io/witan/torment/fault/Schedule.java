package io.witan.torment.fault;

import io.witan.simulation.world.Chance;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// All that will go wrong in a round. The same seed draws the same; whom it hits can differ where
/// it aims at the leader, because processes do not repeat themselves.
public final class Schedule {

    /// When the first fault may come: until then a leader is elected and clients have sessions.
    private static final long CALM_MILLIS = 1_500;

    private Schedule() {}

    /// @param kinds those that can be made here
    public static List<Fault> draw(
            Chance chance, List<Long> sids, Set<FaultKind> kinds, long untilMillis) {
        List<FaultKind> some = some(chance, kinds);
        List<Fault> faults = new ArrayList<>();
        double meanMillis = chance.magnitude(1_000, 5_000);
        double towardsLeader = chance.between(0.2, 0.8);
        double lastingMillis = chance.magnitude(2_000, 12_000);
        long at = CALM_MILLIS;
        while (!some.isEmpty()) {
            at += chance.exponential(meanMillis);
            if (at >= untilMillis) {
                break;
            }
            FaultKind kind = chance.pick(some);
            long sid = chance.pick(sids);
            long other = chance.pick(sids);
            faults.add(
                    new Fault(
                            faults.size() + 1,
                            at,
                            (long) chance.magnitude(100, lastingMillis),
                            kind,
                            chance.hit(towardsLeader),
                            sid,
                            other,
                            chance.between(0, 1 << 20)));
        }
        return faults;
    }

    /// Swarm: rounds with some kinds go where rounds with all of them never come.
    private static List<FaultKind> some(Chance chance, Set<FaultKind> kinds) {
        Set<FaultKind> some = EnumSet.noneOf(FaultKind.class);
        for (FaultKind kind : kinds) {
            if (chance.hit(0.5)) {
                some.add(kind);
            }
        }
        return List.copyOf(some.isEmpty() ? kinds : some);
    }
}
