package io.witan.benchmarks.load;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Keeps a number of connections busy, all in the calling thread.
///
/// Three ways to do it: [#send] asks a fixed number of requests (to build a tree), [#measure] asks
/// as fast as the server answers (closed loop), [#pace] asks at a fixed rate whatever the server
/// does (open loop), and takes the time from when a request was due, so that a server that stalls
/// is charged for every request that its stall held up.
public final class LoadGenerator implements AutoCloseable {

    /// Is told when the measured part of a run begins and ends.
    public interface Boundary {
        void begin();

        void end();
    }

    /// What a closed loop measured between its boundaries; latency in nanoseconds.
    public record Measured(long requests, long nanos, Histogram latency) {}

    /// Takes every reply of an open loop.
    public interface SampleSink {
        void sample(long dueNanos, long answeredNanos);
    }

    private static final Duration STALL_MAX = Duration.ofSeconds(60);
    private static final long LATENCY_NANOS_MIN = 1_000;
    private static final long LATENCY_NANOS_MAX = STALL_MAX.toNanos();
    private static final int LATENCY_DIGITS = 3;

    private final Selector selector;
    private final List<Connection> connections;
    private int unanswered;
    private long lastReplyNanos;

    private LoadGenerator(Selector selector, List<Connection> connections) {
        this.selector = selector;
        this.connections = connections;
    }

    /// Opens that many connections to a server, each with a session of its own.
    public static LoadGenerator connect(SocketAddress server, int count) {
        return connect(List.of(server), count);
    }

    /// Opens that many connections, each with a session of its own, spread evenly over the servers.
    public static LoadGenerator connect(List<? extends SocketAddress> servers, int count) {
        var connections = new ArrayList<Connection>();
        try {
            var selector = Selector.open();
            for (var i = 0; i < count; i++) {
                var connection = Connection.open(servers.get(i % servers.size()));
                connection.register(selector);
                connections.add(connection);
            }
            return new LoadGenerator(selector, connections);
        } catch (IOException e) {
            Connection.abandonAll(connections);
            throw new LoadFailureException(
                    "cannot open connection %d of %d to %s: %s"
                            .formatted(
                                    connections.size() + 1,
                                    count,
                                    servers.get(connections.size() % servers.size()),
                                    e.getMessage()),
                    e);
        }
    }

    /// Each connection asks `requestsEach` requests of its script, up to `depth` at a time.
    public void send(IntFunction<Script> scripts, int depth, long requestsEach) {
        follow(scripts, depth);
        drive((_, _) -> {}, connection -> connection.asked() < requestsEach);
    }

    /// Each connection asks its script, up to `depth` requests at a time, first for `warmUp`, then
    /// for `length`, which alone is measured.
    public Measured measure(
            IntFunction<Script> scripts,
            int depth,
            Duration warmUp,
            Duration length,
            Boundary boundary) {
        follow(scripts, depth);
        var loop = new ClosedLoop(warmUp, length, boundary);
        drive(loop, _ -> loop.goesOn());
        return loop.result();
    }

    /// Asks `perSecond` requests a second in equal steps for `length`, the connections in turn. A
    /// request that finds all of them full (`depth` unanswered) is sent late, and counted from when
    /// it was due.
    public void pace(
            IntFunction<Script> scripts,
            int depth,
            int perSecond,
            Duration length,
            SampleSink sink) {
        follow(scripts, depth);
        var start = System.nanoTime();
        var count = length.toNanos() / 1_000_000_000.0 * perSecond;
        var turn = 0;
        var sent = 0L;
        lastReplyNanos = start;
        Consumer<SelectionKey> handler =
                key -> serve((Connection) key.attachment(), sink::sample, _ -> false);
        try {
            while (sent < count || unanswered > 0) {
                var now = System.nanoTime();
                while (sent < count) {
                    var due = start + sent * 1_000_000_000L / perSecond;
                    var connection = connections.get(turn);
                    if (due > now || !connection.hasRoom()) {
                        break;
                    }
                    connection.ask(due);
                    connection.flush();
                    unanswered++;
                    sent++;
                    turn = (turn + 1) % connections.size();
                }
                selector.select(handler, 1);
                checkStall();
            }
        } catch (IOException e) {
            throw LoadFailureException.broken(e);
        } catch (UncheckedIOException e) {
            throw LoadFailureException.broken(e);
        }
    }

