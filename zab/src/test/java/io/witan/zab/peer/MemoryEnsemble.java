package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Several [Peer]s that talk to each other in one thread: messages arrive in the order in which
/// they were sent, disks are instant unless they are stalled, and time passes when [#advance] says
/// so.
final class MemoryEnsemble {

    /// What a link carries: packets, and snapshots between them.
    sealed interface Item {
        record Packet(QuorumPacket packet) implements Item {}

        record Snapshot(List<LogEntry> tree) implements Item {}
    }

    record Link(long sid, long number, long peerSid, long peerNumber) {}

    final SortedMap<Long, MemoryServer> servers = new TreeMap<>();

    /// Who is cut off from everybody else.
    private final TreeSet<Long> isolated = new TreeSet<>();

    /// Events on their way, in order.
    private final Deque<Runnable> events = new ArrayDeque<>();

    /// Every link from both of its ends, by number.
    private final SortedMap<Long, Link> links = new TreeMap<>();

    private long lastLink;
    private long lastValue;
    private final EnsembleConfig config;
    private final UnaryOperator<PeerSettings> settings;
    long nowMillis = 1;

    MemoryEnsemble(EnsembleConfig config) {
        this(config, settings -> settings);
    }

    MemoryEnsemble(EnsembleConfig config, UnaryOperator<PeerSettings> settings) {
        this.config = config;
        this.settings = settings;
        config.members().keySet().forEach(this::add);
    }

    /// A server with an empty disk, which knows the first configuration.
    MemoryServer add(long sid) {
        PeerSettings own = settings.apply(PeerSettings.standard(sid));
        MemoryServer server = new MemoryServer(this, own, config);
        servers.put(sid, server);
        return server;
    }

    MemoryServer server(long sid) {
        MemoryServer server = servers.get(sid);
        if (server == null) {
            throw new IllegalArgumentException("there is no server " + sid);
        }
        return server;
    }

    MemoryEnsemble start() {
        servers.values().forEach(MemoryServer::start);
        return settle();
    }

    // ---- time

    /// Until nothing is on its way any more.
    MemoryEnsemble settle() {
        for (int count = 0; !events.isEmpty(); count++) {
            if (count > 1_000_000) {
                throw new AssertionError("there is no end to the events");
            }
            events.remove().run();
        }
        return this;
    }

    /// So many events, if there are as many.
    void some(int count) {
        for (int i = 0; i < count && !events.isEmpty(); i++) {
            events.remove().run();
        }
    }

    MemoryEnsemble advance(long millis) {
        long end = nowMillis + millis;
        settle();
        for (long next = wakeAt(); next <= end; next = wakeAt()) {
            nowMillis = Math.max(nowMillis, next);
            for (MemoryServer server : servers.values()) {
                server.tickIfDue();
            }
            settle();
        }
        nowMillis = end;
        return this;
    }

    private long wakeAt() {
        long next = Long.MAX_VALUE;
        for (MemoryServer server : servers.values()) {
            next = Math.min(next, server.wakeAtMillis());
        }
        return next;
    }

    /// Never the same, so that two transactions of one zxid would be seen.
    String nextValue() {
        return "value " + ++lastValue;
    }

    void later(Runnable event) {
        events.add(event);
    }

    // ---- network

    boolean canReach(long one, long other) {
        return one == other || !(isolated.contains(one) || isolated.contains(other));
    }

    /// Links of that server break; nothing gets to it or from it, nor what is on its way.
    void isolate(long sid) {
        isolated.add(sid);
        breakLinksOf(sid);
    }

    void heal() {
        isolated.clear();
    }

    void breakLinksOf(long sid) {
        for (Link link : new ArrayList<>(links.values())) {
            if (link.sid == sid && links.containsKey(link.number)) {
                close(link, true);
            }
        }
    }

    private void dial(long sid, long toSid, long attempt, Predicate<MemoryServer> listens) {
        later(() -> {
            MemoryServer to = servers.get(toSid);
            MemoryServer from = server(sid);
            if (to == null || !listens.test(to) || !canReach(sid, toSid)) {
                from.leaderUnreachable(attempt);
                return;
            }
            Link link = new Link(sid, ++lastLink, toSid, ++lastLink);
            links.put(link.number, link);
            links.put(link.peerNumber, new Link(toSid, link.peerNumber, sid, link.number));
            to.event(peer -> peer.learnerConnected(link.peerNumber));
            from.event(peer -> peer.leaderConnected(attempt, link.number));
        });
    }

