package io.witan.benchmarks;

import io.witan.benchmarks.load.AnswerTimes;
import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.RoamingClient;
import io.witan.benchmarks.report.Measurement;
import io.witan.benchmarks.report.Measurement.Metric;
import io.witan.benchmarks.report.Measurement.Row;
import io.witan.benchmarks.report.Results;
import io.witan.benchmarks.subject.Ensemble;
import io.witan.benchmarks.subject.ServerProcess;
import io.witan.benchmarks.subject.Subject;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What clients see of servers that go: a leader that is killed, a leader that stands still, and
/// all servers restarted one by one. The subjects' ensembles are up at the same time and take
/// turns, A B in one round and B A in the next.
final class Outages {

    private static final Duration RECOVERY_MAX = Duration.ofMinutes(2);

    private final OutageSettings settings;
    private final List<Subject> subjects;
    private final Results results;
    private final Progress progress;
    private int runs;

    Outages(OutageSettings settings, List<Subject> subjects, Results results, Progress progress) {
        this.settings = settings;
        this.subjects = subjects;
        this.results = results;
        this.progress = progress;
    }

    /// What is done to an ensemble in one round.
    private interface Outage {
        void happen(Ensemble ensemble, int round) throws InterruptedException;
    }

    void failover() {
        inTurn(ensembles -> {
            rounds("leader killed", settings.rounds(), ensembles, this::killLeader);
            rounds("leader silent", settings.silentRounds(), ensembles, this::suspendLeader);
        });
    }

    void rollingRestart() {
        inTurn(ensembles ->
                rounds("rolling restart", settings.rounds(), ensembles, this::restartAll));
    }

    private interface Rounds {
        void run(List<Ensemble> ensembles);
    }

    private void inTurn(Rounds rounds) {
        var ensembles = new ArrayList<Ensemble>();
        try {
            for (var subject : subjects) {
                var ensemble =
                        Ensemble.start(
                                subject,
                                settings.scratch(),
                                settings.servers(),
                                settings.flags(),
                                ServerProcess.baseConfiguration());
                ensembles.add(ensemble);
                Writers.prepare(ensemble);
            }
            rounds.run(ensembles);
        } finally {
            ensembles.forEach(Ensemble::close);
        }
    }

    private void rounds(String what, int count, List<Ensemble> ensembles, Outage outage) {
        for (var round = 1; round <= count; round++) {
            progress.heading("%s, round %d of %d".formatted(what, round, count));
            for (var ensemble : Turns.of(ensembles, round)) {
                try {
                    outage.happen(ensemble, round);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new LoadFailureException("interrupted", e);
                }
            }
        }
    }

    private void killLeader(Ensemble ensemble, int round) throws InterruptedException {
        try (var writers = begin(ensemble.addresses())) {
            var leader = ensemble.awaitLeader();
            var epoch = writers.times().epoch();
            var killed = System.nanoTime();
            ensemble.kill(leader);
            add(
                    ensemble,
                    row("leader killed"),
                    Metric.WRITE_AGAIN,
                    round,
                    millis(awaitNextEpoch(ensemble, writers, epoch) - killed));
            ensemble.startAgain(leader);
        }
    }

    /// The clients are at the other servers: how long one waits for an answer of the silent leader
    /// is its own setting.
    private void suspendLeader(Ensemble ensemble, int round) throws InterruptedException {
        var readers = new ArrayList<RoamingClient>();
        var reads = new ArrayList<AnswerTimes>();
        var leader = ensemble.awaitLeader();
        var others = new ArrayList<>(ensemble.addresses());
        others.remove(leader);
        try (var writers = begin(others)) {
            for (var other : others) {
                var times = new AnswerTimes();
                reads.add(times);
                readers.add(Writers.reader(other, times));
            }
            Thread.sleep(settings.load());
            var epoch = writers.times().epoch();
            var before = count(reads);
            reads.forEach(AnswerTimes::beginGaps);
            var silent = System.nanoTime();
            ensemble.suspend(leader);
            try {
                var replaced = awaitNextEpoch(ensemble, writers, epoch) - silent;
                var row = row("leader silent");
                add(ensemble, row, Metric.WRITE_AGAIN, round, millis(replaced));
                add(
                        ensemble,
                        row,
                        Metric.READ_GAP,
                        round,
                        millis(reads.stream().mapToLong(AnswerTimes::gapNanosMax).max().orElse(0)));
                add(ensemble, row, Metric.READS, round, (count(reads) - before) / (replaced / 1e9));
            } finally {
                ensemble.resume(leader);
            }
            ensemble.awaitServing(leader);
        } finally {
            readers.forEach(RoamingClient::close);
        }
    }

    private static long count(List<AnswerTimes> reads) {
        return reads.stream().mapToLong(AnswerTimes::count).sum();
    }

    /// Followers first and the leader last, as operators do it.
    private void restartAll(Ensemble ensemble, int round) throws InterruptedException {
        try (var writers = begin(ensemble.addresses())) {
            var leader = ensemble.awaitLeader();
            var followersGap = 0.0;
            for (var i = 0; i < ensemble.size(); i++) {
                if (i != leader) {
                    followersGap = Math.max(followersGap, restart(ensemble, writers, i));
                }
            }
            var leaderGap = restart(ensemble, writers, leader);
            add(ensemble, row("restart of a follower"), Metric.WRITE_GAP, round, followersGap);
            add(ensemble, row("restart of the leader"), Metric.WRITE_GAP, round, leaderGap);
            var lost = writers.sessionsLost() + (writers.haveTheirEphemerals() ? 0 : 1);
            add(ensemble, row("rolling restart"), Metric.SESSIONS_LOST, round, lost);
        }
    }

    private double restart(Ensemble ensemble, Writers writers, int server)
            throws InterruptedException {
        writers.times().beginGaps();
        ensemble.stop(server);
        ensemble.startAgain(server);
        Thread.sleep(settings.load());
        return millis(writers.times().gapNanosMax());
    }

    private Writers begin(List<InetSocketAddress> addresses) throws InterruptedException {
        var writers = Writers.start(addresses, settings.clients(), runs++);
        Thread.sleep(settings.load());
        return writers;
    }

    /// When the first write of the next leader was acknowledged.
    private static long awaitNextEpoch(Ensemble ensemble, Writers writers, long epoch)
            throws InterruptedException {
        return writers.times()
                .awaitEpochAfter(epoch, RECOVERY_MAX)
                .orElseThrow(() ->
                        new LoadFailureException(
                                "%s acknowledged no write for %d s. Its last lines:%n%s"
                                        .formatted(
                                                ensemble.name(),
                                                RECOVERY_MAX.toSeconds(),
                                                ensemble.lastLines())));
    }

    private Row row(String what) {
        return new Row(
                what, "%d sync".formatted(settings.clients()), settings.servers() + " servers");
    }

    private void add(Ensemble ensemble, Row row, Metric metric, int round, double value) {
        results.add(new Measurement(row, metric, ensemble.name(), round, value));
        progress.step(
                String.format(
                        Locale.ROOT,
                        "%-7s %s: %s %,.1f %s",
                        ensemble.name(),
                        row.name(),
                        metric.title(),
                        value,
                        metric.unit()));
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
