package io.witan.zab.peer;

import io.witan.wire.client.OpCode;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.quorum.SessionTouch;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;
import io.witan.zab.peer.LearnerLink.Stage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The observers that a follower takes off its leader's hands (quorum, section 4.11). They are
/// synchronised from this server's history and informed of what it delivers; what they ask goes to
/// the leader as if this server asked it. It tells them only what is committed, so it needs no
/// quorum's word for anything: the epoch is the one that it follows in.
///
/// ```
///  <-- OBSERVERINFO    --> LEADERINFO      <-- ACKEPOCH
///  --> DIFF, TRUNC or SNAP, what is missing, NEWLEADER
///  <-- ACK             --> UPTODATE, and then INFORM and PING
/// ```
final class ObserverMaster implements LearnerMaster {

    /// What the fields of a packet count for.
    private static final int PACKET_BYTES = QuorumPacket.BYTES_MIN;

    /// So many questions may wait for the leader; of the observer that asks for more the link is
    /// closed.
    private static final int QUESTIONS_MAX = 1 << 16;

    private final PeerContext context;
    private final LearnerBroadcast follower;
    private final long epoch;
    private final Learners observers;
    private final LeaderSynchronisation synchronisation;

    /// Requests of observers that the leader has not answered, as far as this server knows.
    private final RequestsUnderWay underWay;

    private long sentBytes;

    /// Names the pings.
    private long round;

    /// The last transaction that was sent with INFORM; 0 before the first.
    private long lastInformed;

    private long pingAtMillis;

    /// @param follower hands on to the leader what observers ask
    ObserverMaster(PeerContext context, LearnerBroadcast follower, long epoch) {
        this.context = context;
        this.follower = follower;
        this.epoch = epoch;
        this.underWay = new RequestsUnderWay();
        this.observers = new Learners(context, underWay::gone);
        this.synchronisation = new LeaderSynchronisation(context, observers, this, epoch);
    }

    // ---- life

    void begin() {
        pingAtMillis = context.nowMillis + halfTickMillis();
        context.emit(new Effect.AcceptObservers());
    }

    void end() {
        context.emit(new Effect.RefuseObservers());
        observers.closeAll("this server follows no longer");
    }

    private long halfTickMillis() {
        return Math.max(1, context.settings.ticks().tickTimeMillis() / 2);
    }

    // ---- time

    void tick() {
        long late = context.nowMillis - pingAtMillis;
        if (late > context.settings.ticks().tickTimeMillis()) {
            // This server has stood still: what they have sent may be read next.
            observers.all().forEach(link -> link.forgive(late));
        }
        observers.closeOverdue();
        if (context.nowMillis >= pingAtMillis) {
            pingAtMillis = context.nowMillis + halfTickMillis();
            ping();
            admitWaiting();
        }
    }

    long wakeAtMillis() {
        return Math.min(pingAtMillis, observers.dueAtMillis());
    }

    private void ping() {
        round++;
        var packet = new QuorumPacket(PacketType.PING, lastInformed);
        for (LearnerLink link : observers.all()) {
            if (link.isServing()) {
                link.ping(packet, round, sentBytes);
            }
        }
    }

    // ---- what this server delivers

    /// That transaction has been delivered here.
    void delivered(LogEntry entry) {
        inform(entry, new QuorumPacket(PacketType.INFORM, entry.zxid(), entry.txn()));
    }

    /// That reconfiguration has been delivered here.
    void activated(LogEntry entry, long designatedLeader) {
        inform(
                entry,
                new QuorumPacket(
                        PacketType.INFORMANDACTIVATE,
                        entry.zxid(),
                        Payloads.informAndActivate(designatedLeader, entry.txn())));
    }

    private void inform(LogEntry entry, QuorumPacket packet) {
        lastInformed = entry.zxid();
        underWay.delivered(entry.txn());
        sentBytes += PACKET_BYTES + entry.txn().length;
        for (LearnerLink link : observers.list()) {
            if (link.hearsOf(entry.zxid())) {
                link.send(packet);
                closeIfTooFarBehind(link);
            } else if (link.stage() == Stage.PROMISED) {
                synchronise(link);
            }
        }
    }

