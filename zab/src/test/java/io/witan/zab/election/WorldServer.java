package io.witan.zab.election;

import io.witan.wire.election.Notification;
import io.witan.zab.Effect;
import io.witan.zab.PeerSettings;
import io.witan.zab.config.Configs;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A server of [World]. Of everything that is not the election only the outline: answers to those
/// who look, a leader that is established when a quorum without newer history has come to it, gives
/// up when none comes or stays, and followers that look again when theirs is gone.
final class WorldServer {

    private static final int DIALS_MAX = 5;
    private static final int DIAL_PAUSE_MILLIS = 100;

    private final World world;
    private final long sid;
    private final PeerSettings settings;
    private final Configs configs;

    // ---- on disk

    long epoch;
    long zxid;

    /// Its log is damaged: it must not vote until it has followed a leader.
    boolean damaged;

    // ---- in memory

    private final List<Effect> effects = new ArrayList<>();
    private Election election;
    private boolean up;
    private int incarnation;
    private int state = Notification.LOOKING;
    private Vote currentVote = new Vote(Vote.NOBODY, 0, -1, 0);

    /// Counts roles; what an earlier one has left behind does nothing.
    private int role;

    private boolean established;
    private long leader;

    /// By sid, in which of their roles.
    private final SortedMap<Long, Integer> followers = new TreeMap<>();

    /// How often it has looked for a leader.
    int elections;

    WorldServer(World world, long sid) {
        this.world = world;
        this.sid = sid;
        this.settings = PeerSettings.standard(sid);
        this.configs = world.configs();
        this.election = new Election(settings, configs, effects::add);
    }

    long sid() {
        return sid;
    }

    boolean isUp() {
        return up;
    }

    int incarnation() {
        return incarnation;
    }

    boolean isEstablished() {
        return up && state == Notification.LEADING && established;
    }

    boolean isServedBy(WorldServer other) {
        return up
                && (state == Notification.FOLLOWING || state == Notification.OBSERVING)
                && other.followers.containsKey(sid)
                && leader == other.sid;
    }

    int state() {
        return state;
    }

    Vote currentVote() {
        return currentVote;
    }

    boolean isNewerThan(WorldServer other) {
        return epoch > other.epoch || (epoch == other.epoch && zxid > other.zxid);
    }

    // ---- life

    void start() {
        if (up) {
            return;
        }
        up = true;
        incarnation++;
        election = new Election(settings, configs, effects::add);
        look("starts");
    }

    void crash() {
        if (!up) {
            return;
        }
        world.log("server " + sid + " crashes");
        up = false;
        incarnation++;
        leaveRole();
        world.breakLinks(sid);
    }

    private void leaveRole() {
        established = false;
        followers.forEach((follower, itsRole) -> {
            WorldServer server = world.server(follower);
            world.after(
                    world.delay(),
                    () -> {
                        if (server.up && server.role == itsRole) {
                            server.look("has lost its leader " + sid);
                        }
                    });
        });
        followers.clear();
        if (leader != 0 && leader != sid) {
            WorldServer server = world.server(leader);
            int left = role;
            world.after(world.delay(), () -> server.followers.remove(sid, left));
        }
        leader = 0;
        role++;
    }

    private void look(String reason) {
        world.log("server " + sid + " looks: " + reason);
        leaveRole();
        state = Notification.LOOKING;
        elections++;
        Vote own = ownVote();
        currentVote = own;
        election.begin(own, world.now());
        afterElectionEvent();
    }

    private Vote ownVote() {
        if (damaged) {
            return new Vote(Vote.NOBODY, Vote.NOT_VOTING, -1, Long.MIN_VALUE);
        }
        if (configs.committed().observers().contains(sid)) {
            return new Vote(Vote.NOBODY, Long.MIN_VALUE, -1, Long.MIN_VALUE);
        }
        return new Vote(configs.isParticipant(sid) ? sid : Vote.NOBODY, zxid, -1, epoch);
    }

    // ---- election events

    void linkChanged(long of, boolean isUp) {
        if (up) {
            world.log("  link of " + sid + " to " + of + (isUp ? " is up" : " is down"));
            election.linkChanged(of, isUp, world.now());
            afterElectionEvent();
        }
    }

    void notified(long from, Notification notification) {
        if (state == Notification.LOOKING
                && configs.isVoter(from)
                && world.lastSeen.text().equals(notification.configText())
                && configs.commit(world.lastSeen)) {
            look("hears of a newer configuration");
            return;
        }
        boolean asks = notification.state() == Notification.LOOKING;
        if (!configs.isVoter(from)) {
            if (asks && state != Notification.LOOKING) {
                answer(from, currentVote, election.clock());
            }
            return;
        }
        if (state == Notification.LOOKING) {
            boolean behind = asks && notification.electionEpoch() < election.clock();
            election.notified(from, notification, world.now());
            if (behind) {
                answer(from, election.proposal(), election.clock());
            }
            afterElectionEvent();
        } else if (asks) {
            answer(from, currentVote, currentVote.electionEpoch());
        }
    }

