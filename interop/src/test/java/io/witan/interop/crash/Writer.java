package io.witan.interop.crash;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.ServerProcess;
import io.witan.interop.crash.Subtree.Znode;
import io.witan.interop.wire.Jute;
import io.witan.interop.wire.Reply;
import io.witan.interop.wire.WireConnection;
import io.witan.interop.wire.WireConnection.Session;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/// A client with a subtree of its own. It writes with several requests under way at a time until
/// the server dies, and knows which trees the server may show afterwards: the one after the last
/// write that was acknowledged, or after any of those that were sent behind it, in their order.
final class Writer {

    private static final int EXISTS = 3;
    private static final int GET_DATA = 4;
    private static final int GET_CHILDREN = 8;
    private static final int UNDER_WAY_MAX = 12;

    /// Longer than the whole test: nothing expires in it.
    private static final int SESSION_TIMEOUT_MILLIS = 600_000;

    private final String root;
    private final Random random;
    private int requests;

    private @Nullable Session session;
    private @Nullable Session closedSession;

    /// After the last acknowledged write; null as long as the subtree itself may not be there.
    private @Nullable Subtree acknowledged;

    /// The zxid of that write. Every later one has a greater one, restarts or not.
    private long acknowledgedZxid;

    /// Sent since then and not acknowledged, oldest first.
    private final Deque<Write> underWay = new ArrayDeque<>();

    Writer(String root, long seed) {
        this.root = root;
        this.random = new Random(seed);
    }

    /// Connects and checks what the server has kept: one of the subtrees that it may have, with the
    /// session alive or closed as in that one.
    void resume(ServerProcess server) throws IOException {
        boolean sessionOpen = session == null || isAccepted(server, session);
        if (closedSession != null) {
            assertThat(isAccepted(server, closedSession)).as("a closed session lives").isFalse();
            closedSession = null;
        }
        Subtree found;
        try (var reading = new WireConnection(server.address())) {
            reading.connect(SESSION_TIMEOUT_MILLIS);
            found = read(reading, sessionOpen);
        }
        assertThat(possible()).as("what %s may hold after the crash", root).contains(found);
        acknowledged = found == null ? null : found.reopened();
        underWay.clear();
        if (!sessionOpen) {
            session = null;
        }
    }

    /// Writes until the connection breaks.
    void writeUntilTheServerDies(ServerProcess server, Runnable onAcknowledgement) {
        while (true) {
            try (var connection = new WireConnection(server.address())) {
                if (session == null) {
                    session = connection.connect(SESSION_TIMEOUT_MILLIS);
                } else {
                    long renewed = connection.renew(session).id();
                    assertThat(renewed).as("a session that nobody closed").isEqualTo(session.id());
                }
                writeUntilTheSessionIsClosed(connection, onAcknowledgement);
            } catch (IOException e) {
                // The server has died.
                return;
            }
        }
    }

    private void writeUntilTheSessionIsClosed(WireConnection connection, Runnable onAcknowledgement)
            throws IOException {
        boolean closing = false;
        while (true) {
            while (!closing && underWay.size() < UNDER_WAY_MAX) {
                Write next = next();
                closing = !next.after().sessionOpen();
                underWay.add(next);
                connection.send(
                        new Jute()
                                .integer(requests)
                                .integer(next.type())
                                .bytes(next.body())
                                .bytes());
            }
            Reply reply = connection.reply();
            Write done = underWay.remove();
            assertThat(reply.err()).as("the reply to %s", done).isEqualTo(done.err());
            assertThat(reply.zxid()).isGreaterThan(acknowledgedZxid);
            acknowledged = done.after().reopened();
            acknowledgedZxid = reply.zxid();
            onAcknowledgement.run();
            if (!done.after().sessionOpen()) {
                closedSession = session;
                session = null;
                return;
            }
        }
    }

    private Write next() {
        requests++;
        Subtree now = underWay.isEmpty() ? acknowledged : underWay.getLast().after();
        if (now == null) {
            return Write.createRoot(root);
        }
        return random.nextInt(200) == 0
                ? Write.closeSession(now)
                : Write.random(root, now, requests, random);
    }

    private List<@Nullable Subtree> possible() {
        List<@Nullable Subtree> possible = new ArrayList<>();
        possible.add(acknowledged);
        underWay.forEach(write -> possible.add(write.after()));
        return possible;
    }

    private static boolean isAccepted(ServerProcess server, Session session) throws IOException {
        try (var connection = new WireConnection(server.address())) {
            return connection.renew(session).id() == session.id();
        }
    }

    private @Nullable Subtree read(WireConnection connection, boolean sessionOpen)
            throws IOException {
        if (connection.call(1, EXISTS, new Jute().string(root).bool(false)).err() != 0) {
            return null;
        }
        var znodes = new TreeMap<String, Znode>();
        var children = connection.call(2, GET_CHILDREN, new Jute().string(root).bool(false)).body();
        for (int count = children.integer(); count > 0; count--) {
            String name = children.string();
            var path = new Jute().string(root + "/" + name).bool(false);
            var znode = connection.call(3, GET_DATA, path).body();
            String data = new String(znode.buffer(), UTF_8);
            var stat = znode.stat();
            znodes.put(name, new Znode(data, stat.version(), stat.ephemeralOwner() != 0));
        }
        var path = new Jute().string(root).bool(false);
        var stat = connection.call(4, EXISTS, path).body().stat();
        int creates = (stat.cversion() + znodes.size()) / 2;
        return new Subtree(znodes, creates, sessionOpen);
    }
}
