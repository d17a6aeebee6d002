package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.members;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;
import io.witan.zab.quorum.Oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A [Peer] that learns from a leader with a script. Each method is something that happens to it,
/// and returns what it wants done for that, in [EffectWords]; what it tells in elections is left
/// out. The disk does nothing until [#disk] or [#diskDoes] lets it.
final class ScriptedPeer {

    static final long LEADER = 3;
    static final long LINK = 77;

    final Peer peer;

    private final long ownSid;

    long now = 1000;

    /// The last configuration the leader's notifications carry.
    EnsembleConfig ensemble = members(0);

    private final Deque<Effect.OnDisk> disk = new ArrayDeque<>();

    /// What the disk holds.
    private final List<LogEntry> log = new ArrayList<>();

    private long logBegin;
    private long attempt;
    private final List<Effect> all = new ArrayList<>();

    ScriptedPeer(PeerSettings settings, PeerStart start) {
        ownSid = settings.serverId();
        peer = new Peer(settings, start, Oracle.NONE);
        logBegin = start.recent().isEmpty() ? start.lastZxid() : start.recent().getFirst().zxid();
        log.addAll(start.recent());
    }

    /// Server 1, a participant, with that log; both epochs are that of its end.
    static ScriptedPeer follower(long... zxids) {
        long epoch = zxids.length == 0 ? 0 : zxids[zxids.length - 1] >> 32;
        return followerInEpochs(epoch, epoch, zxids);
    }

    static ScriptedPeer followerInEpochs(long acceptedEpoch, long currentEpoch, long... zxids) {
        return withSid(1, acceptedEpoch, currentEpoch, members(0), zxids);
    }

    static ScriptedPeer withoutReconfiguration(long... zxids) {
        return new ScriptedPeer(
                PeerSettings.standard(1).with(new PeerSettings.Membership(false, true)),
                start(1, 1, members(0), zxids));
    }

    static ScriptedPeer heedingFollower(int heartbeatMillis, long... zxids) {
        return new ScriptedPeer(
                PeerSettings.standard(1).with(new PeerSettings.Own(heartbeatMillis, 0)),
                start(1, 1, members(0), zxids));
    }

    /// Server 4, an observer.
    static ScriptedPeer observer(long... zxids) {
        long epoch = zxids.length == 0 ? 0 : zxids[zxids.length - 1] >> 32;
        return withSid(4, epoch, epoch, members(0), zxids);
    }

    static ScriptedPeer withSid(
            long sid, long acceptedEpoch, long currentEpoch, EnsembleConfig config, long... zxids) {
        return new ScriptedPeer(
                PeerSettings.standard(sid), start(acceptedEpoch, currentEpoch, config, zxids));
    }

    private static PeerStart start(
            long acceptedEpoch, long currentEpoch, EnsembleConfig config, long... zxids) {
        return new PeerStart(
                acceptedEpoch,
                currentEpoch,
                zxids.length == 0 ? 0 : zxids[zxids.length - 1],
                LeaderWords.entries(zxids),
                true,
                config,
                config);
    }

    // ---- on the way to the leader

    /// Server 3 leads, server 2 follows it, and this one hears of it.
    List<String> hearsOfLeader() {
        return hearsOfLeader(LEADER);
    }

    List<String> hearsOfLeader(long leader) {
        List<String> wanted = new ArrayList<>();
        for (long sid : ensemble.participants()) {
            if (sid != ownSid) {
                int state = sid == leader ? Notification.LEADING : Notification.FOLLOWING;
                Notification notification =
                        new Notification(state, leader, 0, 1, 9, ensemble.text());
                wanted.addAll(does(() -> peer.notified(sid, notification)));
            }
        }
        return wanted;
    }

    /// Starts, elects, dials.
    ScriptedPeer dialling() {
        does(peer::start);
        hearsOfLeader();
        return this;
    }

    List<String> connected() {
        return does(() -> peer.leaderConnected(attempt, LINK));
    }

    List<String> unreachable() {
        return does(() -> peer.leaderUnreachable(attempt, "connection refused"));
    }

    /// Has told the leader its acceptedEpoch.
    ScriptedPeer discovering() {
        dialling();
        connected();
        return this;
    }

    /// Has acknowledged that epoch.
    ScriptedPeer aligning(long epoch) {
        discovering();
        receives(LeaderWords.leaderInfo(epoch));
        disk();
        return this;
    }

    /// After a DIFF that says that its log is a beginning of the leader's.
    ScriptedPeer catchingUp(long epoch) {
        aligning(epoch);
        receives(LeaderWords.diff(peer.lastLoggedZxid()));
        return this;
    }

