package io.witan.zab.election;

import io.witan.wire.election.Notification;
import io.witan.zab.Effect;
import io.witan.zab.PeerSettings;
import io.witan.zab.Zxids;
import io.witan.zab.config.Configs;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Fast leader election as one server sees it (quorum, sections 3.2 to 3.4, 3.6 and 3.7). Lives as
/// long as the server does and is idle between [#begin] and the end of the round before.
///
/// Each server proposes itself, then whoever it hears of that has the newest history; when a quorum
/// proposes the same one, that one leads. A server that comes late finds a leader by its word and
/// that of a quorum that follows it. Rounds are numbered by a logical clock; a vote counts only in
/// its own.
///
/// ```
///            begin                  quorum for the proposal
///   (idle) --------> collecting ------------------------------> waiting for silence
///      ^                 |    <------------------------------        |
///      |                 |      better vote, later round             |
///      |                 | a leader and its quorum are heard         | silence, or nothing
///      +-----------------+-------------------------------------------+ more can arrive
/// ```
///
/// An election is a guess. What makes a leader is the discovery that follows: no epoch begins
/// without a quorum that has no newer history than its leader. So nothing here can cost a
/// transaction, and every rule is judged by one thing: how soon the servers that can reach each
/// other have a leader. A wrong guess costs a leader the time that it waits for followers
/// (initLimit), unless those who guessed otherwise come to it by themselves.
///
/// Four rules are more than what the original does. They only choose what is guessed and when; the
/// messages are the same, and servers that do not have these rules are served by them, too.
///
/// **The fast ending.** With a quorum for its proposal a server waits for silence, because a vote
/// that is still on its way may be a better one. It need not wait when no such vote can be: every
/// other voter (of both configurations) has already sent the same vote in this round, or does not
/// vote at all, or cannot be reached. A voter that has sent this vote has nothing better of its
/// own, and could pass on a better one only from a server that has none of these properties, of
/// which there is none here, or from one that is out of reach of this server and not of that one.
/// Which leads to what "cannot be reached" means: its election link broke, or a dial was refused,
/// and it has not come back since. A link that has never been up says nothing: at a cold start all
/// links are so, and nobody may conclude from it that he is alone.
///
/// What the fast ending risks is then one case: a voter D, out of reach of A and C, gets a better
/// vote to B after B has sent its vote for C, on which A and C end the round. (The wait for silence
/// runs the same risk for every vote that is late by more than the wait.) If A and C with those who
/// agree are a quorum without B, B and D join them as late comers. If they are not, C leads and
/// misses B, for whom A and C alone are no quorum; that is what the next rule is for.
///
/// **The last voice.** A server joins a leader also if it completes that leader's quorum itself:
/// the leader says that it leads, and those who follow it, with this server, are a quorum. It does
/// so only if the leader has no reason to refuse it: if its own history is not newer than the one
/// in the leader's vote, or seems to be of the epoch that this very leader has begun. In the case
/// above B joins C at once, instead of waiting with D until C gives up. A follower that comes back
/// before its leader has missed it finds its leader in the same way.
///
/// **The dead do not vote.** Ballots of servers that cannot be reached count for no quorum until
/// they can be reached again. Otherwise a server that died right after its vote would make another
/// one lead and wait for it.
///
/// **Nobody waits for a repetition.** A vote of this round that is worse than the proposal, and was
/// not known, is answered with the proposal: its sender may have begun the round after the proposal
/// had been sent. A leader that is known only from its followers is asked. And a server that has
/// ended this round with the leader that is proposed here counts as one that proposes it.
public final class Election {

    /// How long a server without a voice waits at most until it asks again.
    private static final long ASKING_MILLIS_MAX = 2000;

    private final PeerSettings settings;
    private final Configs configs;
    private final Consumer<Effect> out;
    private final long self;

    /// The logical clock: the round of this election, or of the one that was decided last. Not
    /// persisted; starts at 0.
    private long clock;

    private boolean looking;

    /// What this server would vote for if it were alone.
    private Vote initial = new Vote(Vote.NOBODY, Vote.NOT_VOTING, 0, -1);

    /// The best vote known, in the round `clock`.
    private Vote proposal = initial;

    private @Nullable Vote decided;