    private void closeIfTooFarBehind(LearnerLink link) {
        long behind = sentBytes - link.confirmedBytes();
        if (behind > context.settings.leadership().backlogBytesMax()) {
            observers.close(link, "%s is behind by %d bytes".formatted(link, behind));
        }
    }

    /// The leader has answered a sync that this observer asked for; it has delivered here what was
    /// committed before.
    void synced(long link) {
        send(link, new QuorumPacket(PacketType.SYNC, 0));
    }

    void revalidated(long link, Revalidation.Answer answer) {
        send(link, answer.toPacket());
    }

    private void send(long number, QuorumPacket packet) {
        LearnerLink link = observers.get(number);
        if (link != null) {
            link.send(packet);
        }
    }

    // ---- what observers say

    void connected(long link) {
        observers.connected(link);
    }

    void disconnected(long number, String reason) {
        LearnerLink link = observers.get(number);
        if (link != null) {
            observers.lost(link, reason);
        }
    }

    void snapshotAdvanced(long number) {
        LearnerLink link = observers.get(number);
        if (link != null) {
            link.snapshotAdvanced();
        }
    }

    void received(long number, QuorumPacket packet) {
        LearnerLink link = observers.get(number);
        if (link == null) {
            return;
        }
        link.heard();
        try {
            handle(link, packet);
        } catch (DecodeException e) {
            observers.close(
                    link, "%s sent what cannot be read: %s".formatted(link, e.getMessage()));
        }
    }

    private void handle(LearnerLink link, QuorumPacket packet) {
        switch (link.stage()) {
            case CONNECTED -> introduced(link, packet);
            case OFFERED -> promised(link, packet);
            case SYNCHRONISING -> newLeaderAcknowledged(link, packet);
            case SERVING -> serve(link, packet);
            case INTRODUCED, PROMISED, ACKNOWLEDGED -> closeForOutOfPlace(link, packet);
        }
    }

