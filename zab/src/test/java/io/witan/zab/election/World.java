package io.witan.zab.election;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.zab.config.Configs;
import io.witan.zab.quorum.Oracle;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Servers that elect, and the links between them, in virtual time. One seed decides everything.
///
/// Links do what section 2 of the quorum specification says: dialled when there is something to
/// send, one message waiting at most, in order, and the last message sent again on a new link. A
/// link that breaks loses what is on its way; both ends learn of it, each in its time. What follows
/// an election is played by [WorldServer] in the simplest way that can be right.
final class World {

    final Random random;
    final EnsembleConfig committed;
    final EnsembleConfig lastSeen;
    final SortedMap<Long, WorldServer> servers = new TreeMap<>();

    /// How long a message takes at most, on a link and for the end of one to be noticed.
    int delayMillisMax = 20;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::number));
    private final SortedMap<String, Link> links = new TreeMap<>();
    private final SortedSet<String> cut = new TreeSet<>();
    private final List<String> log = new ArrayList<>();
    private long nowMillis;
    private long eventCount;

    World(long seed, EnsembleConfig committed, EnsembleConfig lastSeen) {
        this.random = new Random(seed);
        this.committed = committed;
        this.lastSeen = lastSeen;
        var sids = new TreeSet<Long>(committed.members().keySet());
        sids.addAll(lastSeen.members().keySet());
        for (long sid : sids) {
            servers.put(sid, new WorldServer(this, sid));
        }
    }

    // ---- time

    private record Event(long atMillis, long number, Runnable action) {}

    long now() {
        return nowMillis;
    }

    void after(long millis, Runnable action) {
        events.add(new Event(nowMillis + millis, eventCount++, action));
    }

    void runFor(long millis) {
        runUntil(nowMillis + millis, () -> false);
    }

    /// @return whether the condition came true in time
    boolean runFor(long millis, java.util.function.BooleanSupplier condition) {
        return runUntil(nowMillis + millis, condition);
    }

    private boolean runUntil(long endMillis, java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Event event = events.peek();
            if (event == null || event.atMillis > endMillis) {
                nowMillis = endMillis;
                return condition.getAsBoolean();
            }
            events.remove();
            nowMillis = event.atMillis;
            event.action.run();
        }
        return true;
    }

    int delay() {
        return random.nextInt(delayMillisMax + 1);
    }

    void log(String line) {
        log.add("%7d  %s".formatted(nowMillis, line));
    }

    String story() {
        return "\n" + String.join("\n", log.subList(Math.max(0, log.size() - 200), log.size()));
    }

    Configs configs() {
        return new Configs(true, committed, lastSeen, Oracle.NONE);
    }

    WorldServer server(long sid) {
        WorldServer server = servers.get(sid);
        if (server == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return server;
    }

    // ---- links

    /// What two servers have between them.
    private static final class Link {
        boolean up;
        boolean dialling;

        /// Counts connections: what belongs to an earlier one is lost.
        int connection;

        /// By direction: what waits for the link, what was sent last, when the last one arrives.
        final SortedMap<Long, Notification> waiting = new TreeMap<>();

        final SortedMap<Long, Notification> last = new TreeMap<>();
        final SortedMap<Long, Long> arrival = new TreeMap<>();
    }

    private static String pair(long one, long other) {
        return Math.min(one, other) + "-" + Math.max(one, other);
    }

    private Link link(long one, long other) {
        return links.computeIfAbsent(pair(one, other), key -> new Link());
    }

    void send(long from, long to, Notification notification) {
        Link link = link(from, to);
        link.last.put(from, notification);
        if (link.up) {
            deliver(link, from, to, notification);
            return;
        }
        link.waiting.put(from, notification);
        if (!link.dialling) {
            link.dialling = true;
            int connection = link.connection;
            after(delay(), () -> dialled(link, from, to, connection));
        }
    }

    private void dialled(Link link, long from, long to, int connection) {
        link.dialling = false;
        if (link.connection != connection || link.up || !server(from).isUp()) {
            return;
        }
        if (isCut(from, to) || !server(to).isUp()) {
            // Refused at once, or nothing is heard for as long as a dial may take.
            int incarnation = server(from).incarnation();
            after(
                    isCut(from, to) ? 5000 : delay(),
                    () -> tell(from, incarnation, to, false, link, connection));
            return;
        }
        link.up = true;
        link.arrival.clear();
        server(from).linkChanged(to, true);
        server(to).linkChanged(from, true);
        for (long end : new long[] {from, to}) {
            Notification first = link.waiting.remove(end);
            if (first == null) {
                first = link.last.get(end);
            }
            if (first != null && link.up) {
                deliver(link, end, end == from ? to : from, first);
            }
        }
    }

    private void deliver(Link link, long from, long to, Notification notification) {
        long at = Math.max(nowMillis + delay(), link.arrival.getOrDefault(from, 0L));
        link.arrival.put(from, at);
        int connection = link.connection;
        after(
                at - nowMillis,
                () -> {
                    if (link.up && link.connection == connection) {
                        log(
                                "  %d -> %d: %s %d, %x in round %d, epoch %d"
                                        .formatted(
                                                from,
                                                to,
                                                Notification.stateName(notification.state()),
                                                notification.leader(),
                                                notification.zxid(),
                                                notification.electionEpoch(),
                                                notification.peerEpoch()));
                        server(to).notified(from, notification);
                    }
                });
    }

    private void tell(long sid, int incarnation, long of, boolean up, Link link, int connection) {
        WorldServer server = server(sid);
        if (server.isUp()
                && server.incarnation() == incarnation
                && link.connection == connection
                && link.up == up) {
            server.linkChanged(of, up);
        }
    }

    void breakLink(long one, long other) {
        Link link = link(one, other);
        if (!link.up) {
            return;
        }
        link.up = false;
        link.connection++;
        link.waiting.clear();
        int connection = link.connection;
        for (long end : new long[] {one, other}) {
            int incarnation = server(end).incarnation();
            long far = end == one ? other : one;
            after(delay(), () -> tell(end, incarnation, far, false, link, connection));
        }
    }

    /// A server is gone: its links break, and it has nothing more to say.
    void breakLinks(long sid) {
        for (long other : servers.keySet()) {
            if (other != sid) {
                breakLink(sid, other);
                Link link = link(sid, other);
                link.waiting.remove(sid);
                link.last.remove(sid);
            }
        }
    }

    boolean isCut(long one, long other) {
        return cut.contains(pair(one, other));
    }

    void cut(long one, long other) {
        cut.add(pair(one, other));
        breakLink(one, other);
    }

    void healAll() {
        cut.clear();
    }

    // ---- what came of it

    /// The only established leader, followed by all voters that are up; null if it is not so.
    @Nullable WorldServer leaderOfAll() {
        WorldServer leader = null;
        for (WorldServer server : servers.values()) {
            if (server.isEstablished()) {
                if (leader != null) {
                    return null;
                }
                leader = server;
            }
        }
        if (leader == null) {
            return null;
        }
        for (WorldServer server : servers.values()) {
            if (server.isUp() && server != leader && !server.isServedBy(leader)) {
                return null;
            }
        }
        return leader;
    }
}
