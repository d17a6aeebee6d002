package io.witan.zab.peer;

import static io.witan.zab.peer.EffectWords.zxid;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;
import io.witan.zab.quorum.Oracle;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A [Peer] that leads learners with a script: server 3, where servers 1 to 3 vote and 4 observes.
/// Each method is something that happens to it, and returns what it wants done for that, in
/// [EffectWords]; packets with the server that they go to: `1 <- COMMIT 1_1`. The disk does nothing
/// until [#disk] or [#diskDoes] lets it.
final class ScriptedLeader {

    static final long SID = 3;

    final Peer peer;

    long now = 1000;

    private final long ownSid;
    private final EnsembleConfig config;
    private final Deque<Effect.OnDisk> disk = new ArrayDeque<>();
    private final List<LogEntry> log = new ArrayList<>();
    private final List<Effect> all = new ArrayList<>();

    /// By sid, and the other way round.
    private final SortedMap<Long, Long> links = new TreeMap<>();

    private final SortedMap<Long, Long> sids = new TreeMap<>();

    private long lastLink = 100;

    ScriptedLeader(PeerSettings settings, PeerStart start, Oracle oracle) {
        peer = new Peer(settings, start, oracle);
        ownSid = settings.serverId();
        config = start.committed();
        log.addAll(start.recent());
    }

    /// A fresh one.
    static ScriptedLeader fresh() {
        return with(0, List.of());
    }

    /// With that log, and both epochs.
    static ScriptedLeader with(long epoch, List<LogEntry> log) {
        return with(PeerSettings.standard(SID), epoch, log, LeaderWords.members(0));
    }

    static ScriptedLeader with(
            PeerSettings settings, long epoch, List<LogEntry> log, EnsembleConfig config) {
        return with(settings, epoch, log, config, config);
    }

    static ScriptedLeader with(
            PeerSettings settings,
            long epoch,
            List<LogEntry> log,
            EnsembleConfig config,
            EnsembleConfig lastSeen) {
        long last = log.isEmpty() ? 0 : log.getLast().zxid();
        return new ScriptedLeader(
                settings,
                new PeerStart(epoch, epoch, last, log, true, config, lastSeen),
                Oracle.NONE);
    }

    // ---- on the way to leading

    /// The others vote for it.
    List<String> elected() {
        List<String> wanted = new ArrayList<>(does(Peer::start));
        for (long sid : config.participants()) {
            if (sid != ownSid) {
                wanted.addAll(does(p -> p.notified(sid, vote(p))));
            }
        }
        wanted.addAll(after(300));
        return wanted;
    }

    private Notification vote(Peer p) {
        return new Notification(
                Notification.LOOKING,
                ownSid,
                p.lastLoggedZxid(),
                1,
                p.currentEpoch(),
                config.text());
    }

    /// Servers 1 and 2 have told it what they have promised, and it offers them the next epoch.
    ScriptedLeader offering() {
        elected();
        long accepted = peer.acceptedEpoch();
        introduces(1, accepted);
        introduces(2, accepted);
        disk();
        return this;
    }

    /// Servers 1 and 2 have accepted and have the same log.
    ScriptedLeader established() {
        offering();
        long epoch = peer.currentEpoch();
        says(1, ackEpoch(epoch, peer.lastLoggedZxid()));
        says(2, ackEpoch(epoch, peer.lastLoggedZxid()));
        disk();
        return this;
    }

    /// It serves, and so do 1 and 2.
    ScriptedLeader active() {
        established();
        says(1, ack(epochStart()));
        says(2, ack(epochStart()));
        disk();
        return this;
    }

    long epochStart() {
        return peer.acceptedEpoch() << 32;
    }

    /// A server connects and is brought up to the leader's history as far as NEWLEADER.
    List<String> joins(long sid, long current, long last) {
        List<String> wanted = new ArrayList<>(introduces(sid, peer.acceptedEpoch() - 1));
        wanted.addAll(says(sid, ackEpoch(current, last)));
        return wanted;
    }

    // ---- what learners do

    ScriptedLeader connects(long sid) {
        long link = ++lastLink;
        links.put(sid, link);
        sids.put(link, sid);
        does(p -> p.learnerConnected(link));
        return this;
    }

    List<String> introduces(long sid, long acceptedEpoch) {
        connects(sid);
        return says(
                sid, sid == 4 ? observerInfo(4, acceptedEpoch) : followerInfo(sid, acceptedEpoch));
    }

    List<String> says(long sid, QuorumPacket packet) {
        return does(p -> p.received(link(sid), packet));
    }

    List<String> disconnects(long sid) {
        return does(p -> p.disconnected(link(sid), "end of stream"));
    }

    long link(long sid) {
        Long link = links.get(sid);
        if (link == null) {
            throw new IllegalArgumentException("server " + sid + " has not connected");
        }
        return link;
    }

    static QuorumPacket followerInfo(long sid, long acceptedEpoch) {
        return info(PacketType.FOLLOWERINFO, sid, acceptedEpoch, 0);
    }

    static QuorumPacket observerInfo(long sid, long acceptedEpoch) {
        return info(PacketType.OBSERVERINFO, sid, acceptedEpoch, 0);
    }

    static QuorumPacket info(int type, long sid, long acceptedEpoch, long configVersion) {
        return new QuorumPacket(
                type,
                acceptedEpoch << 32,
                new io.witan.wire.quorum.LearnerInfo(sid, 0x10000, configVersion).encode());
    }

