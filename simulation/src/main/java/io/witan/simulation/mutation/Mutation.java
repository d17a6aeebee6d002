package io.witan.simulation.mutation;

import io.witan.simulation.fault.Profile;
import io.witan.simulation.server.HostMutation;
import io.witan.zab.Agreement;

import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A seeded defect.
///
/// @param name in words that make a test's name
/// @param history the defect of the original that it brings back, or what it stands for
/// @param caughtBy ids of the invariants that it breaks: one of them must be reported
/// @param profile of the runs that catch it
/// @param seedsMax so many seeds are tried
/// @param agreement what it does to the machine of a server, by its sid
/// @param host what it does to its host
public record Mutation(
        String name,
        String history,
        Set<String> caughtBy,
        Profile profile,
        int seedsMax,
        LongFunction<UnaryOperator<Agreement>> agreement,
        LongFunction<HostMutation> host) {

    /// Most show in the first run.
    private static final int SEEDS = 40;

    /// A defect of each server's agreement machine.
    static Mutation ofAgreement(
            String name,
            String history,
            Profile profile,
            LongFunction<UnaryOperator<Agreement>> defect,
            String... caughtBy) {
        return new Mutation(
                name, history, Set.of(caughtBy), profile, SEEDS, defect, _ -> HostMutation.NONE);
    }

    /// A defect of each server's host.
    static Mutation ofHost(
            String name,
            String history,
            Profile profile,
            Supplier<HostMutation> defect,
            String... caughtBy) {
        return ofHosts(name, history, profile, _ -> defect.get(), caughtBy);
    }

    /// A defect of the hosts of some servers.
    static Mutation ofHosts(
            String name,
            String history,
            Profile profile,
            LongFunction<HostMutation> defect,
            String... caughtBy) {
        return new Mutation(
                name,
                history,
                Set.of(caughtBy),
                profile,
                SEEDS,
                _ -> UnaryOperator.identity(),
                defect);
    }

    @Override
    public String toString() {
        return name;
    }
}