    void send(long number, Item item) {
        Link link = links.get(number);
        if (link != null) {
            later(() -> {
                if (links.containsKey(link.peerNumber) && canReach(link.sid, link.peerSid)) {
                    server(link.peerSid).arrived(link.peerNumber, item);
                }
            });
        }
    }

    void closed(long number) {
        Link link = links.get(number);
        if (link != null) {
            close(link, false);
        }
    }

    /// The other end learns of it after what was sent before.
    private void close(Link link, boolean tellBoth) {
        links.remove(link.number);
        later(() -> {
            if (links.remove(link.peerNumber) != null) {
                server(link.peerSid).event(peer -> peer.disconnected(link.peerNumber, "closed"));
            }
        });
        if (tellBoth) {
            server(link.sid).event(peer -> peer.disconnected(link.number, "broken"));
        }
    }

    // ---- what tests ask

    /// The server that leads and serves.
    MemoryServer leader() {
        List<MemoryServer> leaders = new ArrayList<>();
        for (MemoryServer server : servers.values()) {
            if (server.isUp()
                    && server.view().state() == AgreementView.State.LEADING
                    && server.view().isServing()) {
                leaders.add(server);
            }
        }
        assertThat(leaders).as("leaders of\n%s", describe()).hasSize(1);
        return leaders.getFirst();
    }

    /// The one of the latest epoch, where an older one does not know yet that it is none any more.
    @Nullable MemoryServer newestLeaderOrNull() {
        MemoryServer newest = null;
        for (MemoryServer server : servers.values()) {
            if (server.isUp()
                    && server.view().state() == AgreementView.State.LEADING
                    && server.view().isServing()
                    && (newest == null
                            || server.view().currentEpoch() > newest.view().currentEpoch())) {
                newest = server;
            }
        }
        return newest;
    }

    /// What all are doing, for failures.
    String describe() {
        StringBuilder text = new StringBuilder();
        for (MemoryServer server : servers.values()) {
            text.append(server.describe()).append('\n');
        }
        return text.toString();
    }

    /// All that are up serve, and have delivered the same.
    void assertAllEqual() {
        List<LogEntry> tree = leader().tree;
        for (MemoryServer server : servers.values()) {
            if (server.isUp()) {
                assertThat(server.view().isServing())
                        .as("%s serves in\n%s", server, describe())
                        .isTrue();
                assertThat(keys(server.tree)).as("tree of %s", server).isEqualTo(keys(tree));
            }
        }
    }

    /// What makes a transaction this one: its zxid and its bytes.
    static List<String> keys(List<LogEntry> entries) {
        return entries.stream()
                .map(entry -> Zxids.hex(entry.zxid()) + ":" + Arrays.hashCode(entry.txn()))
                .toList();
    }

    static List<Long> zxids(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::zxid).toList();
    }

    /// Carries out what a server wants of the network.
    void execute(MemoryServer from, Effect.OnQuorumPort effect) {
        switch (effect) {
            case Effect.AcceptLearners() -> from.acceptLearners(true);
            case Effect.RefuseLearners() -> from.acceptLearners(false);
            case Effect.AcceptObservers() -> from.acceptObservers(true);
            case Effect.RefuseObservers() -> from.acceptObservers(false);
            case Effect.DialLeader(long toSid, long attempt) ->
                    dial(from.sid(), toSid, attempt, MemoryServer::acceptsLearners);
            case Effect.DialObserverMaster(long toSid, long attempt) ->
                    dial(from.sid(), toSid, attempt, MemoryServer::acceptsObservers);
            case Effect.SendPacket(long link, QuorumPacket packet) ->
                    send(link, new Item.Packet(packet));
            case Effect.SendSnapshot(long link, long _) ->
                    send(link, new Item.Snapshot(List.copyOf(from.tree)));
            case Effect.ReceiveSnapshot _ -> {}
            case Effect.CloseLink(long link, String _) -> closed(link);
        }
    }
}