    /// Serves clients under the leader of that epoch, with what was in its log.
    ScriptedPeer serving(long epoch) {
        catchingUp(epoch);
        receives(LeaderWords.newLeader(epoch, ensemble));
        disk();
        receives(LeaderWords.upToDate());
        disk();
        return this;
    }

    /// After it has lost its leader.
    ScriptedPeer discoveringAgain() {
        disk();
        hearsOfLeader();
        connected();
        return this;
    }

    ScriptedPeer aligningAgain(long epoch) {
        discoveringAgain();
        receives(LeaderWords.leaderInfo(epoch));
        disk();
        return this;
    }

    // ---- what happens

    List<String> receives(QuorumPacket... packets) {
        return does(() -> {
            for (QuorumPacket packet : packets) {
                peer.received(LINK, packet);
            }
        });
    }

    List<String> snapshotReceived() {
        return does(() -> peer.snapshotReceived(LINK));
    }

    List<String> disconnected() {
        return does(() -> peer.disconnected(LINK, "end of stream"));
    }

    List<String> after(long millis) {
        now += millis;
        return does(peer::tick);
    }

    /// What a server that looks for a leader is told.
    Notification isAskedBy(long sid) {
        does(() ->
                peer.notified(
                        sid,
                        new Notification(Notification.LOOKING, sid, 0, 1, 0, ensemble.text())));
        return last(Effect.SendNotification.class).notification();
    }

    /// The disk does everything that it was asked, and what it is asked in consequence.
    List<String> disk() {
        List<String> wanted = new ArrayList<>();
        while (!disk.isEmpty()) {
            wanted.addAll(diskDoes(1));
        }
        return wanted;
    }

    /// The disk does so many of the things that it was asked.
    List<String> diskDoes(int count) {
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Effect.OnDisk next = disk.remove();
            wanted.addAll(does(() -> carryOut(next)));
        }
        return wanted;
    }

    int diskWaiting() {
        return disk.size();
    }

    private void carryOut(Effect.OnDisk effect) {
        switch (effect) {
            case Effect.Append(long zxid, byte[] txn) -> {
                log.add(new LogEntry(zxid, txn));
                peer.durable(zxid);
            }
            case Effect.TruncateLog(long ticket, long zxid) -> {
                log.removeIf(entry -> entry.zxid() > zxid);
                peer.stored(ticket);
            }
            case Effect.StoreSnapshot(long ticket, long zxid) -> {
                log.clear();
                logBegin = zxid;
                peer.stored(ticket);
            }
            case Effect.ReloadTree(long ticket) ->
                    peer.treeReloaded(ticket, lastOnDisk(), List.copyOf(log));
            case Effect.StoreAcceptedEpoch(long ticket, long _) -> peer.stored(ticket);
            case Effect.StoreCurrentEpoch(long ticket, long _) -> peer.stored(ticket);
            case Effect.StoreLastSeenConfig(long ticket, var _) -> peer.stored(ticket);
            case Effect.StoreCommittedConfig(long ticket, var _) -> peer.stored(ticket);
            case Effect.StoreDamageMark(long ticket, String _) -> peer.stored(ticket);
            case Effect.ClearDamageMark(long ticket) -> peer.stored(ticket);
            case Effect.ReadLog(long ticket, long _, long _, long _) -> peer.logRead(ticket, null);
        }
    }

    private long lastOnDisk() {
        return log.isEmpty() ? logBegin : log.getLast().zxid();
    }

    /// What a damaged or strange disk would give for the log.
    void logOnDiskIs(long... zxids) {
        log.clear();
        log.addAll(LeaderWords.entries(zxids));
    }

    /// Nothing was ever written.
    void diskIsEmpty() {
        log.clear();
        logBegin = 0;
    }

    List<String> does(Runnable event) {
        peer.timeIs(now);
        event.run();
        List<String> wanted = new ArrayList<>();
        for (Effect effect : peer.takeEffects()) {
            all.add(effect);
            if (effect instanceof Effect.OnDisk onDisk) {
                disk.add(onDisk);
            }
            if (effect instanceof Effect.DialLeader dial) {
                attempt = dial.attempt();
            }
            if (effect instanceof Effect.DialObserverMaster dial) {
                attempt = dial.attempt();
            }
            if (!(effect instanceof Effect.SendNotification || effect instanceof Effect.Tell)) {
                wanted.add(EffectWords.of(effect));
            }
        }
        return wanted;
    }

    /// What it remembers of the end of its log.
    List<Long> history() {
        List<Long> zxids = new ArrayList<>();
        History history = peer.context().history;
        for (int i = 0; i < history.size(); i++) {
            zxids.add(history.get(i).zxid());
        }
        return zxids;
    }

    /// The last effect of that kind, with all that is in it.
    <T extends Effect> T last(Class<T> kind) {
        return allOf(kind).getLast();
    }

    <T extends Effect> List<T> allOf(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
