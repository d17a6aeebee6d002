package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Zxids;
import io.witan.zab.election.Vote;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// D1, D2, D3, D8: what must be on disk before something is said or done.
final class DurabilityChecker implements Checker {

    private final Facts facts;

    /// Commits that a quorum was found to have.
    private final Set<Long> checked = new HashSet<>();

    /// The last of them: it is told to one learner after the other.
    private long lastChecked;

    /// The last transaction that each server has acknowledged.
    private final Map<Long, Long> acknowledged = new HashMap<>();

    /// The same when its disk was lost or damaged, which costs it its vote: the word was true when
    /// it was given, and may still be on its way.
    private final Map<Long, Long> acknowledgedBeforeLoss = new HashMap<>();

    DurabilityChecker(Facts facts) {
        this.facts = facts;
    }

    @Override
    public String invariant() {
        return "D1 D2 D3 D8";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.PacketSent e -> sent(e, e.packet(), verdict);
            case TraceEvent.Started e -> {
                if (e.wasEmpty() || !e.mayVote()) {
                    acknowledgedBeforeLoss.put(e.sid(), acknowledged.getOrDefault(e.sid(), 0L));
                }
            }
            case TraceEvent.CurrentEpochStored e -> currentEpoch(e, verdict);
            case TraceEvent.Delivered e -> delivered(e, verdict);
            case TraceEvent.Activated e -> activated(e, verdict);
            case TraceEvent.NotificationSent e -> votes(e, verdict);
            case TraceEvent.Appended e -> writes(e, "appends " + Zxids.hex(e.zxid()), verdict);
            case TraceEvent.Proposed e -> {
                if (!facts.server(e.sid()).isLeading()) {
                    verdict.violated("D3", "a server that does not lead proposes");
                }
            }
            default -> {
                // Says nothing.
            }
        }
    }

    private void sent(TraceEvent.PacketSent e, QuorumPacket packet, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        LinkFact link = facts.link(e.sid(), e.link());
        if (link == null) {
            return;
        }
        boolean isAck = packet.type() == PacketType.ACK && !link.asLeader;
        if (isAck && Zxids.counter(packet.zxid()) == 0) {
            acknowledgesLeader(server, Zxids.epoch(packet.zxid()), verdict);
        } else if (isAck) {
            if (packet.zxid() > server.durable) {
                verdict.violated(
                        "D1",
                        "ACK of "
                                + Zxids.hex(packet.zxid())
                                + ", durable is "
                                + Zxids.hex(server.durable));
            }
            if (server.diskHasFailed) {
                verdict.violated("D1", "ACK after the disk has failed");
            }
            acknowledged.put(e.sid(), packet.zxid());
        } else if (link.asLeader
                && commits(packet)
                && Zxids.epoch(packet.zxid()) == server.servingEpoch) {
            committed(packet.zxid(), verdict);
        }
    }

    private static boolean commits(QuorumPacket packet) {
        return packet.type() == PacketType.COMMIT
                || packet.type() == PacketType.COMMITANDACTIVATE
                || packet.type() == PacketType.INFORM;
    }

    private static void acknowledgesLeader(ServerFact server, long epoch, Verdict verdict) {
        if (server.currentEpoch != epoch) {
            verdict.violated(
                    "D2",
                    "NEWLEADER of epoch "
                            + epoch
                            + " is acknowledged, durable is epoch "
                            + server.currentEpoch);
        }
        if (server.diskHasFailed) {
            verdict.violated("D1", "ACK after the disk has failed");
        }
    }

    /// The epoch moves only when the history that it begins with is durable.
    private void currentEpoch(TraceEvent.CurrentEpochStored e, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        HistoryFact history = facts.history();
        String missing = PrimaryChecker.missingOf(history, server.log, e.epoch());
        if (missing != null) {
            verdict.violated(
                    "D2",
                    "current epoch "
                            + e.epoch()
                            + " is durable, the history before it lacks "
                            + missing);
            return;
        }
        long before = history.lastCommittedBefore(e.epoch());
        if (before > server.durable) {
            verdict.violated(
                    "D2",
                    "current epoch "
                            + e.epoch()
                            + " is durable, the history only to "
                            + Zxids.hex(server.durable)
                            + " of "
                            + Zxids.hex(before));
        }
    }

    // ---- commits

    private void delivered(TraceEvent.Delivered e, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        if (server.log.find(e.zxid()) == null && e.zxid() > server.log.base()) {
            verdict.violated("D8", Zxids.hex(e.zxid()) + " is in the tree and was never appended");
        }
        if (server.state == AgreementView.State.LOOKING) {
            verdict.violated("D3", "a server that looks delivers " + Zxids.hex(e.zxid()));
        }
        if (Zxids.epoch(e.zxid()) == server.servingEpoch) {
            committed(e.zxid(), verdict);
        }
    }

    /// What a leader begins with is committed when a quorum has it, of the configuration in force
    /// and of the next one where there is one.
    private void activated(TraceEvent.Activated e, Verdict verdict) {
        ServerFact leader = facts.server(e.sid());
        long zxid = leader.log.last();
        SortedSet<Long> holders = holders(zxid);
        requireQuorum(zxid, leader.committedConfig, holders, verdict);
        requireQuorum(zxid, leader.lastSeenConfig, holders, verdict);
        SortedSet<Long> acked = new TreeSet<>();
        acked.add(e.sid());
        for (LinkFact link : leader.links.values()) {
            if (link.asLeader && link.role == leader.role && link.ackedNewLeader) {
                acked.add(link.peerSid);
            }
        }
        if (!facts.isQuorum(leader.committedConfig, acked)
                || !facts.isQuorum(leader.lastSeenConfig, acked)) {
            verdict.violated("D2", "epoch " + e.epoch() + " begins, acknowledged only by " + acked);
        }
    }

    private SortedSet<Long> holders(long zxid) {
        SortedSet<Long> holders = new TreeSet<>();
        for (ServerFact server : facts.servers()) {
            boolean has = server.log.find(zxid) != null || zxid <= server.log.base();
            if ((has && server.durable >= zxid) || hasLost(server, zxid)) {
                holders.add(server.sid);
            }
        }
        return holders;
    }

    private boolean hasLost(ServerFact server, long zxid) {
        long said = acknowledgedBeforeLoss.getOrDefault(server.sid, 0L);
        return said >= zxid && Zxids.epoch(said) == Zxids.epoch(zxid);
    }

    /// Committed is what a quorum has on disk: of the configuration when it was proposed, and of
    /// the next one where there was one already.
    private void committed(long zxid, Verdict verdict) {
        if (zxid == lastChecked || !checked.add(zxid)) {
            return;
        }
        lastChecked = zxid;
        SortedSet<Long> holders = holders(zxid);
        Facts.ProposalFact proposal = facts.proposal(zxid);
        if (proposal == null) {
            return;
        }
        requireQuorum(zxid, proposal.committed(), holders, verdict);
        requireQuorum(zxid, proposal.lastSeen(), holders, verdict);
    }

    private void requireQuorum(
            long zxid, @Nullable EnsembleConfig config, SortedSet<Long> holders, Verdict verdict) {
        if (!facts.isQuorum(config, holders)) {
            verdict.violated(
                    "D1",
                    Zxids.hex(zxid)
                            + " is committed, only "
                            + holders
                            + " have it on disk; voters are "
                            + (config == null ? "unknown" : config.participants()));
        }
    }

    // ---- roles

    /// No write of an earlier role may be under way when a server says that it looks.
    private void votes(TraceEvent.NotificationSent e, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        boolean isVote =
                e.notification().state() == Notification.LOOKING
                        && e.notification().leader() != Vote.NOBODY;
        if (isVote && server.durable < server.log.last()) {
            verdict.violated(
                    "D3",
                    "a server votes while its log is on its way to disk: durable "
                            + Zxids.hex(server.durable)
                            + " of "
                            + Zxids.hex(server.log.last()));
        }
    }

    private void writes(TraceEvent.OnServer e, String what, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        if (server.state == AgreementView.State.LOOKING || !server.isUp) {
            verdict.violated("D3", "a server that looks " + what);
        }
    }
}