    static QuorumPacket ackEpoch(long currentEpoch, long last) {
        return new QuorumPacket(
                PacketType.ACKEPOCH, last, Payloads.currentEpoch((int) currentEpoch));
    }

    static QuorumPacket ack(long zxid) {
        return new QuorumPacket(PacketType.ACK, zxid);
    }

    static QuorumPacket pong(long zxid) {
        return new QuorumPacket(PacketType.PING, zxid, new byte[0]);
    }

    // ---- what else happens

    /// Its own replica proposes the next transaction.
    List<String> proposes(long zxid) {
        return does(p -> p.propose(zxid, LeaderWords.txn(zxid)));
    }

    List<String> proposesReconfig(long zxid, EnsembleConfig next) {
        return does(p -> p.propose(zxid, LeaderWords.reconfig(zxid, next.withVersion(zxid))));
    }

    /// Time passes; ticks come when they are wanted.
    List<String> after(long millis) {
        List<String> wanted = new ArrayList<>();
        long end = now + millis;
        while (peer.wakeAtMillis() <= end) {
            now = Math.max(now, peer.wakeAtMillis());
            wanted.addAll(does(Peer::tick));
        }
        now = end;
        return wanted;
    }

    /// Time passes, and those servers answer each ping.
    List<String> afterWith(long millis, long... answering) {
        List<String> wanted = new ArrayList<>();
        long end = now + millis;
        while (peer.wakeAtMillis() <= end) {
            now = Math.max(now, peer.wakeAtMillis());
            List<String> some = does(Peer::tick);
            wanted.addAll(some);
            for (long sid : answering) {
                for (String word : some) {
                    if (word.startsWith(sid + " <- PING")) {
                        wanted.addAll(says(sid, pong(lastPing())));
                    }
                }
            }
        }
        now = end;
        return wanted;
    }

    private long lastPing() {
        return allOf(Effect.SendPacket.class).stream()
                .map(Effect.SendPacket::packet)
                .filter(packet -> packet.type() == PacketType.PING)
                .reduce((one, next) -> next)
                .orElseThrow()
                .zxid();
    }

    List<String> disk() {
        List<String> wanted = new ArrayList<>();
        while (!disk.isEmpty()) {
            wanted.addAll(diskDoes(1));
        }
        return wanted;
    }

    List<String> diskDoes(int count) {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Effect.OnDisk next = disk.remove();
            wanted.addAll(does(p -> carryOut(p, next)));
        }
        return wanted;
    }

    int diskWaiting() {
        return disk.size();
    }

    /// The log on disk is read back.
    List<String> reads(@Nullable List<LogEntry> entries) {
        Effect.ReadLog read = (Effect.ReadLog) disk.remove();
        return does(p -> p.logRead(read.ticket(), entries));
    }

    private void carryOut(Peer p, Effect.OnDisk effect) {
        switch (effect) {
            case Effect.Append(long zxid, byte[] txn) -> {
                log.add(new LogEntry(zxid, txn));
                p.durable(zxid);
            }
            case Effect.StoreAcceptedEpoch(long ticket, long _) -> p.stored(ticket);
            case Effect.StoreCurrentEpoch(long ticket, long _) -> p.stored(ticket);
            case Effect.StoreLastSeenConfig(long ticket, var _) -> p.stored(ticket);
            case Effect.StoreCommittedConfig(long ticket, var _) -> p.stored(ticket);
            case Effect.StoreDamageMark(long ticket, String _) -> p.stored(ticket);
            case Effect.ClearDamageMark(long ticket) -> p.stored(ticket);
            case Effect.TruncateLog _, Effect.StoreSnapshot _, Effect.ReloadTree _ ->
                    throw new AssertionError("a leader does not want that: " + effect);
            case Effect.ReadLog _ -> throw new AssertionError("use reads()");
        }
    }

    List<String> does(Consumer<Peer> event) {
        peer.timeIs(now);
        event.accept(peer);
        List<String> wanted = new ArrayList<>();
        for (Effect effect : peer.takeEffects()) {
            all.add(effect);
            if (effect instanceof Effect.OnDisk onDisk) {
                disk.add(onDisk);
            }
            if (!(effect instanceof Effect.SendNotification || effect instanceof Effect.Tell)) {
                wanted.add(words(effect));
            }
        }
        return wanted;
    }

    private String words(Effect effect) {
        return switch (effect) {
            case Effect.SendPacket(long link, QuorumPacket packet) ->
                    "%d <- %s %s"
                            .formatted(
                                    sid(link), PacketType.name(packet.type()), zxid(packet.zxid()));
            case Effect.SendSnapshot(long link, long zxid) ->
                    "%d <- snapshot %s".formatted(sid(link), zxid(zxid));
            case Effect.CloseLink(long link, String reason) ->
                    "%d closed: %s".formatted(sid(link), reason);
            case Effect.LearnerGone(long link) -> "%d gone".formatted(sid(link));
            default -> EffectWords.of(effect);
        };
    }

    private long sid(long link) {
        return sids.getOrDefault(link, link);
    }

    <T extends Effect> T last(Class<T> kind) {
        return allOf(kind).getLast();
    }

    <T extends Effect> List<T> allOf(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// The packets that a server has been sent over the present link.
    List<QuorumPacket> packetsTo(long sid) {
        return allOf(Effect.SendPacket.class).stream()
                .filter(send -> send.link() == link(sid))
                .map(Effect.SendPacket::packet)
                .toList();
    }
}
