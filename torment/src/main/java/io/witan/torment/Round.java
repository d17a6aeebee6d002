package io.witan.torment;

import io.witan.simulation.client.SimClient;
import io.witan.simulation.client.Workload;
import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Chance;
import io.witan.torment.client.Loop;
import io.witan.torment.client.Tally;
import io.witan.torment.fault.Tormentor;
import io.witan.torment.history.CommittedHistory;
import io.witan.torment.history.DiskCensus;
import io.witan.torment.history.LeaderTimes;
import io.witan.torment.history.Reconstruction;
import io.witan.torment.history.WireCensus;
import io.witan.torment.lan.Lan;
import io.witan.torment.server.Ensemble;
import io.witan.torment.server.Leaders;
import io.witan.torment.server.Product;
import io.witan.torment.server.ServerProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One round: an ensemble is started, tormented, left alone, looked through and killed; what its
/// clients were told is then held against what its disks say.
///
/// ```
///   faults            | liveness: none, then the  | quiet: no clients  | dead
///   clients ask, and  | leader silent; each time  | sessions expire;   | what each disk gives;
///   all is recorded   | every client is served    | trees are read     | the checkers
/// ```
final class Round {

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long START_SECONDS_MAX = 180;

    /// Longer than anything here waits, short against the bound within which clients are served.
    private static final long STANDSTILL_MICROS = 10 * MICROS_PER_SECOND;

    /// How much longer than its timeout a session may be found to live, as in the simulation.
    private static final long EXPIRY_GRACE_MICROS = 12 * MICROS_PER_SECOND;

    private final RoundPlan plan;
    private final Ensemble ensemble;
    private final Lan lan;
    private final Consumer<String> screen;
    private final long progressMicros;

    private final Loop loop;
    private final Tally tally = new Tally();
    private final Trace recorded = new Trace(List.of(tally), Integer.MAX_VALUE);
    private final LeaderTimes leaderTimes = new LeaderTimes();
    private final long startEpochMillis = System.currentTimeMillis();

    private String phase = "starts";

    /// That faults are over, since when, and for how long clients may wait; null while they are
    /// not.
    private TraceEvent.@Nullable Healed healed;

    /// @param screen takes lines that tell how it goes
    Round(
            RoundPlan plan,
            Ensemble ensemble,
            Lan lan,
            Consumer<String> screen,
            long progressSeconds) {
        this.plan = plan;
        this.ensemble = ensemble;
        this.lan = lan;
        this.screen = screen;
        this.progressMicros = progressSeconds * MICROS_PER_SECOND;
        this.loop = new Loop(lan::clientAddress, STANDSTILL_MICROS, this::stoodStill);
    }

    /// @throws NotServedException if the ensemble does not come up in the first place
    Judgement run() {
        ensemble.startAll();
        SortedMap<Long, WireCensus.Shown> shown = new TreeMap<>();
        try (loop;
                Leaders leaders = new Leaders(ensemble, loop::nowMicros, this::heard)) {
            awaitService(leaders);
            List<SimClient> clients = clients();
            clients.forEach(SimClient::start);
            try (Tormentor tormentor =
                    new Tormentor(
                            plan.faults(),
                            plan.faultMillis(),
                            ensemble,
                            lan,
                            leaders,
                            loop::nowMicros,
                            event -> loop.handIn(() -> recorded.record(event)))) {
                showProgress(leaders, tormentor);
                phase = "faults";
                loop.runUntil(tormentor::isHealed);
                phase = "healed";
                clients.forEach(SimClient::becomeCalm);
                awaitServed(clients, ensemble.servers());
                silenceTheLeader(leaders, tormentor, clients);
                screen.accept(progress(leaders, tormentor));
                lookThrough(leaders, shown);
            }
        }
        loop.runHandedIn();
        ensemble.killAll();
        phase = "judged";
        return judge(shown);
    }

    private void heard(long askedMicros, long answeredMicros, @Nullable Long leader) {
        loop.handIn(() -> leaderTimes.heard(askedMicros, answeredMicros, leader));
    }

    private void awaitService(Leaders leaders) {
        boolean done = await(START_SECONDS_MAX, () -> leaders.allServe() || oneHasEnded() != null);
        ServerProcess ended = oneHasEnded();
        if (ended != null) {
            throw new NotServedException(
                    "server %d ends at its first start, exit code %d:\n%s"
                            .formatted(ended.sid(), ended.exitCode(), ended.lastWords()));
        }
        if (!done) {
            throw new NotServedException(
                    "after " + START_SECONDS_MAX + " s servers are: " + leaders.text());
        }
    }

    private @Nullable ServerProcess oneHasEnded() {
        for (ServerProcess server : ensemble.servers()) {
            if (!server.isAlive()) {
                return server;
            }
        }
        return null;
    }

    private List<SimClient> clients() {
        List<SimClient> clients = new ArrayList<>();
        for (int number = 1; number <= plan.profiles().size(); number++) {
            Chance chance = Chance.of(plan.seed(), "client " + number);
            clients.add(
                    new SimClient(
                            number,
                            plan.profiles().get(number - 1),
                            loop,
                            loop,
                            chance,
                            recorded,
                            new Workload(number, chance, () -> null),
                            plan.ensemble()::sids));
        }
        return clients;
    }

    /// A leader that falls silent is replaced while it is silent, and all clients are served by the
    /// others; and by all when it is back.
    private void silenceTheLeader(Leaders leaders, Tormentor tormentor, List<SimClient> clients) {
        loop.runUntil(() -> leaders.allServe() || loop.nowMicros() > patienceEnds());
        Long leader = leaders.leader();
        if (leader == null) {
            return; // Whatever keeps them from it, clients have been served without.
        }
        phase = "silence";
        tormentor.silence(leader, plan.silence());
        loop.runUntil(tormentor::isSettled);
        List<ServerProcess> others =
                ensemble.servers().stream().filter(server -> server.sid() != leader).toList();
        awaitServed(clients, others);
        tormentor.unsilence();
        loop.runUntil(tormentor::isSettled);
        phase = "healed";
        awaitServed(clients, ensemble.servers());
    }

