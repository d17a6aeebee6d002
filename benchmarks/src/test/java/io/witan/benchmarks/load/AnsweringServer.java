package io.witan.benchmarks.load;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// Speaks just enough of the protocol to be measured: grants every session and answers every
/// request with success and a body of zeros.
final class AnsweringServer implements AutoCloseable {

    private static final int CLOSE_SESSION = -11;

    private final ServerSocket listener;
    private final int replyBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger sessionsClosed = new AtomicInteger();
    private volatile int error;
    private volatile int hangUpAfter = Integer.MAX_VALUE;

    private AnsweringServer(ServerSocket listener, int replyBytes) {
        this.listener = listener;
        this.replyBytes = replyBytes;
    }

    static AnsweringServer start(int replyBytes) {
        try {
            var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            var server = new AnsweringServer(listener, replyBytes);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int requests() {
        return requests.get();
    }

    int sessionsClosed() {
        return sessionsClosed.get();
    }

    void answerWithError(int code) {
        error = code;
    }

    void hangUpAfter(int count) {
        hangUpAfter = count;
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The listener was closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            in.skipNBytes(in.readInt());
            out.write(sessionGranted());
            while (true) {
                var length = in.readInt();
                var xid = in.readInt();
                var type = in.readInt();
                in.skipNBytes(length - 8L);
                if (type == CLOSE_SESSION) {
                    sessionsClosed.incrementAndGet();
                    return;
                }
                if (requests.incrementAndGet() > hangUpAfter) {
                    return;
                }
                out.write(reply(xid));
            }
        } catch (IOException _) {
            // The client went away.
        }
    }

    private static byte[] sessionGranted() {
        var response = new byte[4 + 37];
        response[3] = 37;
        response[4 + 6] = 1;
        return response;
    }

    private byte[] reply(int xid) {
        var bytes = ByteBuffer.allocate(4 + replyBytes);
        bytes.putInt(replyBytes).putInt(xid).putLong(1).putInt(error);
        return bytes.array();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
