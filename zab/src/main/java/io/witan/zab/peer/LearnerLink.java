package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.LogEntry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// One learner's connection, as its leader sees it: how far the learner has come, what it has been
/// sent, and by when it must be heard of.
final class LearnerLink {

    /// In the order in which a learner comes through them.
    enum Stage {
        /// Nothing has come yet.
        CONNECTED,
        /// It has said who it is; the epoch is not fixed.
        INTRODUCED,
        /// The epoch has been offered to it.
        OFFERED,
        /// It has accepted; the leader is not established, or others are synchronised first.
        PROMISED,
        /// It is sent the history, up to its acknowledgement of NEWLEADER.
        SYNCHRONISING,
        /// It has the history, and waits for UPTODATE.
        ACKNOWLEDGED,
        /// UPTODATE is sent.
        SERVING;

        String inWords() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A ping that is not answered yet.
    ///
    /// @param round of [QuorumRounds]
    /// @param zxid that the answer must carry
    /// @param sentBytes what [LeaderBroadcast] had sent before
    private record Ping(long round, long zxid, long sentBytes) {}

    private static final long NEVER = Long.MAX_VALUE;

    /// A learner that owes so many answers to pings is sent no more of them until one comes. All
    /// are remembered, and a learner that is heard of otherwise keeps its link.
    private static final int UNANSWERED_MAX = 16;

    /// So many packets at most wait to be sent together.
    private static final int TOLD_LATER_MAX = 64;

    private final PeerContext context;
    private final long number;

    private Stage stage = Stage.CONNECTED;

    /// When it connected, or when it last took some of a snapshot.
    private long progressAtMillis;

    /// It must be heard of before.
    private long dueAtMillis;

    // As it has introduced itself.
    private long sid = PeerContext.NOBODY;
    private boolean isObserver;
    private long acceptedEpoch;
    private boolean heedsHeartbeats;

    /// The last transaction in its log.
    private long position;

    // Synchronisation.

    /// What is behind a piece of the log that is still being read; null if nothing waits.
    private @Nullable Deque<QuorumPacket> held;

    private boolean isSentSnapshot;

    /// For its turn, in [Stage#PROMISED].
    private boolean isWaiting;

    /// Transactions that it was sent as history, for reports.
    private int historyTxns;

    private long historyBytes;

    /// Transactions up to here are its own, or were sent as committed; for what follows it is told
    /// of the commit. So it is never told of one that it was not sent (safety, section 1.4).
    private long historyEnd;

    /// Version of the configuration that NEWLEADER named.
    private long configVersion;

    // Broadcast.

    /// Pings that will be answered, oldest first: those sent after UPTODATE. At most
    /// [#UNANSWERED_MAX].
    private final Deque<Ping> pings = new ArrayDeque<>();

    private long lastRound;
    private long confirmedRound;
    private long confirmedBytes;

    /// The proposal whose acknowledgement is awaited, with the time it was sent; 0 for none.
    private long awaitedZxid;

    private long awaitedSinceMillis;

    private long lastProposedZxid;
    private long lastProposedAtMillis;

    /// Whether clients are there, or at observers of its own: they would notice that it is behind.
    private boolean hasClients;

    /// Nobody waits for what it is told of transactions: that may go a little later.
    private boolean isToldLater;

    /// What it is to be told, in front of everything else, and since when that waits.
    private final List<QuorumPacket> later = new ArrayList<>();

    private long laterSinceMillis;

    LearnerLink(PeerContext context, long number) {
        this.context = context;
        this.number = number;
        this.progressAtMillis = context.nowMillis;
        owesAnswer();
    }

    long number() {
        return number;
    }

    // ---- stages

    Stage stage() {
        return stage;
    }

    boolean hasReached(Stage other) {
        return stage.compareTo(other) >= 0;
    }

    boolean isServing() {
        return stage == Stage.SERVING;
    }

    void introduced(long newSid, boolean observer, long newAcceptedEpoch) {
        stage = Stage.INTRODUCED;
        sid = newSid;
        isObserver = observer;
        acceptedEpoch = newAcceptedEpoch;
        owesNothing();
    }

    void offered() {
        stage = Stage.OFFERED;
        owesAnswer();
    }

    void promised(long lastZxid) {
        stage = Stage.PROMISED;
        position = lastZxid;
        owesNothing();
    }

