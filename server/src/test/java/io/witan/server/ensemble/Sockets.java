package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Plain sockets, with which a test is at the other end of a port. All are closed with this.
final class Sockets implements Closeable {

    static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int SWALLOWED_MILLIS = 500;

    private final Deque<Closeable> open = new ArrayDeque<>();

    /// A connection to that port of this machine.
    Socket to(int port) throws IOException {
        var socket = new Socket(HERE, port);
        open.push(socket);
        return patient(socket);
    }

    /// Listens at a port that is free.
    ServerSocket listening() throws IOException {
        var listening = new ServerSocket(0, 50, HERE);
        listening.setSoTimeout(PATIENCE_MILLIS);
        open.push(listening);
        return listening;
    }

    /// Nobody is answered there, as if a network swallowed everything: the system keeps so many
    /// waiting connections, and there are as many.
    int swallowingPort() throws IOException {
        var full = new ServerSocket(0, 1, HERE);
        open.push(full);
        while (true) {
            var waiting = new Socket();
            open.push(waiting);
            try {
                waiting.connect(full.getLocalSocketAddress(), SWALLOWED_MILLIS);
            } catch (SocketTimeoutException swallowed) {
                return full.getLocalPort();
            }
        }
    }

    Socket accepted(ServerSocket listening) throws IOException {
        var socket = listening.accept();
        open.push(socket);
        return patient(socket);
    }

    private static Socket patient(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /// It was free a moment ago.
    static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, HERE)) {
            return free.getLocalPort();
        }
    }

    /// A port that nobody else can have, and at which nobody listens.
    int deadPort() throws IOException {
        var dead = new Socket();
        open.push(dead);
        dead.bind(new InetSocketAddress(HERE, 0));
        return dead.getLocalPort();
    }

    /// A connection that is reset is closed, too. What the other end has said before is read over.
    static void assertIsClosed(Socket socket) {
        try {
            while (socket.getInputStream().read() >= 0) {
                // What it says meanwhile.
            }
        } catch (IOException reset) {
            assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
        }
    }

    /// The other end may have closed it already; that is seen by reading.
    static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // See above.
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
    }
}
