package io.witan.benchmarks.load;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A synchronous client that keeps its session whatever becomes of its server: asks, waits for the
/// answer, asks again; when a connection breaks it is at the next server at once.
///
/// It waits only when it has been to all of its servers in vain: long enough for asking again to
/// cost the servers little, which share the machine with it and have an election to hold, and so
/// shortly that of several clients one asks every few milliseconds.
public final class RoamingClient implements AutoCloseable {

    /// Is told of every answer; from the client's thread.
    public interface Sink {
        void answered(long zxid, long nowNanos);
    }

    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final int ANSWER_MILLIS_MAX = SESSION_TIMEOUT_MILLIS * 2 / 3;
    private static final int CONNECT_MILLIS_MAX = 1_000;
    private static final int FRAME_BYTES_MAX = 1 << 20;
    private static final int END_MILLIS_MAX = 1_000;
    private static final int START_SECONDS_MAX = 60;
    private static final long IN_VAIN_NANOS = 10_000_000;

    private final List<InetSocketAddress> servers;
    private final byte[] first;
    private final byte[] request;
    private final Sink sink;
    private final Thread thread;
    private final AtomicInteger sessionsLost = new AtomicInteger();
    private final CountDownLatch answered = new CountDownLatch(1);

    private int server;
    private int inVain;
    private int nextXid = 1;
    private long lastZxid;
    private byte[] password = new byte[Requests.PASSWORD_BYTES];
    private volatile long sessionId;
    private volatile boolean stopping;
    private volatile Socket socket = new Socket();

    /// @param servers where it goes, in this order and around, beginning with number `start`
    /// @param first what each new session asks before anything else
    /// @param request what it asks from then on
    private RoamingClient(
            List<InetSocketAddress> servers, int start, byte[] first, byte[] request, Sink sink) {
        this.servers = List.copyOf(servers);
        this.server = start % servers.size();
        this.first = first;
        this.request = request;
        this.sink = sink;
        thread = new Thread(this::run, "roaming-client");
        thread.setDaemon(true);
    }

    public static RoamingClient start(
            List<InetSocketAddress> servers, int start, byte[] first, byte[] request, Sink sink) {
        var client = new RoamingClient(servers, start, first, request, sink);
        client.thread.start();
        return client;
    }

    /// Returns once it is at work: its session is open, and a request has been answered.
    public RoamingClient awaitAnswer() {
        try {
            if (!answered.await(START_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new LoadFailureException(
                        "%s answered nothing for %d s".formatted(servers, START_SECONDS_MAX));
            }
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailureException("interrupted", e);
        }
    }

    /// How often a server said that the session is no more.
    public int sessionsLost() {
        return sessionsLost.get();
    }

    public long sessionId() {
        return sessionId;
    }

    /// Ends the session, if its server still answers.
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join(END_MILLIS_MAX);
            socket.close();
            thread.join();
        } catch (IOException _) {
            // It was to be closed, no more.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopping) {
            try (var connection = new Socket()) {
                socket = connection;
                connection.setTcpNoDelay(true);
                connection.setSoTimeout(ANSWER_MILLIS_MAX);
                connection.connect(servers.get(server), CONNECT_MILLIS_MAX);
                converse(connection);
            } catch (IOException _) {
                roam();
            }
        }
    }

    private void roam() {
        server = (server + 1) % servers.size();
        inVain++;
        if (inVain >= servers.size()) {
            LockSupport.parkNanos(IN_VAIN_NANOS);
        }
    }

    private void converse(Socket connection) throws IOException {
        var in = new DataInputStream(connection.getInputStream());
        var isNew = sessionId == 0;
        connection
                .getOutputStream()
                .write(Requests.connect(SESSION_TIMEOUT_MILLIS, lastZxid, sessionId, password));
        if (!startSession(frame(in))) {
            return;
        }
        if (isNew) {
            ask(connection, in, first);
        }
        while (!stopping) {
            var zxid = ask(connection, in, request);
            inVain = 0;
            sink.answered(zxid, System.nanoTime());
            answered.countDown();
        }
        connection.getOutputStream().write(Requests.closeSession());
        in.readAllBytes();
    }

    /// From `protocol version, timeout, session id, password`. False when the session is gone.
    private boolean startSession(ByteBuffer response) {
        var timeoutMillis = response.getInt(4);
        if (timeoutMillis <= 0) {
            sessionsLost.incrementAndGet();
            sessionId = 0;
            password = new byte[Requests.PASSWORD_BYTES];
            return false;
        }
        sessionId = response.getLong(8);
        response.get(20, password);
        return true;
    }

    /// Returns the zxid of the answer.
    private long ask(Socket connection, DataInputStream in, byte[] frame) throws IOException {
        var xid = nextXid++;
        var bytes = frame.clone();
        ByteBuffer.wrap(bytes).putInt(Requests.XID_OFFSET, xid);
        connection.getOutputStream().write(bytes);
        var reply = frame(in);
        if (reply.getInt(0) != xid || reply.getInt(12) != 0) {
            throw new IOException(
                    "expected the reply to xid %d with err 0, got xid %d, err %d"
                            .formatted(xid, reply.getInt(0), reply.getInt(12)));
        }
        lastZxid = reply.getLong(4);
        return lastZxid;
    }

    private static ByteBuffer frame(DataInputStream in) throws IOException {
        var length = in.readInt();
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new IOException("a reply of " + length + " bytes");
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
