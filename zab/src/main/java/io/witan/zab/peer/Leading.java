package io.witan.zab.peer;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;
import io.witan.zab.election.Vote;
import io.witan.zab.peer.LearnerLink.Stage;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.TreeSet;

/// The server that has been elected. One class for each phase of the protocol:
///
/// ```
///  LeaderDiscovery --> LeaderSynchronisation --> LeaderBroadcast, QuorumRounds
///     a quorum            brings each learner       proposes and commits;
///     accepts the epoch   to this history           keeps hearing of a quorum
/// ```
///
/// The phases overlap: learners come and are synchronised at any time. What all wait for is said
/// here: the leader is established when a quorum has accepted its epoch, and active when a quorum
/// has its history. Each of these waits ends after initLimit; an active leader that does not hear
/// of a quorum for syncLimit ends, too.
final class Leading extends Role {

    private enum State {
        DISCOVERY,
        SYNCHRONISATION,
        BROADCAST,
        /// The configuration wants another leader. The learners are told; then this one goes, too.
        RETIRING
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final Learners learners;
    private final LeaderDiscovery discovery;
    private final LearnerPackets packets;
    private final Prospects prospects;

    // From the moment the leader is established.
    private @Nullable LeaderBroadcast broadcast;
    private @Nullable LeaderSynchronisation synchronisation;
    private @Nullable QuorumRounds rounds;
    private @Nullable IdleLearners idleLearners;

    private State state = State.DISCOVERY;

    /// Whether clients are served.
    private boolean isServing;

    /// Those who have this leader's history on disk, with its epoch.
    private final Set<Long> historyAcks = new TreeSet<>();

    private final long beganAtMillis;

    /// When the present phase has taken too long; when a retiring leader goes.
    private long deadlineMillis;

    private String retiringBecause = "";

    /// The next half of a tick; every second one the quorum is counted.
    private long nextPassAtMillis;

    private boolean isFullTick;

    Leading(PeerContext context) {
        super(context);
        this.learners = new Learners(context, _ -> chooseIdleLearners());
        this.discovery = new LeaderDiscovery(context, learners, this);
        this.packets = new LearnerPackets(context, learners, discovery, this);
        this.prospects = new Prospects(context.configs);
        this.beganAtMillis = context.nowMillis;
    }

    @Override
    AgreementView.State state() {
        return AgreementView.State.LEADING;
    }

    @Override
    boolean isServing() {
        return isServing;
    }

    @Override
    long leaderSid() {
        return context.sid();
    }

    // ---- beginning and end

    @Override
    void enter() {
        if (!context.mayVote()) {
            giveUp("this server's log was damaged, it does not lead");
            return;
        }
        nextPassAtMillis = context.nowMillis + halfTickMillis();
        waitAtMost(context.settings.ticks().initMillis());
        context.emit(new Effect.AcceptLearners());
        discovery.begin();
    }

    @Override
    void leave() {
        context.emit(new Effect.RefuseLearners());
        learners.closeAll("this server leads no longer");
    }

    void giveUp(String reason) {
        context.become(new Next.Look(reason));
    }

    private void waitAtMost(long millis) {
        deadlineMillis = context.nowMillis + millis;
    }

    // ---- from phase to phase

    /// A quorum has said what it has promised, and this server has promised the epoch above.
    void epochFixed() {
        waitAtMost(context.settings.ticks().initMillis());
    }

    /// A quorum has promised to follow no older leader, and none of it knows more than this server.
    void established() {
        state = State.SYNCHRONISATION;
        waitAtMost(context.settings.ticks().initMillis());
        long epoch = discovery.epoch();
        LeaderBroadcast newBroadcast = new LeaderBroadcast(context, learners, this, epoch);
        broadcast = newBroadcast;
        rounds = new QuorumRounds(context, learners, newBroadcast);
        idleLearners = new IdleLearners(context, learners, newBroadcast);
        synchronisation = new LeaderSynchronisation(context, learners, newBroadcast, epoch);
        nameFirstConfig(epoch);
        context.storeCurrentEpoch(epoch, () -> historyAcknowledged(context.sid()));
        synchronisation.admitWaiting();
    }

