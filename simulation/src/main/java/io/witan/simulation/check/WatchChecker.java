package io.witan.simulation.check;

import io.witan.simulation.check.model.Change;
import io.witan.simulation.check.model.Model;
import io.witan.simulation.check.model.ModelNode;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.AddWatchMode;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.WatcherEvent;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// W1 to W4: every change that a connection watches is told, once, in order, and before anything
/// that shows it.
///
/// A reply names the zxid up to which it shows the state. So when it comes, the events of all
/// changes up to there must have come, and no others.
final class WatchChecker implements Checker {

    private static final long CATCH_UP = -1;

    private final Model model;
    private final SortedMap<Integer, Connection> connections = new TreeMap<>();

    WatchChecker(Model model) {
        this.model = model;
    }

    /// A client's connection.
    private static final class Connection {
        private final int client;
        private final WatchedPaths watches = new WatchedPaths();

        /// Events that have come and are not explained by a change yet.
        private final Deque<TraceEvent.Notified> told = new ArrayDeque<>();

        /// How many of the model's changes this connection has seen.
        private int position;

        private Connection(int client) {
            this.client = client;
        }
    }

    @Override
    public String invariant() {
        return "W1 W2 W3 W4";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.ConnectAsked e ->
                    connections.put(e.client(), new Connection(e.client()));
            case TraceEvent.Notified e -> connection(e.client()).told.addLast(e);
            case TraceEvent.PingAnswered e ->
                    shows(connection(e.client()), e.zxid(), "W3", verdict);
            case TraceEvent.Replied e -> replied(e, verdict);
            case TraceEvent.Disconnected e -> disconnected(e, verdict);
            default -> {
                // No watch is concerned.
            }
        }
    }

    private Connection connection(int client) {
        return connections.computeIfAbsent(client, Connection::new);
    }

    private void replied(TraceEvent.Replied e, Verdict verdict) {
        Connection connection = connection(e.client());
        Model.Asked asked = model.asked(e.sessionId(), e.xid());
        if (asked == null || e.zxid() <= 0) {
            return;
        }
        Request request = asked.request();
        if (request instanceof Request.SetWatches2 again && e.err() == ErrorCode.OK) {
            setAgain(connection, again, e.zxid(), verdict);
            return;
        }
        shows(connection, e.zxid(), "W1", verdict);
        register(connection, request, e.err(), verdict);
    }

    private static void register(Connection connection, Request request, int err, Verdict verdict) {
        switch (request) {
            case Request.Watchable read when read.watch() -> {
                boolean isOfData = read.type() == OpCode.GET_DATA || read.type() == OpCode.EXISTS;
                boolean isMissing = read.type() == OpCode.EXISTS && err == ErrorCode.NO_NODE;
                if (err == ErrorCode.OK || isMissing) {
                    (isOfData ? connection.watches.data : connection.watches.child)
                            .add(text(read.path()));
                }
            }
            case Request.AddWatch add when err == ErrorCode.OK ->
                    (add.mode() == AddWatchMode.PERSISTENT
                                    ? connection.watches.persistent
                                    : connection.watches.recursive)
                            .add(text(add.path()));
            case Request.OfWatches remove when remove.type() == OpCode.REMOVE_WATCHES -> {
                String path = text(remove.path());
                if (err == ErrorCode.NO_WATCHER && connection.watches.watches(path)) {
                    verdict.violated("W3", "the watch of " + path + " is gone");
                }
                if (err == ErrorCode.OK) {
                    connection.watches.remove(path);
                }
            }
            default -> {
                // Sets no watch.
            }
        }
    }

    // ---- what a connection is shown

    /// The connection is shown the state at `zxid`.
    private void shows(Connection connection, long zxid, String id, Verdict verdict) {
        if (zxid <= 0) {
            return;
        }
        List<Change> changes = model.tree().changes();
        while (connection.position < changes.size()
                && changes.get(connection.position).zxid() <= zxid) {
            Change change = changes.get(connection.position++);
            if (!connection.watches.isEmpty()) {
                for (WatchedPaths.Event expected :
                        connection.watches.fire(change, connection.client)) {
                    mustBeTold(connection, expected, change.zxid(), id, verdict);
                }
            }
        }
        TraceEvent.Notified next = connection.told.peekFirst();
        if (next != null && next.zxid() <= zxid) {
            boolean isChildEvent = next.eventType() == WatcherEvent.NODE_CHILDREN_CHANGED;
            verdict.violated(
                    isChildEvent && connection.watches.recursive.contains(next.path())
                            ? "W4"
                            : "W2",
                    "nothing that is watched explains event "
                            + name(next)
                            + " at "
                            + Zxids.hex(next.zxid()));
            connection.told.clear();
        }
    }

    private static void mustBeTold(
            Connection connection,
            WatchedPaths.Event expected,
            long zxid,
            String id,
            Verdict verdict) {
        TraceEvent.Notified told = connection.told.peekFirst();
        boolean isTold =
                told != null
                        && told.eventType() == expected.type()
                        && told.path().equals(expected.path())
                        && (told.zxid() == zxid || told.zxid() == CATCH_UP);
        if (isTold) {
            connection.told.removeFirst();
            verdict.reached("watch events: " + expected.type());
            return;
        }
        boolean comesLater = false;
        for (TraceEvent.Notified later : connection.told) {
            comesLater |=
                    later.eventType() == expected.type() && later.path().equals(expected.path());
        }
        verdict.violated(
                comesLater ? "W4" : id,
                "the change of "
                        + expected.path()
                        + " at "
                        + Zxids.hex(zxid)
                        + " (event "
                        + expected.type()
                        + ") "
                        + (told == null ? "was not told" : "should be told, not " + name(told)));
    }

    private void disconnected(TraceEvent.Disconnected e, Verdict verdict) {
        Connection connection = connections.remove(e.client());
        if (connection == null) {
            return;
        }
        // The connection may have ended in the middle: what came must be right, more need not come.
        List<Change> changes = model.tree().changes();
        while (!connection.told.isEmpty() && connection.position < changes.size()) {
            Change change = changes.get(connection.position++);
            for (WatchedPaths.Event expected : connection.watches.fire(change, connection.client)) {
                if (!connection.told.isEmpty() && !isCatchUp(connection.told.getFirst())) {
                    mustBeTold(connection, expected, change.zxid(), "W3", verdict);
                }
            }
        }
    }

    private static boolean isCatchUp(TraceEvent.Notified event) {
        return event.zxid() == CATCH_UP;
    }

    // ---- after a reconnection

    /// Watches are set again: what was missed comes at once, the rest is watched on.
    private void setAgain(
            Connection connection, Request.SetWatches2 again, long zxid, Verdict verdict) {
        long since = again.relativeZxid();
        List<WatchedPaths.Event> missed = new ArrayList<>();
        for (String path : texts(again.dataWatches())) {
            ModelNode node = model.tree().nodeAt(path, zxid);
            if (node == null) {
                missed.add(new WatchedPaths.Event(WatcherEvent.NODE_DELETED, path));
            } else if (node.mzxid() > since) {
                missed.add(new WatchedPaths.Event(WatcherEvent.NODE_DATA_CHANGED, path));
            } else {
                connection.watches.data.add(path);
            }
        }
        for (String path : texts(again.existWatches())) {
            if (model.tree().nodeAt(path, zxid) != null) {
                missed.add(new WatchedPaths.Event(WatcherEvent.NODE_CREATED, path));
            } else {
                connection.watches.data.add(path);
            }
        }
        for (String path : texts(again.childWatches())) {
            ModelNode node = model.tree().nodeAt(path, zxid);
            if (node == null) {
                missed.add(new WatchedPaths.Event(WatcherEvent.NODE_DELETED, path));
            } else if (node.pzxid() > since) {
                missed.add(new WatchedPaths.Event(WatcherEvent.NODE_CHILDREN_CHANGED, path));
            } else {
                connection.watches.child.add(path);
            }
        }
        connection.watches.persistent.addAll(texts(again.persistentWatches()));
        connection.watches.recursive.addAll(texts(again.persistentRecursiveWatches()));
        if (!missed.isEmpty()) {
            verdict.reached("missed events after a reconnection");
        }
        List<WatchedPaths.Event> told = new ArrayList<>();
        for (TraceEvent.Notified event : connection.told) {
            told.add(new WatchedPaths.Event(event.eventType(), event.path()));
        }
        connection.told.clear();
        if (!told.equals(missed)) {
            verdict.violated(
                    "W3",
                    "after a reconnection at "
                            + Zxids.hex(zxid)
                            + ", seen "
                            + Zxids.hex(since)
                            + ": told "
                            + told
                            + ", missed "
                            + missed);
        }
        List<Change> changes = model.tree().changes();
        while (connection.position < changes.size()
                && changes.get(connection.position).zxid() <= zxid) {
            connection.position++;
        }
    }

    private static List<String> texts(@Nullable List<byte @Nullable []> paths) {
        List<String> texts = new ArrayList<>();
        if (paths != null) {
            for (byte[] path : paths) {
                texts.add(text(path));
            }
        }
        return texts;
    }

    private static String text(byte @Nullable [] path) {
        return path == null ? "" : new String(path, StandardCharsets.UTF_8);
    }

    private static String name(TraceEvent.Notified event) {
        return event.eventType() + " of " + event.path();
    }
}
