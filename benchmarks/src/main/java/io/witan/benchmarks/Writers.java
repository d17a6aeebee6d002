package io.witan.benchmarks;

import io.witan.benchmarks.load.AnswerTimes;
import io.witan.benchmarks.load.LoadFailureException;
import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.load.Requests;
import io.witan.benchmarks.load.RoamingClient;
import io.witan.benchmarks.load.Scripts;
import io.witan.benchmarks.subject.Ensemble;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Synchronous clients that write without end, spread over the servers of an ensemble, each with an
/// ephemeral znode of its session.
///
/// ```
/// /outage/data          what they write and others read
/// /outage/rNNNN/eNNN    the ephemeral znodes of one run's clients
/// ```
final class Writers implements AutoCloseable {

    private static final int DATA_BYTES = 100;
    private static final String DATA = "/outage/data";

    private final List<InetSocketAddress> addresses;
    private final String run;
    private final AnswerTimes times = new AnswerTimes();
    private final List<RoamingClient> clients = new ArrayList<>();

    private Writers(List<InetSocketAddress> addresses, String run) {
        this.addresses = addresses;
        this.run = run;
    }

    /// Creates what they write to, once for an ensemble.
    static void prepare(Ensemble ensemble) {
        BenchTree.createAll(ensemble.addresses().getFirst(), List.of("/outage"), 0);
        BenchTree.createAll(ensemble.addresses().getFirst(), List.of(DATA), DATA_BYTES);
    }

    /// All are at work when this returns: one that lost its server before it had its ephemeral
    /// znode would never make it.
    ///
    /// @param addresses where they go
    static Writers start(List<InetSocketAddress> addresses, int count, int number) {
        var writers = new Writers(addresses, "/outage/r%04d".formatted(number));
        BenchTree.createAll(writers.addresses.getFirst(), List.of(writers.run), 0);
        var write = Requests.setData(DATA, new byte[DATA_BYTES]);
        for (var i = 0; i < count; i++) {
            var ephemeral = Requests.createEphemeral(writers.run + ephemeral(i), new byte[0]);
            writers.clients.add(
                    RoamingClient.start(writers.addresses, i, ephemeral, write, writers.times));
        }
        writers.clients.forEach(RoamingClient::awaitAnswer);
        return writers;
    }

    /// Reads what they write, at one server.
    static RoamingClient reader(InetSocketAddress server, AnswerTimes times) {
        return RoamingClient.start(
                        List.of(server),
                        0,
                        Requests.exists(DATA, false),
                        Requests.getData(DATA, false),
                        times)
                .awaitAnswer();
    }

    private static String ephemeral(int client) {
        return "/e%03d".formatted(client);
    }

    /// When their writes were acknowledged.
    AnswerTimes times() {
        return times;
    }

    int sessionsLost() {
        return clients.stream().mapToInt(RoamingClient::sessionsLost).sum();
    }

    /// Whether each client's ephemeral znode is there at every server.
    boolean haveTheirEphemerals() {
        var bytes = Requests.getChildrenReplyBytes(clients.size(), ephemeral(0).length() - 1);
        return IntStream.range(0, addresses.size())
                .allMatch(server -> answers(addresses.get(server), bytes));
    }

    private boolean answers(InetSocketAddress server, int bytes) {
        try (var load = LoadGenerator.connect(server, 1)) {
            load.send(
                    _ -> Scripts.each(List.of(Requests.sync(run)), Requests.syncReplyBytes(run)),
                    1,
                    1);
            load.send(_ -> Scripts.each(List.of(Requests.getChildren(run)), bytes), 1, 1);
            return true;
        } catch (LoadFailureException _) {
            return false;
        }
    }

    @Override
    public void close() {
        clients.forEach(RoamingClient::close);
    }
}