    /// @return false if it waits already
    boolean beginsToWait() {
        boolean begins = !isWaiting;
        isWaiting = true;
        return begins;
    }

    void synchronising(boolean sentSnapshot, long sentBytes) {
        stage = Stage.SYNCHRONISING;
        isSentSnapshot = sentSnapshot;
        historyTxns = 0;
        historyBytes = 0;
        confirmedBytes = sentBytes;
        lastProposedZxid = 0;
        owesNothing();
    }

    void newLeaderSent(long version) {
        configVersion = version;
        if (held == null) {
            owesAnswer();
        }
    }

    void acknowledged() {
        stage = Stage.ACKNOWLEDGED;
        owesNothing();
    }

    /// UPTODATE is sent.
    void serving() {
        stage = Stage.SERVING;
        pings.clear();
        heard();
        if (lastProposedZxid != 0) {
            awaitedZxid = lastProposedZxid;
            awaitedSinceMillis = context.nowMillis;
        }
    }

    /// It has said so.
    void heedsHeartbeats(boolean heeds) {
        heedsHeartbeats = heeds;
    }

    boolean heedsHeartbeats() {
        return heedsHeartbeats;
    }

    /// Whether the learner is certainly not one of the original's, which heed no heartbeats. One of
    /// ours that was told to follow the original's rule (decision 0036) looks like one of theirs.
    boolean isOurs() {
        return heedsHeartbeats;
    }

    long sid() {
        return sid;
    }

    boolean isObserver() {
        return isObserver;
    }

    long acceptedEpoch() {
        return acceptedEpoch;
    }

    long position() {
        return position;
    }

    boolean isSentSnapshot() {
        return isSentSnapshot;
    }

    long configVersion() {
        return configVersion;
    }

    /// For reports.
    @Override
    public String toString() {
        return "server " + sid + " on link " + number;
    }

    // ---- sending

    void send(QuorumPacket packet) {
        sendWhatWaits();
        if (held == null) {
            context.emit(new Effect.SendPacket(number, packet));
        } else {
            held.add(packet);
        }
    }

    /// Tells it of a transaction: at once, or with others a little later ([IdleLearners]).
    void tell(QuorumPacket packet) {
        if (!isToldLater) {
            send(packet);
            return;
        }
        if (later.isEmpty()) {
            laterSinceMillis = context.nowMillis;
        }
        later.add(packet);
        if (later.size() == TOLD_LATER_MAX) {
            sendWhatWaits();
        }
    }

    void sendWhatWaits() {
        if (!later.isEmpty()) {
            later.forEach(packet -> context.emit(new Effect.SendPacket(number, packet)));
            later.clear();
        }
    }

    void toldLater(boolean newToldLater) {
        isToldLater = newToldLater;
        if (!isToldLater) {
            sendWhatWaits();
        }
    }

    /// When what waits is to be sent; [Long#MAX_VALUE] if nothing does.
    long laterAtMillis() {
        return later.isEmpty()
                ? NEVER
                : laterSinceMillis + context.settings.own().idleLearnerMillis();
    }

    /// The oldest transaction that it has not been sent yet; 0 if there is none.
    long oldestWaiting() {
        for (QuorumPacket packet : later) {
            if (packet.type() == PacketType.PROPOSAL) {
                return packet.zxid();
            }
        }
        return 0;
    }

    /// Whether that transaction waits to be sent: nobody can have it on disk from here.
    boolean isYetToHearOf(long zxid) {
        long oldest = oldestWaiting();
        return oldest != 0 && zxid >= oldest;
    }

    boolean hasClients() {
        return hasClients;
    }

    void hasClients(boolean has) {
        hasClients = has;
    }

    /// Past what is held.
    void sendNow(QuorumPacket packet) {
        context.emit(new Effect.SendPacket(number, packet));
    }

    /// From here on packets wait for [#release].
    void hold() {
        held = new ArrayDeque<>();
    }

    boolean isHolding() {
        return held != null;
    }

    void release() {
        Deque<QuorumPacket> waiting = held;
        held = null;
        if (waiting != null) {
            waiting.forEach(this::send);
        }
        owesAnswer();
    }

    void historySent(LogEntry entry) {
        historyTxns++;
        historyBytes += entry.txn().length;
    }