    /// A configuration that was only ever written in files gets its version from the first leader
    /// (quorum, section 5.6).
    private void nameFirstConfig(long epoch) {
        if (context.configs.lastSeen().version() == 0) {
            context.see(context.configs.committed().withVersion(Zxids.startOf(epoch)));
        }
    }

    void synchronise(LearnerLink link) {
        if (synchronisation != null) {
            synchronisation.begin(link);
        }
    }

    void historyAcknowledged(long sid) {
        historyAcks.add(sid);
        if (state == State.SYNCHRONISATION
                && historyAcks.contains(context.sid())
                && context.configs.isQuorum(historyAcks)) {
            activate();
        }
    }

    /// A quorum has this server's history: all of it is committed, and its epoch has begun.
    private void activate() {
        long epoch = discovery.epoch();
        state = State.BROADCAST;
        deadlineMillis = NEVER;
        broadcast().begin();
        boolean changed = installLastSeenConfig();
        Vote vote = context.currentVote();
        if (!changed) {
            context.currentVote(new Vote(vote.leader(), vote.zxid(), vote.electionEpoch(), epoch));
            isServing = true;
            context.emit(new Effect.StartLeading(epoch));
            context.tell(
                    new Happening.Serves(
                            state(), context.sid(), epoch, new TreeSet<>(historyAcks)));
        }
        nextPassAtMillis = context.nowMillis + halfTickMillis();
        isFullTick = false;
        releaseWaiting();
    }

    /// A reconfiguration that an earlier leader has left is completed: a quorum of both
    /// configurations has it (quorum, section 5.6).
    ///
    /// The learners are told by UPTODATE, which names no leader to be: if this server cannot stay
    /// they look for another one. So does this server, for whoever it would designate does not know
    /// of it.
    ///
    /// @return whether this server cannot lead in it
    private boolean installLastSeenConfig() {
        EnsembleConfig config = context.configs.lastSeen();
        boolean changed = context.install(config, PeerContext.NOBODY, 0, context.sid());
        if (changed) {
            broadcast().end();
            retire("the configuration of an earlier leader takes the lead from this server");
        }
        return changed;
    }

    /// Those who have the history are told to serve, once all that they were sent as history is
    /// committed, the configuration included: they put it in force with UPTODATE.
    private void releaseWaiting() {
        for (LearnerLink link : learners.at(Stage.ACKNOWLEDGED)) {
            release(link);
        }
    }

    /// Tells a learner that has the history to serve, if it may.
    void release(LearnerLink link) {
        if (state != State.BROADCAST && state != State.RETIRING) {
            return;
        }
        boolean isConfigInForce =
                !context.settings.membership().reconfigEnabled()
                        || link.configVersion() <= context.configs.committed().version();
        if (link.historyEnd() > context.delivered() || !isConfigInForce) {
            link.waitsForCommit();
            return;
        }
        link.send(new QuorumPacket(PacketType.UPTODATE, -1));
        link.serving();
        if (rounds != null) {
            rounds.welcome(link);
        }
        askOracleIfAlone();
        chooseIdleLearners();
    }

    /// Who is told at once has changed.
    void chooseIdleLearners() {
        if (idleLearners != null) {
            idleLearners.choose();
        }
    }

    @Override
    void learnerHasClients(long number, boolean hasClients) {
        LearnerLink link = learners.get(number);
        if (link != null) {
            link.hasClients(hasClients);
            chooseIdleLearners();
        }
    }

    /// All before that transaction is committed, and it is next.
    void committing(long zxid) {
        if (rounds != null) {
            rounds.committing(zxid);
        }
    }

