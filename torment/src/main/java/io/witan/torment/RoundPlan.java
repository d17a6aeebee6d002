package io.witan.torment;

import io.witan.simulation.client.ClientProfile;
import io.witan.simulation.world.Chance;
import io.witan.torment.fault.Fault;
import io.witan.torment.fault.FaultKind;
import io.witan.torment.fault.Schedule;
import io.witan.torment.server.EnsemblePlan;
import io.witan.torment.server.Product;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything about a round that its seed decides.
///
/// @param profiles of the clients, in the order of their numbers
/// @param faultMillis how long there are faults
/// @param silence how the leader falls silent after that
record RoundPlan(
        long seed,
        EnsemblePlan ensemble,
        List<ClientProfile> profiles,
        List<Fault> faults,
        long faultMillis,
        FaultKind silence) {

    /// Nothing that the leader says reaches anybody, and the other way round.
    private static final List<FaultKind> SILENCES =
            List.of(FaultKind.FREEZE, FaultKind.ISOLATE, FaultKind.CUT_OFF);

    /// What the command line says about all rounds.
    ///
    /// @param servers 0: the seed decides
    /// @param kinds of faults that may happen
    record Wishes(int servers, int apache, long faultMillis, Set<FaultKind> kinds) {}

    static RoundPlan draw(long seed, Wishes wishes) {
        Chance chance = Chance.of(seed, "torment");
        int drawnServers = chance.hit(0.3) ? 5 : 3;
        int servers = wishes.servers() > 0 ? wishes.servers() : drawnServers;
        int tick = chance.pick(List.of(200, 300, 500));
        var ensemble =
                new EnsemblePlan(
                        products(chance, servers, wishes.apache()),
                        tick,
                        chance.pick(List.of(200, 1_000, 100_000)),
                        96L << 20);
        List<ClientProfile> profiles = new ArrayList<>();
        int clients = chance.between(4, 9);
        long think = (long) chance.magnitude(8_000, 50_000);
        for (int i = 0; i < clients; i++) {
            profiles.add(profile(chance, tick, think));
        }
        Chance ofFaults = Chance.of(seed, "faults");
        return new RoundPlan(
                seed,
                ensemble,
                profiles,
                Schedule.draw(ofFaults, ensemble.sids(), wishes.kinds(), wishes.faultMillis()),
                wishes.faultMillis(),
                silence(Chance.of(seed, "silence"), wishes.kinds()));
    }

    /// Where nothing of it can be made, or is wanted, a process is stopped.
    private static FaultKind silence(Chance chance, Set<FaultKind> kinds) {
        List<FaultKind> possible = SILENCES.stream().filter(kinds::contains).toList();
        return possible.isEmpty() ? FaultKind.FREEZE : chance.pick(possible);
    }

    private static SortedMap<Long, Product> products(Chance chance, int servers, int apache) {
        List<Long> sids = new ArrayList<>();
        for (long sid = 1; sid <= servers; sid++) {
            sids.add(sid);
        }
        List<Long> shuffled = new ArrayList<>();
        while (!sids.isEmpty()) {
            Long next = chance.pick(sids);
            sids.remove(next);
            shuffled.add(next);
        }
        SortedMap<Long, Product> products = new TreeMap<>();
        for (int i = 0; i < servers; i++) {
            products.put(shuffled.get(i), i < apache ? Product.APACHE : Product.WITAN);
        }
        return Collections.unmodifiableSortedMap(products);
    }

    private static ClientProfile profile(Chance chance, int tick, long think) {
        return new ClientProfile(
                tick * chance.between(4, 15),
                think,
                chance.between(1, 9),
                chance.between(0, 0.01),
                chance.between(0, 0.5),
                chance.between(0, 0.001),
                chance.between(0, 0.003),
                chance.between(0, 0.1),
                chance.between(0, 0.5),
                false,
                chance.hit(0.8),
                chance.hit(0.5),
                chance.hit(0.3),
                false,
                false);
    }

    /// How long it may take, once faults are over, until every client has had a write answered: the
    /// processes start again, connections that are dead without a word are found out, election,
    /// discovery and synchronisation, twice, because the first leader can fail to gather a quorum.
    long boundMicros() {
        long ticks = 2L * (EnsemblePlan.INIT_LIMIT_TICKS + 2L * EnsemblePlan.SYNC_LIMIT_TICKS);
        return ticks * ensemble.tickMillis() * 1000 + 90_000_000L;
    }

    /// The longest any client's session may live without a word.
    int sessionMillisMax() {
        return profiles.stream().mapToInt(ClientProfile::timeoutMillis).max().orElse(0);
    }

    @Override
    public String toString() {
        return "seed %d: servers %s, tick %d ms, snapshot every %,d transactions, %d clients, %d faults in %d s"
                .formatted(
                        seed,
                        ensemble.products(),
                        ensemble.tickMillis(),
                        ensemble.snapshotTxns(),
                        profiles.size(),
                        faults.size(),
                        faultMillis / 1000);
    }
}
