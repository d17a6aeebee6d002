package io.witan.benchmarks.load;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/// One client connection with its session: asks what its script says, checks each reply against
/// what was asked, and knows when each unanswered request was sent.
final class Connection {

    /// Takes every reply; called once per reply, in order.
    interface ReplySink {
        void replied(long sentNanos, long nowNanos);
    }

    private static final int SESSION_TIMEOUT_MILLIS = 300_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final int READ_BUFFER_BYTES = 64 * 1024;
    private static final int LENGTH_BYTES = 4;
    private static final int NOTIFICATION_XID = -1;

    private final SocketChannel channel;

    /// Replies not yet taken; there once a script runs, because an idle connection needs none.
    private ByteBuffer in = ByteBuffer.allocate(0);

    /// Requests not yet written to the socket; in writing position between calls.
    private ByteBuffer out = ByteBuffer.allocate(0);

    private @Nullable SelectionKey key;
    private @Nullable Script script;

    /// When the unanswered requests were sent, and how long their replies must be: rings that start
    /// at `oldest` and hold `unanswered` entries.
    private long[] sentNanos = new long[1];

    private int[] replyBytes = new int[1];
    private int oldest;
    private int unanswered;

    private int nextXid = 1;
    private long asked;
    private long notifications;

    private Connection(SocketChannel channel) {
        this.channel = channel;
    }

    static Connection open(SocketAddress server) throws IOException {
        var connection = ask(server, null);
        try {
            connection.awaitSession();
            return connection;
        } catch (IOException e) {
            connection.abandon();
            throw e;
        }
    }

    /// Asks a server for a session, and does not wait for it; [#awaitSession] does.
    ///
    /// @param from the address of this end; null leaves it to the system
    static Connection ask(SocketAddress server, @Nullable SocketAddress from) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (from != null) {
                channel.bind(from);
            }
            channel.socket().connect(server, CONNECT_TIMEOUT_MILLIS);
            var connection = new Connection(channel);
            connection.writeFully(ByteBuffer.wrap(Requests.connect(SESSION_TIMEOUT_MILLIS)));
            return connection;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    void awaitSession() throws IOException {
        var length = ByteBuffer.allocate(4);
        readFully(length);
        var response = ByteBuffer.allocate(length.getInt(0));
        readFully(response);
        var timeoutMillis = response.getInt(4);
        if (timeoutMillis <= 0) {
            throw new IOException("the server refused the session");
        }
    }

