package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// C1 to C5: each message fits the phase of its conversation, names what it may name, and belongs
/// to a connection that lives.
final class ConversationChecker implements Checker {

    private final Facts facts;

    /// What is on its way, by the world's connection and direction.
    private final Map<Flow, Deque<QuorumPacket>> underWay = new HashMap<>();

    private record Flow(long connection, boolean fromLeader) {}

    ConversationChecker(Facts facts) {
        this.facts = facts;
    }

    /// What one end has said so far on one connection.
    static final class Said {
        private boolean hello;
        private boolean leaderInfo;
        private boolean ackEpoch;
        private int syncMode;
        private boolean newLeader;
        private boolean ackedNewLeader;
        private boolean upToDate;
        private long lastCommit = -1;
        private long lastAck = -1;

        /// Proposals that were sent and not committed yet.
        private final Deque<Long> proposals = new ArrayDeque<>();
    }

    @Override
    public String invariant() {
        return "C1 C2 C3 C4 C5";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.PacketSent e -> sent(e, verdict);
            case TraceEvent.PacketReceived e -> received(e, verdict);
            case TraceEvent.SnapshotStored e when !e.received() -> snapshot(e, verdict);
            default -> {
                // Not said to anybody.
            }
        }
    }

    private void sent(TraceEvent.PacketSent e, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        LinkFact link = facts.link(e.sid(), e.link());
        if (link == null || !server.isUp || e.incarnation() != server.incarnation) {
            verdict.violated("C5", name(e.packet()) + " is sent on a link that is not there");
            return;
        }
        if (!link.isOpen) {
            verdict.violated("C5", name(e.packet()) + " is sent on a closed link");
            return;
        }
        if (link.role != server.role) {
            verdict.violated(
                    "C5", name(e.packet()) + " is sent on a link of a role that has ended");
        }
        underWay.computeIfAbsent(new Flow(link.connection, link.asLeader), _ -> new ArrayDeque<>())
                .addLast(e.packet());
        Said said = link.said;
        String wrong =
                link.asLeader
                        ? leaderSays(said, e.packet(), server, verdict)
                        : learnerSays(said, e.packet(), server, verdict);
        if (wrong != null) {
            verdict.violated("C1", name(e.packet()) + " is sent " + wrong);
        }
    }

    // ---- what a leader may say

    private @Nullable String leaderSays(
            Said said, QuorumPacket packet, ServerFact leader, Verdict verdict) {
        return switch (packet.type()) {
            case PacketType.LEADERINFO -> {
                if (said.leaderInfo) {
                    yield "twice";
                }
                said.leaderInfo = true;
                yield null;
            }
            case PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP -> {
                boolean twice = said.syncMode != 0;
                said.syncMode = packet.type();
                verdict.reached("synchronisations: " + PacketType.name(packet.type()));
                if (packet.type() == PacketType.TRUNC && !leader.log.passes(packet.zxid())) {
                    verdict.violated(
                            "C2",
                            "TRUNC to "
                                    + Zxids.hex(packet.zxid())
                                    + ", which the leader does not have");
                }
                yield twice ? "twice" : unless(said.leaderInfo, "before LEADERINFO");
            }
            case PacketType.NEWLEADER -> {
                boolean twice = said.newLeader;
                said.newLeader = true;
                yield twice ? "twice" : said.syncMode == 0 ? "before DIFF, TRUNC or SNAP" : null;
            }
            case PacketType.UPTODATE -> {
                boolean twice = said.upToDate;
                said.upToDate = true;
                yield twice ? "twice" : unless(said.newLeader, "before NEWLEADER");
            }
            case PacketType.PROPOSAL -> {
                said.proposals.addLast(packet.zxid());
                yield unless(said.syncMode != 0, "before DIFF, TRUNC or SNAP");
            }
            case PacketType.COMMIT, PacketType.COMMITANDACTIVATE -> {
                commits(said, packet, verdict);
                yield unless(said.syncMode != 0, "before DIFF, TRUNC or SNAP");
            }
            case PacketType.INFORM, PacketType.INFORMANDACTIVATE -> {
                if (packet.zxid() <= said.lastCommit) {
                    verdict.violated("C3", name(packet) + " after " + Zxids.hex(said.lastCommit));
                }
                said.lastCommit = packet.zxid();
                yield unless(said.syncMode != 0, "before DIFF, TRUNC or SNAP");
            }
            case PacketType.PING, PacketType.REVALIDATE, PacketType.SYNC -> {
                yield unless(said.newLeader, "before NEWLEADER");
            }
            default -> {
                yield "by a leader";
            }
        };
    }

    private static @Nullable String unless(boolean right, String wrong) {
        return right ? null : wrong;
    }

    /// A commit names the oldest proposal on this link that is not committed yet.
    private static void commits(Said said, QuorumPacket packet, Verdict verdict) {
        Long next = said.proposals.pollFirst();
        if (!Objects.equals(next, packet.zxid())) {
            verdict.violated(
                    "C3",
                    name(packet)
                            + " while "
                            + (next == null ? "nothing" : Zxids.hex(next))
                            + " is the next proposal");
        }
        said.lastCommit = packet.zxid();
    }

    // ---- what a learner may say

    private @Nullable String learnerSays(
            Said said, QuorumPacket packet, ServerFact learner, Verdict verdict) {
        return switch (packet.type()) {
            case PacketType.FOLLOWERINFO, PacketType.OBSERVERINFO -> {
                boolean twice = said.hello;
                said.hello = true;
                yield unless(!twice, "twice");
            }
            case PacketType.ACKEPOCH -> {
                boolean twice = said.ackEpoch;
                said.ackEpoch = true;
                yield twice ? "twice" : unless(said.hello, "before FOLLOWERINFO");
            }
            case PacketType.ACK -> {
                acks(said, packet, learner, verdict);
                yield unless(said.ackEpoch, "before ACKEPOCH");
            }
            case PacketType.PING, PacketType.REQUEST, PacketType.REVALIDATE -> {
                yield unless(said.ackedNewLeader, "before the ACK of NEWLEADER");
            }
            default -> {
                yield "by a learner";
            }
        };
    }

    private static void acks(Said said, QuorumPacket packet, ServerFact learner, Verdict verdict) {
        if (Zxids.counter(packet.zxid()) == 0) {
            said.ackedNewLeader = true;
            return;
        }
        if (!said.ackedNewLeader) {
            verdict.violated("C4", name(packet) + " before the ACK of NEWLEADER");
        }
        if (packet.zxid() <= said.lastAck) {
            verdict.violated("C4", name(packet) + " after " + Zxids.hex(said.lastAck));
        }
        if (learner.log.find(packet.zxid()) == null) {
            verdict.violated("C4", name(packet) + " is not in the log");
        }
        said.lastAck = packet.zxid();
    }

    // ---- what arrives

    private void received(TraceEvent.PacketReceived e, Verdict verdict) {
        LinkFact link = facts.link(e.sid(), e.link());
        if (link == null || !link.isOpen) {
            verdict.violated("C5", name(e.packet()) + " arrives on a link that is not there");
            return;
        }
        Deque<QuorumPacket> sent = underWay.get(new Flow(link.connection, !link.asLeader));
        QuorumPacket next = sent == null ? null : sent.pollFirst();
        if (next == null || next.type() != e.packet().type() || next.zxid() != e.packet().zxid()) {
            verdict.violated(
                    "C5",
                    name(e.packet())
                            + " arrives, "
                            + (next == null ? "nothing" : name(next))
                            + " was sent");
        }
        if (!link.asLeader && e.packet().type() == PacketType.TRUNC) {
            ServerFact learner = facts.server(e.sid());
            if (e.packet().zxid() < learner.log.base()) {
                verdict.reached("TRUNC below the log");
            }
        }
    }

    /// A snapshot holds what is committed, nothing else; a fresh leader's or a recovered one's may
    /// hold its whole log, which is committed when it is activated.
    private void snapshot(TraceEvent.SnapshotStored e, Verdict verdict) {
        ServerFact server = facts.server(e.sid());
        if (server.servingEpoch >= 0
                && !facts.history().passes(e.zxid())
                && e.zxid() > facts.history().last()) {
            verdict.violated(
                    "C3",
                    "a snapshot at "
                            + Zxids.hex(e.zxid())
                            + ", committed is "
                            + Zxids.hex(facts.history().last()));
        }
    }

    private static String name(QuorumPacket packet) {
        return PacketType.name(packet.type()) + " " + Zxids.hex(packet.zxid());
    }
}
