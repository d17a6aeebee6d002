package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.Zxids;

import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// E4 to E6: what is promised in discovery, and on whose word an epoch rests. Whose word counts the
/// leader's configuration says, whatever somebody takes himself for who does not know that one yet:
/// an observer promises like a follower does.
final class DiscoveryChecker implements Checker {

    private final Facts facts;

    /// Accepted epoch of a learner when LEADERINFO came, by its link.
    private final SortedMap<String, Long> acceptedBefore = new TreeMap<>();

    /// The role in which a leader has announced its epoch already.
    private final SortedMap<Long, Integer> announced = new TreeMap<>();

    /// By leader.
    private final SortedMap<Long, Gathering> gatherings = new TreeMap<>();

    /// On whose word a leader chooses its epoch. Who comes when they are a quorum already is
    /// offered that epoch, whatever it has promised meanwhile.
    private static final class Gathering {
        private final int role;
        private final SortedSet<Long> voters = new TreeSet<>();
        private final SortedMap<Long, Long> accepted = new TreeMap<>();

        Gathering(long leader, int role) {
            this.role = role;
            voters.add(leader);
        }
    }

    DiscoveryChecker(Facts facts) {
        this.facts = facts;
    }

    @Override
    public String invariant() {
        return "E4 E5 E6";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.PacketReceived e
                    when e.packet().type() == PacketType.FOLLOWERINFO
                            || e.packet().type() == PacketType.OBSERVERINFO ->
                    introduced(e);
            case TraceEvent.PacketReceived e when e.packet().type() == PacketType.LEADERINFO ->
                    acceptedBefore.put(
                            e.sid() + "/" + e.incarnation() + "/" + e.link(),
                            facts.server(e.sid()).acceptedEpoch);
            case TraceEvent.PacketSent e when e.packet().type() == PacketType.ACKEPOCH ->
                    acknowledges(e, verdict);
            case TraceEvent.PacketSent e when e.packet().type() == PacketType.LEADERINFO ->
                    announces(e, Zxids.epoch(e.packet().zxid()), verdict);
            case TraceEvent.Established e -> established(e, verdict);
            default -> {
                // Not discovery.
            }
        }
    }

    private void introduced(TraceEvent.PacketReceived e) {
        ServerFact leader = facts.server(e.sid());
        LinkFact link = facts.link(e.sid(), e.link());
        if (link == null || !link.asLeader || link.role != leader.role) {
            return;
        }
        Gathering gathering = gathering(leader);
        if (!isQuorum(leader, gathering)) {
            gathering.accepted.merge(link.peerSid, link.helloEpoch, Math::max);
            gathering.voters.add(link.peerSid);
        }
    }

    private Gathering gathering(ServerFact leader) {
        return gatherings.compute(
                leader.sid,
                (sid, last) ->
                        last != null && last.role == leader.role
                                ? last
                                : new Gathering(sid, leader.role));
    }

    private boolean isQuorum(ServerFact leader, Gathering gathering) {
        return facts.isQuorum(leader.committedConfig, gathering.voters);
    }

    private void acknowledges(TraceEvent.PacketSent e, Verdict verdict) {
        LinkFact link = facts.link(e.sid(), e.link());
        Long before = acceptedBefore.get(e.sid() + "/" + e.incarnation() + "/" + e.link());
        if (link == null || before == null) {
            return;
        }
        int acked = Facts.ackedEpoch(e.packet());
        if (link.leaderInfoEpoch < before) {
            verdict.violated(
                    "E4",
                    "epoch "
                            + link.leaderInfoEpoch
                            + " is acknowledged after "
                            + before
                            + " was accepted");
        } else if (link.leaderInfoEpoch == before && acked != -1) {
            verdict.violated("E4", "epoch " + before + " is acknowledged twice");
        } else if (link.leaderInfoEpoch > before && acked == -1) {
            verdict.reached("ACKEPOCH without a vote");
        }
    }

    private void announces(TraceEvent.PacketSent e, long epoch, Verdict verdict) {
        ServerFact leader = facts.server(e.sid());
        if (!leader.isLeading()) {
            passesOn(leader, epoch, verdict);
            return;
        }
        if (Objects.equals(announced.get(e.sid()), leader.role)) {
            return;
        }
        announced.put(e.sid(), leader.role);
        Gathering gathering = gathering(leader);
        gathering.accepted.forEach((sid, accepted) -> {
            if (accepted >= epoch) {
                verdict.violated(
                        "E5",
                        "epoch "
                                + epoch
                                + " is proposed, server "
                                + sid
                                + " has accepted "
                                + accepted);
            }
        });
        if (!isQuorum(leader, gathering)) {
            verdict.violated(
                    "E5", "epoch " + epoch + " is proposed on the word of " + gathering.voters);
        }
    }

    /// A follower that takes observers tells them the epoch that it serves in.
    private static void passesOn(ServerFact follower, long epoch, Verdict verdict) {
        if (epoch != follower.servingEpoch) {
            verdict.violated(
                    "E5",
                    "a follower announces epoch "
                            + epoch
                            + " and serves in "
                            + follower.servingEpoch);
        }
        verdict.reached("observer taken by a follower");
    }

    private void established(TraceEvent.Established e, Verdict verdict) {
        ServerFact leader = facts.server(e.sid());
        SortedSet<Long> quorum = new TreeSet<>();
        quorum.add(e.sid());
        for (LinkFact link : leader.links.values()) {
            Integer acked = link.ackEpoch;
            if (!link.asLeader || link.role != leader.role || acked == null || acked == -1) {
                continue;
            }
            quorum.add(link.peerSid);
            boolean isNewer =
                    acked > leader.summaryEpoch
                            || (acked == leader.summaryEpoch
                                    && link.ackEpochZxid > leader.summaryZxid);
            if (isNewer && link.isOpen && !link.isObserver) {
                verdict.violated(
                        "E6",
                        "server "
                                + link.peerSid
                                + " has ("
                                + acked
                                + ", "
                                + Zxids.hex(link.ackEpochZxid)
                                + "), newer than the leader's ("
                                + leader.summaryEpoch
                                + ", "
                                + Zxids.hex(leader.summaryZxid)
                                + ")");
            }
        }
        if (!facts.isQuorum(leader.committedConfig, quorum)) {
            verdict.violated(
                    "E4", "epoch " + e.epoch() + " is established on the word of " + quorum);
        }
    }
}
