package io.witan.benchmarks.subject;

import io.witan.benchmarks.load.Requests;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Tries, again and again, to read a znode from a server that is starting.
///
/// Once somebody listens, each try is a connection of its own beside those that still wait: Apache
/// ZooKeeper 3.9.4 never answers a client that connects in the wrong moment of its start, and a
/// probe that waited for such an answer would measure its own patience.
final class FirstRead implements AutoCloseable {

    private static final int TRIES_MAX = 1000;
    private static final long NOT_YET = Long.MIN_VALUE;

    private final InetSocketAddress server;
    private final AtomicLong answeredNanos = new AtomicLong(NOT_YET);
    private final Set<Socket> waiting = ConcurrentHashMap.newKeySet();

    FirstRead(InetSocketAddress server) {
        this.server = server;
    }

    /// When a read was answered; until then each call starts another try.
    OptionalLong nanosIfAnswered() {
        if (answeredNanos.get() == NOT_YET && waiting.size() < TRIES_MAX) {
            tryOnce();
        }
        var nanos = answeredNanos.get();
        return nanos == NOT_YET ? OptionalLong.empty() : OptionalLong.of(nanos);
    }

    private void tryOnce() {
        var socket = new Socket();
        try {
            socket.connect(server, 1000);
            socket.setTcpNoDelay(true);
        } catch (IOException _) {
            close(socket);
            return;
        }
        waiting.add(socket);
        Thread.ofVirtual().start(() -> read(socket));
    }

    /// A new session reads `/zookeeper`, which is there from the start.
    private void read(Socket socket) {
        try (socket) {
            var out = socket.getOutputStream();
            var in = socket.getInputStream();
            out.write(Requests.connect(10_000));
            if (frame(in) == null) {
                return;
            }
            out.write(Requests.getData("/zookeeper", false));
            var reply = frame(in);
            if (reply != null && ByteBuffer.wrap(reply).getInt(12) == 0) {
                answeredNanos.compareAndSet(NOT_YET, System.nanoTime());
            }
            out.write(Requests.closeSession());
            in.readAllBytes();
        } catch (IOException _) {
            // Not ready, or another try was faster and closed this one.
        } finally {
            waiting.remove(socket);
        }
    }

    private static byte @Nullable [] frame(InputStream in) throws IOException {
        var length = in.readNBytes(4);
        if (length.length < 4) {
            return null;
        }
        var bytes = ByteBuffer.wrap(length).getInt();
        var frame = in.readNBytes(bytes);
        return frame.length == bytes ? frame : null;
    }

    @Override
    public void close() {
        waiting.forEach(FirstRead::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Closing was all that was left to do with it.
        }
    }
}