    /// Whether the round before was ended with a leader whose vote is older than this server's
    /// history. If that was wrong, the leader has refused this server, which must not come back at
    /// once.
    private boolean wasReturning;

    /// Ballots of the round `clock`, this server's own among them if it has a voice ("recvset").
    private final Ballots ofRound = new Ballots();

    /// Ballots of servers that have a leader, whatever their rounds ("outofelection").
    private final Ballots ofSettled = new Ballots();

    /// Voters that look for a leader too, but do not vote.
    private final Set<Long> notVoting = new TreeSet<>();

    /// Voters whose links broke or could not be made; kept from election to election.
    private final Set<Long> unreachable = new TreeSet<>();

    /// How long this server is silent before it repeats its proposal.
    private long resendAfterMillis;

    private long resendAtMillis = Long.MAX_VALUE;

    /// When the proposal is elected if nothing new comes before; [Long#MAX_VALUE] while it has no
    /// quorum.
    private long silentAtMillis = Long.MAX_VALUE;

    public Election(PeerSettings settings, Configs configs, Consumer<Effect> out) {
        this.settings = settings;
        this.configs = configs;
        this.out = out;
        this.self = settings.serverId();
    }

    // ---- events

    /// Begins a new round; an election that was under way is forgotten. May be decided at once.
    ///
    /// @param own for this server itself if it is a participant of the configuration in force, else
    ///   for [Vote#NOBODY]; with the zxid [Vote#NOT_VOTING] if it must not have a voice
    public void begin(Vote own, long nowMillis) {
        wasReturning = decided != null && initial.compareHistory(decided) > 0;
        clock++;
        looking = true;
        decided = null;
        initial = own;
        ofRound.clear();
        ofSettled.clear();
        notVoting.clear();
        silentAtMillis = Long.MAX_VALUE;
        propose(own, nowMillis);
        conclude(true, nowMillis);
    }

    /// The server does not look any more, or looks anew later: the round is left open, and this
    /// server says no more in it.
    public void abandon() {
        looking = false;
        resendAtMillis = Long.MAX_VALUE;
        silentAtMillis = Long.MAX_VALUE;
    }

    /// Another server has said whom it votes for or follows. To be called with what comes from
    /// voters while this server looks; anything else is ignored.
    public void notified(long from, Notification notification, long nowMillis) {
        if (!looking || from == self || !configs.isVoter(from)) {
            return;
        }
        // Its link is up, then, whatever was heard of it.
        unreachable.remove(from);
        Ballot ballot = Ballot.of(notification);
        switch (notification.state()) {
            case Notification.LOOKING -> looks(from, ballot, nowMillis);
            case Notification.FOLLOWING, Notification.LEADING -> settled(from, ballot, nowMillis);
            default -> {} // observers have no voice
        }
    }

    /// An election link has come up, or has broken, or could not be made. To be called in every
    /// role, but not for links that this server closed by its own choice.
    public void linkChanged(long sid, boolean up, long nowMillis) {
        boolean changed;
        if (up) {
            changed = unreachable.remove(sid);
        } else {
            // Others are of no interest, and there is no end of them.
            changed = sid != self && configs.isVoter(sid) && unreachable.add(sid);
        }
        if (!looking || !changed) {
            return;
        }
        if (up && configs.isVoter(sid)) {
            send(sid);
        }
        // What was sent may be lost, and what it led to may be void.
        resendSoon(nowMillis);
        conclude(true, nowMillis);
    }

    public void tick(long nowMillis) {
        if (!looking) {
            return;
        }
        if (nowMillis >= silentAtMillis) {
            decide(proposal);
        } else if (nowMillis >= resendAtMillis) {
            resendAfterMillis = Math.min(resendAfterMillis * 2, resendAfterMillisMax());
            // It may be welcome by now where it was refused.
            wasReturning = false;
            sendToAll(nowMillis);
            if (silentAtMillis == Long.MAX_VALUE && hasQuorum(supporters())) {
                // Nothing was heard and still there is a quorum: the oracle has spoken.
                decide(proposal);
            }
        }
    }

    /// Votes are told to those who have a voice, on links that they keep up. Who has none hears of
    /// a leader by asking, and of a link that leads nowhere any more by using it: it asks often.
    private long resendAfterMillisMax() {
        return hasVoice()
                ? settings.election().notifyMillisMax()
                : Math.min(settings.election().notifyMillisMax(), ASKING_MILLIS_MAX);
    }

