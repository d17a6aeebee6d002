package io.witan.simulation.run;

import io.witan.simulation.client.ClientProfile;
import io.witan.simulation.client.SimClient;
import io.witan.simulation.client.Workload;
import io.witan.simulation.fault.FaultDriver;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.net.Barrier;
import io.witan.simulation.net.Dialler;
import io.witan.simulation.net.Host;
import io.witan.simulation.net.Network;
import io.witan.simulation.net.Port;
import io.witan.simulation.server.SimServer;
import io.witan.simulation.server.Surroundings;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// A whole ensemble with its clients, in one thread, decided by one seed.
///
/// ```
///   safety: faults            | liveness: none, in the core      | quiet
///   everything must be right  | a leader, and every client has   | clients are cut off; all
///   at all times              | written, within the bound        | servers must come to agree
/// ```
public final class Simulation {

    private static final long DIAL_MICROS = 5_000_000;
    private static final long QUIET_MICROS = 2_000_000;

    private final long seed;
    private final Profile profile;
    private final RunPlan plan;
    private final Options options;
    private final Scheduler scheduler = new Scheduler();
    private final Network network;
    private final Trace trace;
    private final List<SimServer> servers = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    private final FaultDriver faults;

    private Simulation(long seed, Profile profile, Options options) {
        this.seed = seed;
        this.profile = profile;
        this.options = options;
        this.plan = options.planned().apply(RunPlan.draw(seed, profile, options.limits()));
        this.network = new Network(scheduler, Chance.of(seed, "network"), plan.weather());
        List<Checker> checkers = new ArrayList<>(options.checkers().get());
        checkers.add(new Coverage());
        this.trace = new Trace(checkers, options.keptEvents());
        this.faults =
                new FaultDriver(
                        plan,
                        options.limits().faultsMax(),
                        servers,
                        network,
                        scheduler,
                        trace,
                        Chance.of(seed, "faults"));
        network.onLateness(this::late);
        addServers();
        addClients();
    }

    /// Weather that is as bad as a fault is one.
    private void late(long micros) {
        trace.record(
                new TraceEvent.FaultInjected(scheduler.nowMicros(), "LATE", micros / 1000 + " ms"));
    }

    /// Runs until the end or the first violation.
    public static Result run(long seed, Profile profile, Options options) {
        return new Simulation(seed, profile, options).run();
    }

    private void addServers() {
        Surroundings around = new Surroundings(seed, scheduler, network, trace);
        Settings settings = new Settings(plan);
        for (long sid : settings.sids()) {
            servers.add(
                    new SimServer(
                            settings.server(sid),
                            around,
                            options.agreementMutation().apply(sid),
                            options.hostMutation().apply(sid),
                            faults));
        }
    }

    private void addClients() {
        Settings settings = new Settings(plan);
        List<Long> sids = settings.sids();
        var reconfigurations =
                new Reconfigurations(plan, servers, Chance.of(seed, "reconfigurations"));
        Dialler dialler =
                (number, sid, handler) ->
                        network.dial(
                                Host.client(number),
                                Host.server(sid),
                                Port.CLIENT,
                                DIAL_MICROS,
                                handler);
        for (int number = 1; number <= plan.clients(); number++) {
            Chance chance = Chance.of(seed, "client " + number);
            ClientProfile behaviour = settings.client(chance, profile.isCalm());
            clients.add(
                    new SimClient(
                            number,
                            behaviour,
                            dialler,
                            scheduler,
                            chance,
                            trace,
                            new Workload(number, chance, reconfigurations::next),
                            () -> sids));
        }
    }

    private Result run() {
        Chance chance = Chance.of(seed, "course");
        for (SimServer server : servers) {
            scheduler.after(chance.between(0L, 1_000_000L), server::start);
        }
        clients.forEach(SimClient::start);
        faults.begin();
        SortedSet<Long> core = new TreeSet<>();
        boolean clean = runUntil(plan.safetyMicros());
        if (clean) {
            core.addAll(core(chance));
            heal(core);
            clean = runUntil(scheduler.nowMicros() + plan.boundMicros());
        }
        if (clean) {
            network.raise(new Barrier(Set.of(), Set.of(), Set.of(Port.CLIENT)));
            clean = runUntilAgreed(core);
        }
        if (clean) {
            servers.forEach(SimServer::takeCensus);
            trace.record(new TraceEvent.Ended(scheduler.nowMicros()));
        }
        return result();
    }

    private boolean runUntil(long micros) {
        while (trace.violation() == null && scheduler.runNextUntil(micros)) {}
        return trace.violation() == null;
    }

    /// What the counter's rollover or a hand-over has begun at the very end of the time before may
    /// take as long again.
    private boolean runUntilAgreed(SortedSet<Long> core) {
        long until = scheduler.nowMicros() + plan.boundMicros();
        boolean clean;
        do {
            clean = runUntil(scheduler.nowMicros() + QUIET_MICROS);
        } while (clean && !agree(core) && scheduler.nowMicros() < until);
        return clean;
    }

    /// Whether all of them whose trees are whole hold the same.
    private boolean agree(SortedSet<Long> core) {
        return servers.stream()
                        .filter(server -> core.contains(server.sid()))
                        .map(SimServer::treeZxid)
                        .flatMapToLong(OptionalLong::stream)
                        .distinct()
                        .count()
                <= 1;
    }

    private void heal(SortedSet<Long> core) {
        clients.forEach(SimClient::becomeCalm);
        List<Integer> numbers = new ArrayList<>();
        for (SimClient client : clients) {
            numbers.add(client.number());
        }
        trace.record(
                new TraceEvent.Healed(scheduler.nowMicros(), core, numbers, plan.boundMicros()));
        faults.heal(core);
    }

    /// A quorum with some observers, or everybody.
    private SortedSet<Long> core(Chance chance) {
        SortedSet<Long> core = new TreeSet<>(new Settings(plan).sids());
        boolean everybodyIsNeeded = plan.reconfigurations();
        for (SimServer server : servers) {
            everybodyIsNeeded |= server.lacksData();
        }
        if (!everybodyIsNeeded && chance.hit(0.5)) {
            int spare = plan.voters() - (plan.voters() / 2 + 1);
            for (SimServer server : servers) {
                boolean voter = server.sid() <= plan.voters();
                if (chance.hit(0.5) && (!voter || spare > 0)) {
                    core.remove(server.sid());
                    spare -= voter ? 1 : 0;
                }
            }
        }
        return core;
    }

    private Result result() {
        return new Result(
                seed,
                profile,
                plan,
                trace.hash(),
                trace.violation(),
                scheduler.ranCount(),
                trace.count(),
                scheduler.nowMicros(),
                faults.injected(),
                trace.reached(),
                trace.kept());
    }
}
