package io.witan.simulation.run;

import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Limits;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.trace.Violation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Looks for a smaller run of the same seed that breaks the same invariant: fewer servers, clients
/// and kinds of faults, a shorter time.
public final class Shrinking {

    private final long seed;
    private final Profile profile;
    private final Options options;
    private final BooleanSupplier enough;

    private Result smallest;
    private Limits limits;

    /// @param failed what is to be made smaller
    /// @param enough asked before each attempt
    public Shrinking(Result failed, Options options, BooleanSupplier enough) {
        this.seed = failed.seed();
        this.profile = failed.profile();
        this.options = options;
        this.enough = enough;
        this.smallest = failed;
        this.limits = options.limits();
    }

    /// What the smallest run does without.
    public Limits limits() {
        return limits;
    }

    /// The smallest run that was found; perhaps the one that was there before.
    public Result run() {
        boolean progress = true;
        while (progress && !enough.getAsBoolean()) {
            progress = false;
            for (Limits candidate : candidates()) {
                if (enough.getAsBoolean()) {
                    break;
                }
                if (tryWith(candidate)) {
                    progress = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private boolean tryWith(Limits candidate) {
        Result result = Simulation.run(seed, profile, options.withLimits(candidate));
        Violation wanted = smallest.violation();
        Violation found = result.violation();
        if (!isSame(wanted, found)) {
            return false;
        }
        smallest = result;
        limits = candidate;
        return true;
    }

    private static boolean isSame(@Nullable Violation wanted, @Nullable Violation found) {
        return wanted != null && found != null && wanted.invariant().equals(found.invariant());
    }

    /// From the boldest to the most timid.
    private List<Limits> candidates() {
        List<Limits> candidates = new ArrayList<>();
        int voters = smallest.plan().voters();
        int observers = smallest.plan().observers();
        int clients = smallest.plan().clients();
        if (observers > 0) {
            candidates.add(limits.withServers(voters, 0));
            candidates.add(limits.withServers(voters, observers - 1));
        }
        if (voters > 3) {
            candidates.add(limits.withServers(3, observers));
        }
        if (voters > 1) {
            candidates.add(limits.withServers(voters - 1, observers));
        }
        if (clients > 1) {
            candidates.add(limits.withClients(1));
            candidates.add(limits.withClients(clients / 2));
            candidates.add(limits.withClients(clients - 1));
        }
        for (FaultKind kind : FaultKind.values()) {
            if (smallest.faults().containsKey(kind)) {
                candidates.add(limits.without(kind));
            }
        }
        long faults = smallest.faults().values().stream().mapToLong(Long::longValue).sum();
        if (faults > 0) {
            candidates.add(limits.withFaults(faults / 2));
            candidates.add(limits.withFaults(faults - 1));
        }
        long safety = smallest.plan().safetyMicros();
        if (smallest.micros() > safety && safety > 1_000_000) {
            candidates.add(limits.withSafetyMicros(safety / 2));
            candidates.add(limits.withSafetyMicros(safety * 9 / 10));
        }
        return candidates;
    }
}
