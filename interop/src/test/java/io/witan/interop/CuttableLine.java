package io.witan.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A line between a client and a server that a test can cut and mend: a forwarder that drops its
/// connections, and while it is cut, new ones as well.
public final class CuttableLine implements AutoCloseable {

    private final ServerSocket entry;
    private final List<Socket> sockets = new ArrayList<>();
    private InetSocketAddress server;
    private boolean cut;

    public CuttableLine(InetSocketAddress server) {
        this.server = server;
        try {
            this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public String connectString() {
        return "127.0.0.1:" + entry.getLocalPort();
    }

    /// From now on nothing goes through.
    public synchronized void cut() {
        cut = true;
        sockets.forEach(CuttableLine::end);
        sockets.clear();
    }

    public synchronized void mend() {
        cut = false;
    }

    /// From now on the line ends at another server.
    public synchronized void leadTo(InetSocketAddress other) {
        server = other;
        cut();
        mend();
    }

    @Override
    public void close() {
        cut();
        end(entry);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = entry.accept();
                connect(client);
            }
        } catch (IOException e) {
            // The line was closed.
        }
    }

    private synchronized void connect(Socket client) {
        if (cut) {
            end(client);
            return;
        }
        try {
            var onward = new Socket(server.getAddress(), server.getPort());
            sockets.add(client);
            sockets.add(onward);
            Thread.ofVirtual().start(() -> forward(client, onward));
            Thread.ofVirtual().start(() -> forward(onward, client));
        } catch (IOException e) {
            end(client);
        }
    }

    private static void forward(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either end is gone, and with it the connection.
        }
        end(from);
        end(to);
    }

    private static void end(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