    private void answer(long to, Vote vote, long round) {
        world.send(
                sid,
                to,
                new Notification(
                        state,
                        vote.leader(),
                        vote.zxid(),
                        round,
                        vote.peerEpoch(),
                        configs.committed().text()));
    }

    private void afterElectionEvent() {
        List<Effect> todo = List.copyOf(effects);
        effects.clear();
        for (Effect effect : todo) {
            if (effect instanceof Effect.SendNotification(long to, Notification notification)) {
                if (to == sid) {
                    throw new AssertionError("a notification to itself");
                }
                world.send(sid, to, notification);
            }
        }
        if (state != Notification.LOOKING) {
            return;
        }
        Vote decided = election.decided();
        if (decided != null) {
            decided(decided);
            return;
        }
        long wake = election.wakeAtMillis();
        int current = role;
        world.after(
                Math.max(0, wake - world.now()),
                () -> {
                    if (role == current && world.now() >= election.wakeAtMillis()) {
                        election.tick(world.now());
                        afterElectionEvent();
                    }
                });
    }

    private void decided(Vote vote) {
        world.log("server " + sid + " elects " + vote);
        role++;
        currentVote = vote;
        if (vote.leader() == sid) {
            lead();
        } else {
            state =
                    configs.committed().observers().contains(sid)
                            ? Notification.OBSERVING
                            : Notification.FOLLOWING;
            dial(vote.leader(), 1);
        }
    }

    // ---- after the election

    private void lead() {
        state = Notification.LEADING;
        leader = sid;
        int current = role;
        world.after(
                settings.ticks().initMillis(),
                () -> {
                    if (role == current && !established) {
                        look("nobody comes");
                    }
                });
        check(current);
        establish();
    }

    private void check(int current) {
        world.after(
                settings.ticks().tickTimeMillis(),
                () -> {
                    if (role == current) {
                        if (established && !configs.isQuorum(withItself())) {
                            look("has no quorum");
                        } else {
                            check(current);
                        }
                    }
                });
    }

    private SortedSet<Long> withItself() {
        var sids = new TreeSet<Long>(followers.keySet());
        sids.add(sid);
        return sids;
    }

    private void dial(long to, int attempt) {
        int current = role;
        world.after(
                world.delay(),
                () -> {
                    if (role != current) {
                        return;
                    }
                    WorldServer server = world.server(to);
                    if (!world.isCut(sid, to)
                            && server.up
                            && server.state == Notification.LEADING) {
                        leader = to;
                        server.followedBy(this);
                    } else if (attempt < DIALS_MAX) {
                        world.after(
                                DIAL_PAUSE_MILLIS,
                                () -> {
                                    if (role == current) {
                                        dial(to, attempt + 1);
                                    }
                                });
                    } else {
                        look("cannot reach its leader " + to);
                    }
                });
    }

    private void followedBy(WorldServer follower) {
        if (!established && follower.isNewerThan(this) && !follower.damaged) {
            follower.look("knows more than its leader " + sid);
            return;
        }
        if (established && follower.epoch > epoch) {
            follower.look("has seen a later epoch than that of " + sid);
            return;
        }
        followers.put(follower.sid, follower.role);
        int current = follower.role;
        world.after(
                settings.ticks().initMillis(),
                () -> {
                    if (follower.role == current && !established) {
                        follower.look("is not synchronised");
                    }
                });
        if (established) {
            synchronise(follower);
        } else {
            establish();
        }
    }

    private void establish() {
        SortedSet<Long> voters = withItself();
        voters.removeIf(voter -> voter != sid && world.server(voter).damaged);
        if (established || !configs.isQuorum(voters)) {
            return;
        }
        established = true;
        epoch =
                world.servers.values().stream().mapToLong(server -> server.epoch).max().orElse(0)
                        + 1;
        zxid = epoch << 32;
        currentVote = withEpoch(currentVote);
        world.log("server " + sid + " leads in epoch " + epoch + " with " + followers.keySet());
        configs.commit(world.lastSeen);
        for (long follower : List.copyOf(followers.keySet())) {
            synchronise(world.server(follower));
        }
        if (!configs.isParticipant(sid)) {
            int current = role;
            world.after(
                    DIAL_PAUSE_MILLIS,
                    () -> {
                        if (role == current) {
                            look("has no vote any more");
                        }
                    });
        }
    }

    /// The follower becomes what its leader is, also in the configuration that it knows.
    private void synchronise(WorldServer follower) {
        if (follower.configs.commit(world.lastSeen) && follower.state == Notification.OBSERVING) {
            follower.look("has a vote now");
            return;
        }
        follower.epoch = epoch;
        follower.zxid = zxid;
        follower.damaged = false;
        follower.currentVote = withEpoch(follower.currentVote);
    }

    private Vote withEpoch(Vote vote) {
        return new Vote(vote.leader(), vote.zxid(), vote.electionEpoch(), epoch);
    }

    /// As established leader: a transaction that reaches some of the followers.
    void write() {
        zxid++;
        for (long follower : followers.keySet()) {
            if (world.random.nextInt(4) != 0) {
                world.server(follower).zxid = zxid;
            }
        }
    }
}