    /// From here on the connection is driven by `selector`.
    void register(Selector selector) throws IOException {
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /// For who drives it without scripts.
    SocketChannel channel() {
        return channel;
    }

    /// Follow this script, with never more than `depth` requests unanswered.
    void follow(Script next, int depth) {
        if (unanswered != 0) {
            throw new IllegalStateException("a script is still running");
        }
        script = next;
        asked = 0;
        oldest = 0;
        if (sentNanos.length != depth) {
            sentNanos = new long[depth];
            replyBytes = new int[depth];
        }
        if (in.capacity() == 0) {
            in = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
        }
        var outBytes = depth * next.frameBytesMax();
        if (out.capacity() < outBytes) {
            out = ByteBuffer.allocateDirect(outBytes);
        }
    }

    boolean hasRoom() {
        return unanswered < sentNanos.length;
    }

    /// Puts the next request into the buffer; [#flush] sends it.
    void ask(long nowNanos) {
        var slot = oldest + unanswered;
        if (slot >= sentNanos.length) {
            slot -= sentNanos.length;
        }
        sentNanos[slot] = nowNanos;
        replyBytes[slot] = script().next(nextXid++, out);
        makeRoom(replyBytes[slot]);
        unanswered++;
        asked++;
    }

    /// The longest reply that was asked for fits.
    private void makeRoom(int replyBytes) {
        if (in.capacity() < LENGTH_BYTES + replyBytes) {
            in = ByteBuffer.allocateDirect(LENGTH_BYTES + replyBytes).put(in.flip());
        }
    }

    void flush() throws IOException {
        if (out.position() == 0) {
            return;
        }
        out.flip();
        channel.write(out);
        var all = !out.hasRemaining();
        out.compact();
        var interest = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        var registered = key();
        if (registered.interestOps() != interest) {
            registered.interestOps(interest);
        }
    }

    /// Takes what has arrived and returns how many replies that were.
    int receive(ReplySink sink) throws IOException {
        if (channel.read(in) < 0) {
            throw new LoadFailureException(
                    "the server closed a connection with " + unanswered + " requests unanswered");
        }
        var now = System.nanoTime();
        var replies = 0;
        in.flip();
        while (in.remaining() >= 4) {
            var length = in.getInt(in.position());
            if (in.remaining() < 4 + length) {
                if (length < 0 || length > in.capacity() - 4) {
                    throw new LoadFailureException("a reply of " + length + " bytes");
                }
                break;
            }
            if (in.getInt(in.position() + 4) == NOTIFICATION_XID) {
                notifications++;
            } else {
                check(length);
                sink.replied(sentNanos[oldest], now);
                oldest = oldest + 1 == sentNanos.length ? 0 : oldest + 1;
                unanswered--;
                replies++;
            }
            in.position(in.position() + 4 + length);
        }
        if (in.position() == 0) {
            // Only the beginning of a long reply: nothing to move.
            in.position(in.limit()).limit(in.capacity());
        } else {
            in.compact();
        }
        return replies;
    }

    private void check(int length) {
        if (unanswered == 0) {
            throw new LoadFailureException("a reply that nothing was asked for");
        }
        var xid = in.getInt(in.position() + 4);
        var error = in.getInt(in.position() + 16);
        var expectedXid = nextXid - unanswered;
        if (xid != expectedXid || error != 0 || length != replyBytes[oldest]) {
            throw new LoadFailureException(
                    "expected the reply to xid %d with err 0 in %d bytes, got xid %d, err %d, %d bytes"
                            .formatted(expectedXid, replyBytes[oldest], xid, error, length));
        }
    }

    boolean mayEnd() {
        return script().mayEnd();
    }

    int unanswered() {
        return unanswered;
    }

    /// Requests since the script began.
    long asked() {
        return asked;
    }

    long notifications() {
        return notifications;
    }

    /// Ends all sessions, waits until the server has done so, and closes their selector.
    static void closeAll(List<Connection> connections, Selector selector) {
        try {
            selector.close();
            for (var connection : connections) {
                connection.sendClose();
            }
            for (var connection : connections) {
                connection.awaitClosed();
            }
        } catch (IOException _) {
            // The server is gone or ended the session itself: nothing is left to end.
            abandonAll(connections);
        }
    }

    static void abandonAll(List<Connection> connections) {
        for (var connection : connections) {
            try {
                connection.abandon();
            } catch (IOException _) {
                // It is being given up because something else failed; that is what gets reported.
            }
        }
    }

    /// Asks the server to end the session. The channel must have left its selector.
    private void sendClose() throws IOException {
        channel.configureBlocking(true);
        writeFully(ByteBuffer.wrap(Requests.closeSession()));
    }

    /// Waits until the server has ended the session, so that no later measurement pays for it.
    private void awaitClosed() throws IOException {
        var rest = ByteBuffer.allocate(1024);
        while (channel.read(rest) >= 0) {
            rest.clear();
        }
        channel.close();
    }

    private void abandon() throws IOException {
        channel.close();
    }

    private Script script() {
        if (script == null) {
            throw new IllegalStateException("no script");
        }
        return script;
    }

    private SelectionKey key() {
        if (key == null) {
            throw new IllegalStateException("not registered");
        }
        return key;
    }

    private void writeFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void readFully(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the server closed the connection during its start");
            }
        }
    }
}