    /// Notifications of watches that have arrived so far.
    public long notifications() {
        return connections.stream().mapToLong(Connection::notifications).sum();
    }

    /// Ends all sessions and waits until the server has done so.
    @Override
    public void close() {
        Connection.closeAll(connections, selector);
    }

    private void follow(IntFunction<Script> scripts, int depth) {
        for (var i = 0; i < connections.size(); i++) {
            connections.get(i).follow(scripts.apply(i), depth);
        }
    }

    private interface GoesOn {
        boolean goesOn(Connection connection);
    }

    /// Fills every connection, then asks one new request for each reply until `goesOn` says no and
    /// the script may end; returns when everything is answered.
    private void drive(Connection.ReplySink sink, GoesOn goesOn) {
        lastReplyNanos = System.nanoTime();
        GoesOn more = connection -> goesOn.goesOn(connection) || !connection.mayEnd();
        Consumer<SelectionKey> handler = key -> serve((Connection) key.attachment(), sink, more);
        try {
            for (var connection : connections) {
                fill(connection, more);
            }
            while (unanswered > 0) {
                selector.select(handler, 1000);
                checkStall();
            }
        } catch (IOException e) {
            throw LoadFailureException.broken(e);
        } catch (UncheckedIOException e) {
            throw LoadFailureException.broken(e);
        }
    }

    private void serve(Connection connection, Connection.ReplySink sink, GoesOn goesOn) {
        try {
            var replies = connection.receive(sink);
            if (replies > 0) {
                unanswered -= replies;
                lastReplyNanos = System.nanoTime();
            }
            fill(connection, goesOn);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill(Connection connection, GoesOn goesOn) throws IOException {
        if (connection.hasRoom()) {
            var now = System.nanoTime();
            while (connection.hasRoom() && goesOn.goesOn(connection)) {
                connection.ask(now);
                unanswered++;
            }
        }
        connection.flush();
    }

    private void checkStall() {
        if (unanswered > 0 && System.nanoTime() - lastReplyNanos > STALL_MAX.toNanos()) {
            throw new LoadFailureException(
                    "no reply for %d s to %d requests"
                            .formatted(STALL_MAX.toSeconds(), unanswered));
        }
    }

    /// Warm-up, then the measured part, then the end.
    private static final class ClosedLoop implements Connection.ReplySink {
        private final long beginNanos;
        private final long lengthNanos;
        private final Boundary boundary;
        private final Histogram latency =
                new Histogram(LATENCY_NANOS_MIN, LATENCY_NANOS_MAX, LATENCY_DIGITS);
        private boolean measuring;
        private boolean over;
        private long begunNanos;
        private long requests;
        private long nanos;

        ClosedLoop(Duration warmUp, Duration length, Boundary boundary) {
            beginNanos = System.nanoTime() + warmUp.toNanos();
            lengthNanos = length.toNanos();
            this.boundary = boundary;
        }

        @Override
        public void replied(long sentNanos, long nowNanos) {
            if (over) {
                return;
            }
            if (!measuring) {
                if (nowNanos >= beginNanos) {
                    measuring = true;
                    boundary.begin();
                    begunNanos = System.nanoTime();
                }
                return;
            }
            requests++;
            latency.recordValue(Math.min(nowNanos - sentNanos, LATENCY_NANOS_MAX));
            if (nowNanos - begunNanos >= lengthNanos) {
                over = true;
                nanos = nowNanos - begunNanos;
                boundary.end();
            }
        }

        boolean goesOn() {
            return !over;
        }

        Measured result() {
            return new Measured(requests, nanos, latency);
        }
    }
}