    /// When [#tick] has something to do; [Long#MAX_VALUE] for never.
    public long wakeAtMillis() {
        return Math.min(resendAtMillis, silentAtMillis);
    }

    // ---- what is known

    /// The vote that has won; null while it is open.
    public @Nullable Vote decided() {
        return decided;
    }

    /// Those who are known to have decided so, this server included: who elected with it, and who
    /// had that leader already. For people.
    public Set<Long> decidedBy() {
        var sids = new TreeSet<Long>();
        Vote vote = decided;
        if (vote != null) {
            sids.addAll(ofRound.withLeader(vote.leader()));
            sids.addAll(ofSettled.withLeader(vote.leader()));
            if (configs.isVoter(self)) {
                sids.add(self);
            }
        }
        return Collections.unmodifiableSet(sids);
    }

    /// What this server votes for at present, and what it tells others who ask.
    public Vote proposal() {
        return proposal;
    }

    /// The logical clock.
    public long clock() {
        return clock;
    }

    // ---- votes of servers that look

    private void looks(long from, Ballot ballot, long nowMillis) {
        // What it said when it had a leader is void.
        ofSettled.remove(from);
        Vote vote = ballot.vote();
        if (!vote.isVoting()) {
            notVoting.add(from);
            ofRound.remove(from);
            conclude(false, nowMillis);
            return;
        }
        notVoting.remove(from);
        if (!initial.isVoting() || !configs.isVoter(vote.leader())) {
            // What it said in this round when it had a leader, or voted otherwise, is void, too.
            conclude(ofRound.remove(from), nowMillis);
            return;
        }
        if (vote.electionEpoch() < clock && !canGoBackFor(vote)) {
            // Whoever sent it is told of this round. If it has voted in it, then it has started
            // anew or gone back since, and is not bound by that vote.
            conclude(ofRound.remove(from), nowMillis);
            return;
        }
        if (vote.electionEpoch() != clock) {
            clock = vote.electionEpoch();
            ofRound.clear();
            propose(beats(vote, initial) ? vote : initial, nowMillis);
        } else if (beats(vote, proposal)) {
            propose(vote, nowMillis);
        }
        boolean changed = ofRound.put(from, ballot);
        if (changed && hasVoice() && beats(proposal, vote)) {
            send(from);
        }
        conclude(changed, nowMillis);
    }

    /// A server that is for nobody cannot lead others into its later round, for they do not look at
    /// such votes; and where its voice is needed to make a participant of it, they cannot end
    /// theirs.
    private boolean canGoBackFor(Vote vote) {
        return proposal.leader() == Vote.NOBODY && beats(vote, initial);
    }

    private void propose(Vote vote, long nowMillis) {
        proposal = vote.inRound(clock);
        if (hasVoice()) {
            ofRound.put(self, Ballot.looking(proposal));
        }
        resendAfterMillis = settings.election().notifyMillisMin();
        sendToAll(nowMillis);
    }

    /// Servers of weight 0 are not elected. A server that is for nobody takes up any vote: with the
    /// newest history it still cannot lead, and its voice may be needed.
    private boolean beats(Vote vote, Vote other) {
        if (configs.weight(vote.leader()) == 0) {
            return false;
        }
        return other.leader() == Vote.NOBODY || vote.isAheadOf(other);
    }

    private boolean hasVoice() {
        return initial.isVoting() && configs.isVoter(self);
    }

    /// Sees whether the round is over.
    ///
    /// @param changed whether something was heard that was not known
    private void conclude(boolean changed, long nowMillis) {
        Set<Long> supporters = supporters();
        if (!hasQuorum(supporters)) {
            silentAtMillis = Long.MAX_VALUE;
        } else if (nothingCanChange(supporters)) {
            decide(proposal);
        } else if (changed || silentAtMillis == Long.MAX_VALUE) {
            silentAtMillis = nowMillis + settings.election().finalizeWaitMillis();
        }
    }

    /// Who can be reached and elects as this server proposes, itself included.
    private Set<Long> supporters() {
        return ofRound.supporting(proposal, unreachable);
    }

    private boolean hasQuorum(Set<Long> supporters) {
        return initial.isVoting()
                && configs.isVoter(proposal.leader())
                && configs.isQuorum(supporters);
    }