    /// Something has been committed.
    void committed() {
        if (rounds != null) {
            rounds.settle();
        }
        if (learners.anyAt(Stage.ACKNOWLEDGED)) {
            releaseWaiting();
        }
    }

    /// A reconfiguration has made another server the leader. The learners are to hear of it before
    /// their links are closed; when they have gone there, or had time to, this server follows.
    void retire(String reason) {
        state = State.RETIRING;
        retiringBecause = reason;
        deadlineMillis = context.nowMillis + context.settings.ticks().tickTimeMillis();
    }

    // ---- time

    @Override
    void tick() {
        long late = context.nowMillis - nextPassAtMillis;
        if (late > context.settings.ticks().tickTimeMillis()) {
            stoodStill(late);
            return;
        }
        learners.closeOverdue();
        if (idleLearners != null) {
            idleLearners.tick();
        }
        if (context.nowMillis >= deadlineMillis) {
            deadlineMillis = NEVER;
            tookTooLong();
        } else if (context.nowMillis >= nextPassAtMillis) {
            nextPassAtMillis = context.nowMillis + halfTickMillis();
            pass();
        } else if (rounds != null && context.nowMillis >= rounds.heartbeatAtMillis()) {
            rounds.pingAll();
        }
    }

    /// This server was not given any time, or its clock has jumped. Its learners are not to blame:
    /// what they have sent may be read next.
    private void stoodStill(long millis) {
        learners.all().forEach(link -> link.forgive(millis));
        if (deadlineMillis != NEVER) {
            deadlineMillis += millis;
        }
        nextPassAtMillis = context.nowMillis;
    }

    private long halfTickMillis() {
        return Math.max(1, context.settings.ticks().tickTimeMillis() / 2);
    }

    private void tookTooLong() {
        switch (state) {
            case DISCOVERY ->
                    giveUp("no quorum of servers has accepted an epoch: " + discovery.heardOf());
            case SYNCHRONISATION -> giveUp("no quorum of servers has the history: " + historyAcks);
            case BROADCAST -> {}
            case RETIRING -> context.followChange(retiringBecause);
        }
    }

    private void pass() {
        if (rounds == null) {
            if (prospects.areGone(discovery.gathered())) {
                giveUp("those who would be its quorum look for another leader");
            }
            return;
        }
        for (LearnerLink link : learners.list()) {
            if (link.isLate()) {
                learners.close(link, "%s does not acknowledge proposals".formatted(link));
            }
        }
        rounds.pingAll();
        admitWaiting();
        if (state == State.BROADCAST && isFullTick) {
            checkQuorum();
        }
        isFullTick = !isFullTick;
    }

    private void checkQuorum() {
        askOracleIfAlone();
        Set<Long> synced = learners.sidsWith(this::countsAsSynced);
        if (!context.configs.isQuorum(synced)) {
            giveUp("no quorum of servers is synchronised: " + synced);
            return;
        }
        // With the word of an oracle less may be enough than before.
        broadcast().commitInOrder();
        if (broadcast().waitsInVain(synced)) {
            giveUp("proposals wait for servers that a reconfiguration has taken the vote from");
        }
    }

    private boolean countsAsSynced(LearnerLink link) {
        return !link.isObserver() && link.isSynced();
    }

    /// The oracle of an ensemble of two is asked while no follower is there.
    private void askOracleIfAlone() {
        boolean isOneOfTwo = context.configs.committed().participants().size() == 2;
        boolean isAlone = learners.sidsWith(this::countsAsSynced).size() == 1;
        context.configs.setOracleNeeded(isOneOfTwo && isAlone);
    }

    @Override
    long wakeAtMillis() {
        long ping = rounds == null ? NEVER : rounds.heartbeatAtMillis();
        long idle = idleLearners == null ? NEVER : idleLearners.wakeAtMillis();
        long pass = Math.min(nextPassAtMillis, Math.min(ping, idle));
        return Math.min(Math.min(deadlineMillis, pass), learners.dueAtMillis());
    }