    int historyTxns() {
        return historyTxns;
    }

    long historyBytes() {
        return historyBytes;
    }

    /// What waits is of no use any more.
    void discard() {
        held = null;
    }

    void historyEnd(long zxid) {
        historyEnd = zxid;
    }

    long historyEnd() {
        return historyEnd;
    }

    /// Whether it is told when that transaction is committed.
    boolean hearsOf(long zxid) {
        return hasReached(Stage.SYNCHRONISING) && zxid > historyEnd;
    }

    // ---- deadlines

    private void owesAnswer() {
        dueAtMillis = context.nowMillis + context.settings.ticks().initMillis();
    }

    private void owesNothing() {
        dueAtMillis = NEVER;
    }

    /// It cannot be told UPTODATE yet, though others can.
    void waitsForCommit() {
        owesAnswer();
    }

    /// It takes the snapshot; the larger the tree, the longer that lasts (ZOOKEEPER-1697).
    ///
    /// @return whether it is being sent one
    boolean snapshotAdvanced() {
        if (stage != Stage.SYNCHRONISING || !isSentSnapshot) {
            return false;
        }
        progressAtMillis = context.nowMillis;
        owesAnswer();
        return true;
    }

    void heard() {
        if (stage == Stage.SERVING) {
            dueAtMillis = context.nowMillis + context.settings.ticks().syncMillis();
        }
    }

    long dueAtMillis() {
        return dueAtMillis;
    }

    /// This server has stood still for so long; what came meanwhile may be read only now.
    void forgive(long millis) {
        if (dueAtMillis != NEVER) {
            dueAtMillis += millis;
        }
        awaitedSinceMillis += millis;
        lastProposedAtMillis += millis;
    }

    /// Whether it counts when the leader asks itself if it still has a quorum (quorum, section
    /// 4.9): while it serves, and as long as bringing it up to date may take.
    boolean isSynced() {
        if (stage == Stage.SERVING) {
            return true;
        }
        long limit = context.settings.ticks().initMillis() + context.settings.ticks().syncMillis();
        return hasReached(Stage.SYNCHRONISING) && context.nowMillis <= progressAtMillis + limit;
    }

    // ---- proposals

    void proposed(long zxid) {
        lastProposedZxid = zxid;
        lastProposedAtMillis = context.nowMillis;
        if (stage == Stage.SERVING && awaitedZxid == 0) {
            awaitedZxid = zxid;
            awaitedSinceMillis = context.nowMillis;
        }
    }

    /// One proposal at a time is watched; with its acknowledgement, the latest.
    void proposalAcknowledged(long zxid) {
        if (awaitedZxid == 0 || zxid < awaitedZxid) {
            return;
        }
        if (lastProposedZxid > zxid) {
            awaitedZxid = lastProposedZxid;
            awaitedSinceMillis = lastProposedAtMillis;
        } else {
            awaitedZxid = 0;
        }
    }

    /// Whether the proposal that is watched has not been acknowledged within syncLimit.
    boolean isLate() {
        return awaitedZxid != 0
                && context.nowMillis - awaitedSinceMillis > context.settings.ticks().syncMillis();
    }

    // ---- pings

    void ping(QuorumPacket packet, long round, long sentBytes) {
        if (stage != Stage.SERVING) {
            send(packet);
        } else if (pings.size() < UNANSWERED_MAX) {
            send(packet);
            pings.add(new Ping(round, packet.zxid(), sentBytes));
            lastRound = round;
        }
    }

    /// Answers come in the order of the pings.
    ///
    /// @return false if it answers something else
    boolean pingAnswered(long zxid) {
        Ping ping = pings.poll();
        if (ping == null || ping.zxid != zxid) {
            return false;
        }
        confirmedRound = ping.round;
        confirmedBytes = Math.max(confirmedBytes, ping.sentBytes);
        return true;
    }

    /// The last round that it was asked in.
    long lastRound() {
        return lastRound;
    }

    /// The last round that it has confirmed; 0 for none.
    long confirmedRound() {
        return confirmedRound;
    }

    /// Of what has been sent, so much has certainly arrived, counted as [LeaderBroadcast] does.
    long confirmedBytes() {
        return confirmedBytes;
    }

    void arrived(long sentBytes) {
        confirmedBytes = Math.max(confirmedBytes, sentBytes);
    }
}