    private boolean nothingCanChange(Set<Long> supporters) {
        if (unreachable.contains(proposal.leader())) {
            return false;
        }
        for (long voter : configs.voters()) {
            if (voter != self
                    && !supporters.contains(voter)
                    && !unreachable.contains(voter)
                    && !notVoting.contains(voter)) {
                return false;
            }
        }
        return true;
    }

    // ---- words of servers that have a leader

    private void settled(long from, Ballot ballot, long nowMillis) {
        Vote vote = ballot.vote();
        if (!configs.isVoter(vote.leader())) {
            return;
        }
        notVoting.remove(from);
        boolean changed = ofSettled.put(from, ballot);
        if (vote.electionEpoch() == clock) {
            changed |= ofRound.put(from, ballot.withoutVersion());
            if (isEstablished(ballot, ofRound)) {
                decide(vote);
                return;
            }
        } else {
            // It has left the round in which it voted: that vote elects nobody any more.
            changed |= ofRound.remove(from);
        }
        if (isEstablished(ballot, ofSettled) || isLeadingByOracle(ballot)) {
            clock = Math.max(vote.electionEpoch(), 0); // -1 after a hand-over (section 3.5)
            decide(vote);
        } else {
            if (changed && vote.leader() != self && !ofSettled.hasLeading(vote.leader())) {
                send(vote.leader());
            }
            conclude(changed, nowMillis);
        }
    }

    /// Whether the one who is voted for leads with a quorum behind it. The word of followers is not
    /// enough, not even that of many: they may not have noticed yet that it is gone. Nor may this
    /// server lead on their word if it is from before its last start, where rounds had the same
    /// numbers: then they speak of another vote than its own.
    private boolean isEstablished(Ballot ballot, Ballots ballots) {
        Vote vote = ballot.vote();
        boolean leads =
                vote.leader() == self
                        ? vote.equals(initial.inRound(clock))
                        : ballots.hasLeading(vote.leader()) && !unreachable.contains(vote.leader());
        if (!leads) {
            return false;
        }
        Set<Long> supporters = ballots.agreeingWith(ballot, unreachable);
        if (configs.isQuorum(supporters)) {
            return true;
        }
        if (vote.leader() == self || !hasVoice() || !isWelcomeTo(vote)) {
            return false;
        }
        supporters.add(self);
        return configs.isQuorum(supporters);
    }

    /// Whether the leader that is voted for will have this server, as far as can be known: it
    /// refuses those who know more, unless its epoch has begun. Who cannot lead has nowhere else to
    /// go.
    private boolean isWelcomeTo(Vote vote) {
        return initial.compareHistory(vote) <= 0
                || (!wasReturning && (initial.leader() == Vote.NOBODY || seemsOwnLeader(vote)));
    }

    /// Whether that looks like the vote of the leader whose epoch this server is in: its zxid is
    /// still the one with which the leader was elected, before that epoch.
    private boolean seemsOwnLeader(Vote vote) {
        return vote.peerEpoch() == initial.peerEpoch()
                && Zxids.epoch(vote.zxid()) < vote.peerEpoch();
    }

    /// Of an ensemble of two, the other one leads and this one has no permission to (section 3.6).
    private boolean isLeadingByOracle(Ballot ballot) {
        return ballot.isLeading() && configs.isOracleForTheOther();
    }

    // ---- ending and sending

    private void decide(Vote vote) {
        decided = vote;
        abandon();
    }

    private void resendSoon(long nowMillis) {
        resendAfterMillis = settings.election().notifyMillisMin();
        resendAtMillis = Math.min(resendAtMillis, nowMillis + resendAfterMillis);
    }

    private void sendToAll(long nowMillis) {
        resendAtMillis = nowMillis + resendAfterMillis;
        Notification notification = notification();
        for (long voter : configs.voters()) {
            if (voter != self) {
                out.accept(new Effect.SendNotification(voter, notification));
            }
        }
    }

    private void send(long sid) {
        out.accept(new Effect.SendNotification(sid, notification()));
    }

    private Notification notification() {
        return new Notification(
                Notification.LOOKING,
                proposal.leader(),
                proposal.zxid(),
                clock,
                proposal.peerEpoch(),
                configs.committed().text());
    }
}