    /// One of the voters looks again while the epoch is being found: it has changed its mind, and
    /// waiting for it may be in vain (ZOOKEEPER-3109).
    @Override
    void notified(long fromSid, Notification notification) {
        prospects.looks(fromSid, notification.leader() == context.sid());
        int atMost = context.settings.leadership().waitForEpochMillisMax();
        if (atMost >= 0 && discovery.isGathering() && context.nowMillis - beganAtMillis >= atMost) {
            giveUp("server " + fromSid + " looks again");
        }
    }

    // ---- learners

    @Override
    void learnerConnected(long link) {
        learners.connected(link);
    }

    @Override
    void disconnected(long number, String reason) {
        LearnerLink link = learners.get(number);
        if (link != null) {
            learners.lost(link, reason);
            if (rounds != null) {
                // Without it a round may have become hopeless.
                rounds.settle();
            }
            if (state == State.RETIRING && learners.at(Stage.SERVING).isEmpty()) {
                context.followChange(retiringBecause);
            }
        }
    }

    /// While a voter takes a snapshot, the quorum that needs it can wait, too.
    @Override
    void snapshotAdvanced(long number) {
        LearnerLink link = learners.get(number);
        if (link != null
                && link.snapshotAdvanced()
                && state == State.SYNCHRONISATION
                && context.configs.isVoter(link.sid())) {
            waitAtMost(context.settings.ticks().initMillis());
        }
    }

    @Override
    void received(long number, QuorumPacket packet) {
        LearnerLink link = learners.get(number);
        if (link != null) {
            packets.received(link, packet);
        }
    }

    /// Synchronises those who wait for their turn, unless this server is about to go.
    void admitWaiting() {
        if (synchronisation != null && !context.isLeaving()) {
            synchronisation.admitWaiting();
        }
    }

    // ---- disk and replica

    @Override
    void durable() {
        if (broadcast != null) {
            broadcast.durable();
        }
    }

    @Override
    void propose(LogEntry entry) {
        broadcast().propose(entry);
    }

    /// Where the counter is used up a new epoch is needed: this server looks again, and is elected
    /// again if nothing else has changed (quorum, section 8.3).
    @Override
    boolean canPropose() {
        if (!isServing || context.isLeaving()) {
            return false;
        }
        if (!broadcast().hasCounterLeft()) {
            giveUp(
                    "the last transaction of epoch %d has been proposed"
                            .formatted(discovery.epoch()));
            return false;
        }
        return true;
    }

    @Override
    void sync(long token) {
        if (isServing) {
            rounds().sync(token);
        }
    }

    @Override
    void revalidation(long number, long sessionId, boolean valid) {
        LearnerLink link = learners.get(number);
        if (link != null && link.isServing()) {
            link.send(new Revalidation.Answer(sessionId, valid).toPacket());
        }
    }

    LeaderBroadcast broadcast() {
        if (broadcast == null) {
            throw new IllegalStateException("the leader is not established");
        }
        return broadcast;
    }

    QuorumRounds rounds() {
        if (rounds == null) {
            throw new IllegalStateException("the leader is not established");
        }
        return rounds;
    }

    // ---- view

    @Override
    Set<Long> syncedSids() {
        return isServing ? learners.sidsWith(LearnerLink::isServing) : Set.of();
    }

    @Override
    Set<Long> syncedObserverSids() {
        if (!isServing) {
            return Set.of();
        }
        var sids = new TreeSet<>(syncedSids());
        sids.removeIf(sid -> context.configs.isParticipant(sid));
        return sids;
    }

    @Override
    int outstandingProposals() {
        return broadcast == null ? 0 : broadcast.outstandingCount();
    }

    @Override
    int pendingSyncs() {
        return rounds == null ? 0 : rounds.waitingCount();
    }
}
