package io.witan.zab.peer;

import io.witan.wire.client.OpCode;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.quorum.SessionTouch;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.Zxids;
import io.witan.zab.peer.LearnerLink.Stage;

import java.util.List;

/// What learners send to their leader: which packet has a place at which stage of a learner, and
/// who in the leader is told of it. A packet out of its place ends the link.
final class LearnerPackets {

    private final PeerContext context;
    private final Learners learners;
    private final LeaderDiscovery discovery;
    private final Leading leading;

    LearnerPackets(
            PeerContext context, Learners learners, LeaderDiscovery discovery, Leading leading) {
        this.context = context;
        this.learners = learners;
        this.discovery = discovery;
        this.leading = leading;
    }

    void received(LearnerLink link, QuorumPacket packet) {
        link.heard();
        try {
            handle(link, packet);
        } catch (DecodeException e) {
            learners.close(link, "%s sent what cannot be read: %s".formatted(link, e.getMessage()));
        }
    }

    private void handle(LearnerLink link, QuorumPacket packet) {
        switch (link.stage()) {
            case CONNECTED -> discovery.introduced(link, packet);
            case OFFERED -> discovery.promised(link, packet);
            case INTRODUCED, PROMISED -> closeForOutOfPlace(link, packet);
            case SYNCHRONISING -> newLeaderAcknowledged(link, packet);
            case ACKNOWLEDGED -> {
                // Acknowledgements of what was proposed meanwhile come from releases that do not
                // wait for UPTODATE (ZOOKEEPER-4685).
                if (packet.type() == PacketType.ACK) {
                    leading.broadcast().acknowledged(link, packet.zxid());
                } else {
                    closeForOutOfPlace(link, packet);
                }
            }
            case SERVING -> serve(link, packet);
        }
    }

    private void newLeaderAcknowledged(LearnerLink link, QuorumPacket packet) {
        boolean isAck =
                packet.type() == PacketType.ACK
                        && packet.zxid() == Zxids.startOf(discovery.epoch());
        if (!isAck || link.isHolding()) {
            closeForOutOfPlace(link, packet);
            return;
        }
        link.acknowledged();
        context.tell(new Happening.Synchronised(link.number(), link.sid()));
        leading.broadcast().acknowledgedHistory(link);
        if (isHistoryOfVoter(link)) {
            leading.historyAcknowledged(link.sid());
        }
        if (link.stage() == Stage.ACKNOWLEDGED && !context.isLeaving()) {
            leading.release(link);
        }
        leading.admitWaiting();
    }

    /// A server that observes and is to vote has the history on disk like any other. Its word can
    /// be what completes the reconfiguration that an earlier leader has left.
    private boolean isHistoryOfVoter(LearnerLink link) {
        return link.isObserver()
                ? context.configs.isVoter(link.sid()) && !context.configs.isParticipant(link.sid())
                : link.sid() >= 0;
    }

    private void serve(LearnerLink link, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.ACK -> leading.broadcast().acknowledged(link, packet.zxid());
            case PacketType.PING -> pingAnswered(link, packet);
            case PacketType.REVALIDATE -> revalidate(link, packet);
            case PacketType.REQUEST -> request(link, packet);
            default -> closeForOutOfPlace(link, packet);
        }
    }

    private void pingAnswered(LearnerLink link, QuorumPacket packet) {
        List<SessionTouch> touches = SessionTouch.decode(packet.data());
        if (leading.rounds().pingAnswered(link, packet.zxid()) && !touches.isEmpty()) {
            context.emit(new Effect.SessionsHeard(link.number(), touches));
        }
    }

    private void revalidate(LearnerLink link, QuorumPacket packet) {
        Revalidation.Question question = Revalidation.Question.decode(packet.data());
        context.emit(
                new Effect.RevalidationAsked(
                        link.number(), question.sessionId(), question.timeoutMillis()));
    }

    private void request(LearnerLink link, QuorumPacket packet) {
        ForwardedRequest request = ForwardedRequest.of(packet);
        if (request.type() == OpCode.SYNC) {
            leading.rounds().syncFor(link);
        } else {
            context.emit(new Effect.Forwarded(link.number(), request));
        }
    }

    private void closeForOutOfPlace(LearnerLink link, QuorumPacket packet) {
        learners.close(
                link,
                "%s sent %s, which has no place while it is %s"
                        .formatted(link, packet, link.stage()));
    }
}