    private void introduced(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.OBSERVERINFO) {
            observers.close(link, "only observers are taken here");
            return;
        }
        LearnerInfo info = LearnerInfo.decode(packet.data());
        long accepted = Zxids.epoch(packet.zxid());
        String refusal = refusal(info, accepted);
        if (refusal != null) {
            observers.close(link, "server %d %s".formatted(info.sid(), refusal));
            return;
        }
        long sid = info.sid() < 0 ? observers.nextLocalSid() : info.sid();
        observers.replace(sid, link);
        link.introduced(sid, true, accepted);
        link.send(
                new QuorumPacket(
                        PacketType.LEADERINFO,
                        Zxids.startOf(epoch),
                        Payloads.protocolVersion(LearnerInfo.PROTOCOL_VERSION)));
        link.offered();
    }

    private @Nullable String refusal(LearnerInfo info, long accepted) {
        if (info.protocolVersion() < LearnerInfo.PROTOCOL_VERSION) {
            return "speaks a protocol older than ZooKeeper 3.4";
        }
        if (info.sid() == context.sid()) {
            return "has this server's number";
        }
        if (info.configVersion() > config().version()) {
            return "has a newer configuration than this server";
        }
        if (accepted < 0 || accepted > epoch) {
            return "has promised epoch %d, this is %d".formatted(accepted, epoch);
        }
        return null;
    }

    private void promised(LearnerLink link, QuorumPacket packet) {
        if (packet.type() != PacketType.ACKEPOCH) {
            closeForOutOfPlace(link, packet);
            return;
        }
        link.promised(packet.zxid());
        synchronise(link);
    }

    /// An observer that has been informed of more than this server has delivered comes from another
    /// master; it waits until this one knows as much.
    private void synchronise(LearnerLink link) {
        long last = link.position();
        boolean isAhead = Zxids.epoch(last) == epoch && last > context.delivered();
        if (!isAhead) {
            synchronisation.begin(link);
        }
    }

    private void newLeaderAcknowledged(LearnerLink link, QuorumPacket packet) {
        boolean isAck = packet.type() == PacketType.ACK && packet.zxid() == Zxids.startOf(epoch);
        if (!isAck || link.isHolding()) {
            closeForOutOfPlace(link, packet);
            return;
        }
        link.acknowledged();
        context.tell(new Happening.Synchronised(link.number(), link.sid()));
        // All that it was sent is committed.
        link.send(new QuorumPacket(PacketType.UPTODATE, -1));
        link.serving();
        admitWaiting();
    }

    private void admitWaiting() {
        observers.at(Stage.PROMISED).forEach(this::synchronise);
    }

    private void serve(LearnerLink link, QuorumPacket packet) {
        if (follower.questions() >= QUESTIONS_MAX) {
            observers.close(
                    link, "%d questions wait for the leader".formatted(follower.questions()));
            return;
        }
        switch (packet.type()) {
            case PacketType.ACK -> {
                // That of UPTODATE; observers acknowledge nothing else.
                if (Zxids.counter(packet.zxid()) != 0) {
                    closeForOutOfPlace(link, packet);
                }
            }
            case PacketType.PING -> pingAnswered(link, packet);
            case PacketType.REVALIDATE ->
                    follower.revalidateFor(
                            link.number(), Revalidation.Question.decode(packet.data()));
            case PacketType.REQUEST -> request(link, packet);
            default -> closeForOutOfPlace(link, packet);
        }
    }

    private void pingAnswered(LearnerLink link, QuorumPacket packet) {
        List<SessionTouch> touches = SessionTouch.decode(packet.data());
        if (!link.pingAnswered(packet.zxid())) {
            observers.close(link, "%s answered a ping that it was not sent".formatted(link));
        } else if (!touches.isEmpty()) {
            context.emit(new Effect.SessionsHeard(link.number(), touches));
        }
    }

    private void request(LearnerLink link, QuorumPacket packet) {
        // Read, so that what the leader would close this server's link for gets no further.
        ForwardedRequest request = ForwardedRequest.of(packet);
        if (request.type() == OpCode.SYNC) {
            follower.syncFor(link.number());
        } else if (follower.forwardFor(link.number(), request)) {
            underWay.forwarded(link.number(), request);
            closeWhoAsksTooMuch();
        } else {
            // Perhaps nobody waits for it any more. But if an old connection of the session was
            // heard of late, its client is still there and would wait for ever: there is no packet
            // to refuse a request with.
            observers.close(
                    link,
                    "%s asks for something in session 0x%x, which has moved away from it"
                            .formatted(link, request.sessionId()));
        }
    }

    /// The others, and this server's own clients, need the link to the leader, too.
    private void closeWhoAsksTooMuch() {
        long atMost = context.settings.leadership().backlogBytesMax() / 2;
        if (underWay.bytes() > atMost) {
            LearnerLink greediest = observers.get(underWay.greediest());
            if (greediest != null) {
                observers.close(
                        greediest,
                        "%s has most of the %d bytes of requests that wait for the leader (limit %d)"
                                .formatted(greediest, underWay.bytes(), atMost));
            }
        }
    }

    private void closeForOutOfPlace(LearnerLink link, QuorumPacket packet) {
        observers.close(
                link,
                "%s sent %s, which has no place while it is %s"
                        .formatted(link, packet, link.stage()));
    }

    // ---- for the synchronisation

    @Override
    public long committed() {
        return context.delivered();
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public QuorumPacket proposalPacket(long zxid) {
        throw new IllegalStateException("observers are sent nothing that is not committed");
    }

    @Override
    public void withdrawAcks(long sid, long afterZxid) {}

    @Override
    public EnsembleConfig config() {
        return context.configs.committed();
    }
}
