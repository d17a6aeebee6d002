package io.witan.benchmarks.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Thousands of sessions that do next to nothing, all in the calling thread. They share one buffer,
/// so that a session costs this process a socket and little else.
///
/// Answers are not looked into but counted, in bytes: how long each must be is known, and one that
/// tells of an error is shorter, so that a crowd which is answered wrongly never has all it waits
/// for, or has more than that.
public final class Crowd implements AutoCloseable {

    private static final Duration STALL_MAX = Duration.ofSeconds(60);
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LENGTH_BYTES = 4;

    /// How many connect at the same time.
    private static final int CONNECTING = 100;

    /// Connections from one address: fewer than the system has ports for.
    private static final int PER_ADDRESS = 20_000;

    private final Selector selector;
    private final List<Connection> connections;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /// What has come and what is to come, in bytes.
    private long received;

    private long expected;

    private Crowd(Selector selector, List<Connection> connections) {
        this.selector = selector;
        this.connections = connections;
    }

    public static Crowd connect(InetSocketAddress server, int count) {
        var connections = new ArrayList<Connection>();
        try {
            while (connections.size() < count) {
                var first = connections.size();
                for (var i = first; i < Math.min(count, first + CONNECTING); i++) {
                    connections.add(Connection.ask(server, from(server, i)));
                }
                for (var connection : connections.subList(first, connections.size())) {
                    connection.awaitSession();
                }
            }
            var selector = Selector.open();
            for (var connection : connections) {
                connection.register(selector);
            }
            return new Crowd(selector, connections);
        } catch (IOException e) {
            Connection.abandonAll(connections);
            throw new LoadFailureException(
                    "cannot open session %d of %d to %s: %s"
                            .formatted(connections.size(), count, server, e.getMessage()),
                    e);
        }
    }

    /// The first come from wherever the system says, the others from 127.0.0.2 and so on.
    private static @Nullable InetSocketAddress from(InetSocketAddress server, int number) {
        var address = number / PER_ADDRESS;
        return address == 0 || !server.getAddress().isLoopbackAddress()
                ? null
                : new InetSocketAddress("127.0.0." + (1 + address), 0);
    }

    /// Every session asks this once; returns when all are answered.
    ///
    /// @param replyBytes the length of the reply
    public void all(byte[] frame, int replyBytes) {
        try {
            for (var connection : connections) {
                send(connection, frame, replyBytes);
                receive();
            }
        } catch (IOException e) {
            throw LoadFailureException.broken(e);
        }
        await();
    }

    /// The first session asks this; returns when it is answered, and every session has got so many
    /// bytes of events.
    ///
    /// @param eventBytes the length of the event
    public void one(byte[] frame, int replyBytes, int eventBytes) {
        expected += connections.size() * (long) (LENGTH_BYTES + eventBytes);
        try {
            send(connections.getFirst(), frame, replyBytes);
        } catch (IOException e) {
            throw LoadFailureException.broken(e);
        }
        await();
    }

    /// The sessions ask this in turn, so many a second altogether, for some time.
    public void inTurn(byte[] frame, int replyBytes, int perSecond, Duration length) {
        var start = System.nanoTime();
        var count = length.toSeconds() * perSecond;
        try {
            for (var sent = 0L; sent < count; sent++) {
                var due = start + sent * 1_000_000_000L / perSecond;
                LockSupport.parkNanos(due - System.nanoTime());
                send(connections.get((int) (sent % connections.size())), frame, replyBytes);
                receive();
            }
        } catch (IOException e) {
            throw LoadFailureException.broken(e);
        }
        await();
    }

    private void send(Connection connection, byte[] frame, int replyBytes) throws IOException {
        expected += LENGTH_BYTES + replyBytes;
        if (connection.channel().write(ByteBuffer.wrap(frame)) < frame.length) {
            throw new IOException("the server does not take what is sent to it");
        }
    }

    private final Consumer<SelectionKey> read = this::read;

    /// What is there by now.
    private void receive() throws IOException {
        selector.selectNow(read);
    }

    private void await() {
        try {
            var last = System.nanoTime();
            var before = received;
            while (received < expected) {
                selector.select(read, 1000);
                if (received > before) {
                    before = received;
                    last = System.nanoTime();
                } else if (System.nanoTime() - last > STALL_MAX.toNanos()) {
                    throw new LoadFailureException(
                            "nothing came for %d s, and %,d bytes are missing"
                                    .formatted(STALL_MAX.toSeconds(), expected - received));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw LoadFailureException.broken(e);
        }
        if (received > expected) {
            throw new LoadFailureException(
                    "%,d bytes came that nobody asked for".formatted(received - expected));
        }
    }

    private void read(SelectionKey key) {
        try {
            var bytes = ((SocketChannel) key.channel()).read(in.clear());
            if (bytes < 0) {
                throw new LoadFailureException("the server closed a connection");
            }
            received += bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends all sessions and waits until the server has done so.
    @Override
    public void close() {
        Connection.closeAll(connections, selector);
    }
}