    /// From now on nothing more goes wrong: every client must be served within the bound.
    ///
    /// @param core those that nothing is wrong with
    private void awaitServed(List<SimClient> clients, Collection<ServerProcess> core) {
        SortedSet<Long> sids = new TreeSet<>();
        core.forEach(server -> sids.add(server.sid()));
        List<Integer> numbers = clients.stream().map(SimClient::number).toList();
        record(new TraceEvent.Healed(loop.nowMicros(), sids, numbers, plan.boundMicros()));
        loop.runUntil(() -> tally.unserved().isEmpty() || loop.nowMicros() > patienceEnds());
    }

    private long patienceEnds() {
        return healed == null
                ? Long.MAX_VALUE
                : healed.micros() + healed.boundMicros() + MICROS_PER_SECOND;
    }

    private void stoodStill(long micros) {
        standstill(loop.nowMicros(), micros, healed).forEach(this::record);
    }

    private void record(TraceEvent event) {
        if (event instanceof TraceEvent.Healed healing) {
            healed = healing;
        }
        recorded.record(event);
    }

    /// One more fault, and none of the servers': sessions may have ended by it, and whoever was to
    /// be served by now has as long again. That is said first, for nothing may come too late.
    static List<TraceEvent> standstill(
            long nowMicros, long micros, TraceEvent.@Nullable Healed healed) {
        List<TraceEvent> events = new ArrayList<>();
        if (healed != null) {
            events.add(
                    new TraceEvent.Healed(
                            nowMicros, healed.core(), healed.clients(), healed.boundMicros()));
        }
        events.add(
                new TraceEvent.FaultInjected(
                        nowMicros,
                        "STANDSTILL",
                        "of the whole machine for " + micros / 1000 + " ms"));
        return events;
    }

    /// Clients fall silent; their sessions must end, and then everybody must hold the same.
    private void lookThrough(Leaders leaders, SortedMap<Long, WireCensus.Shown> shown) {
        loop.close();
        phase = "quiet";
        long expirySeconds =
                plan.sessionMillisMax() / 1000 + EXPIRY_GRACE_MICROS / MICROS_PER_SECOND;
        await(expirySeconds, () -> leaders.allServe() && sessionCount(leaders) == 0);
        for (ServerProcess server : ensemble.servers()) {
            await(
                    START_SECONDS_MAX,
                    () -> {
                        try {
                            var census = WireCensus.take(lan.clientAddress(server.sid()));
                            if (census != null) {
                                shown.put(server.sid(), census);
                            }
                            return census != null;
                        } catch (IOException notNow) {
                            return false;
                        }
                    });
        }
    }

    /// -1 where it is not known.
    private long sessionCount(Leaders leaders) {
        Long leader = leaders.leader();
        if (leader == null) {
            return -1;
        }
        return ensemble.server(leader)
                .ask("mntr")
                .lines()
                .filter(line -> line.startsWith("zk_global_sessions\t"))
                .mapToLong(line -> Long.parseLong(line.substring(19).strip()))
                .findFirst()
                .orElse(-1);
    }

    /// Time in which the whole machine stands still does not count.
    private static boolean await(long seconds, BooleanSupplier question) {
        long leftMicros = seconds * MICROS_PER_SECOND;
        long last = System.nanoTime();
        while (!question.getAsBoolean()) {
            long now = System.nanoTime();
            leftMicros -= Math.min((now - last) / 1000, STANDSTILL_MICROS);
            last = now;
            if (leftMicros < 0) {
                return false;
            }
            LockSupport.parkNanos(200_000_000);
        }
        return true;
    }

    // ---- judgement

    private Judgement judge(SortedMap<Long, WireCensus.Shown> shown) {
        CommittedHistory history = CommittedHistory.read(ensemble.servers());
        List<TraceEvent> events = new ArrayList<>(recorded.kept());
        long now = loop.nowMicros();
        for (ServerProcess server : ensemble.servers()) {
            WireCensus.Shown tree = shown.get(server.sid());
            if (tree == null) {
                events.add(
                        new TraceEvent.Broke(
                                new Stamp(now, server.sid(), server.runs()),
                                "it does not show its tree when all is quiet"));
            } else {
                events.add(tree.census(server, now, history));
            }
            events.add(DiskCensus.take(server, now));
        }
        events.add(new TraceEvent.Ended(now));
        List<TraceEvent> trace = Reconstruction.of(events, history, leaderTimes, startEpochMillis);
        boolean isOursAlone =
                ensemble.servers().stream().allMatch(server -> server.product() == Product.WITAN);
        return Judgement.of(trace, tally.toString(), isOursAlone);
    }

    // ---- what is shown

    private void showProgress(Leaders leaders, Tormentor tormentor) {
        loop.after(
                progressMicros,
                () -> {
                    screen.accept(progress(leaders, tormentor));
                    showProgress(leaders, tormentor);
                });
    }

    private String progress(Leaders leaders, Tormentor tormentor) {
        return "%5.1f s %-7s %s | %s | %s%s"
                .formatted(
                        loop.nowMicros() / 1e6,
                        phase,
                        leaders.text(),
                        tally,
                        tormentor.made(),
                        tormentor.selfEndedCount() == 0
                                ? ""
                                : ", ended by themselves " + tormentor.selfEndedCount());
    }
}
