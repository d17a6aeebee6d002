package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Happening;
import io.witan.zab.Zxids;

import java.util.ArrayDeque;
import java.util.Deque;

/// Makes this server's log a beginning of the leader's history (quorum, sections 4.4 and 4.7): DIFF
/// says that it is one, TRUNC how much of it is, SNAP replaces it.
///
/// What a quorum may have acknowledged is never taken back on a leader's word alone: not what this
/// server has seen committed, and not by guessing when its log does not hold the point that the
/// leader names. Then the leader is asked for a snapshot, which holds everything committed.
final class LearnerAlignment extends LearnerPhase {

    /// Bytes of packets that may wait for the tree.
    private static final long HELD_BYTES_MAX = 256L << 20;

    private final long epoch;

    private enum Stage {
        ASKING,
        RECEIVING_SNAPSHOT,
        RELOADING_TREE
    }

    private Stage stage = Stage.ASKING;

    /// Of the snapshot on its way.
    private long snapshotZxid;

    /// What came while the tree was loaded.
    private final Deque<QuorumPacket> held = new ArrayDeque<>();

    private long heldBytes;

    LearnerAlignment(Learning learner, long epoch) {
        super(learner);
        this.epoch = epoch;
    }

    @Override
    void begin() {}

    @Override
    void received(QuorumPacket packet) {
        switch (stage) {
            case ASKING -> align(packet);
            case RECEIVING_SNAPSHOT -> dropOutOfPlace(packet);
            case RELOADING_TREE -> hold(packet);
        }
    }

    private void align(QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.DIFF -> {
                tell(Happening.Way.DIFF, packet);
                continueFromHere(packet.zxid());
            }
            case PacketType.TRUNC -> {
                tell(Happening.Way.TRUNC, packet);
                truncate(packet.zxid());
            }
            case PacketType.SNAP -> {
                tell(Happening.Way.SNAP, packet);
                receiveSnapshot(packet.zxid());
            }
            default -> dropOutOfPlace(packet);
        }
    }

    private void tell(Happening.Way way, QuorumPacket packet) {
        context.tell(
                new Happening.SynchronisedBy(
                        learner.link().number(), learner.leaderSid(), way, packet.zxid()));
    }

    // ---- DIFF

    /// @param leaderZxid the last committed transaction of the leader. A leader that has been
    ///   serving may let this server keep what it has proposed in this epoch and not committed yet.
    private void continueFromHere(long leaderZxid) {
        if (context.wantsSnapshot()) {
            learner.drop("the leader sent DIFF where a snapshot was asked for");
            return;
        }
        long last = context.history.lastZxid();
        long committed = Zxids.epoch(last) < epoch ? last : Math.min(last, leaderZxid);
        if (committed < context.delivered()) {
            // Loaded at the start, with all of the log: clients must not read that.
            askForSnapshot(
                    "the tree holds %s, the leader has committed %s"
                            .formatted(Zxids.hex(context.delivered()), Zxids.hex(committed)));
            return;
        }
        learner.go(LearnerCatchUp.after(learner, epoch, committed));
    }

    // ---- TRUNC

    private void truncate(long zxid) {
        if (context.wantsSnapshot()) {
            learner.drop("the leader sent TRUNC where a snapshot was asked for");
        } else if (isTakenBack(zxid)) {
            dropTakenBack("TRUNC", zxid);
        } else if (!context.history.knows(zxid)) {
            askForSnapshot(
                    "the leader wants the log truncated to %s, which it does not lead to"
                            .formatted(Zxids.hex(zxid)));
        } else if (zxid == context.history.lastZxid()) {
            truncated(zxid);
        } else if (zxid >= context.delivered()) {
            context.truncate(zxid);
            truncated(zxid);
        } else {
            stage = Stage.RELOADING_TREE;
            context.truncate(zxid);
            context.reloadTree(() -> reloaded(zxid));
        }
    }

    private void reloaded(long zxid) {
        if (context.history.lastZxid() != zxid) {
            // Something on disk has brought it back (ZOOKEEPER-4837).
            askForSnapshot(
                    "truncated to %s the log gives %s"
                            .formatted(Zxids.hex(zxid), Zxids.hex(context.history.lastZxid())));
            return;
        }
        truncated(zxid);
        while (!held.isEmpty() && !context.isLeaving()) {
            learner.handle(held.remove());
        }
    }

    private void truncated(long zxid) {
        learner.go(LearnerCatchUp.after(learner, epoch, zxid));
    }

    private void hold(QuorumPacket packet) {
        heldBytes += packet.dataBytes();
        if (heldBytes > HELD_BYTES_MAX) {
            learner.drop("more than %d bytes wait for the tree".formatted(HELD_BYTES_MAX));
            return;
        }
        held.add(packet);
    }

    // ---- SNAP

    private void receiveSnapshot(long zxid) {
        if (zxid < 0 || Zxids.epoch(zxid) > epoch) {
            learner.drop(
                    "the leader of epoch %d sent a snapshot of %s"
                            .formatted(epoch, Zxids.hex(zxid)));
        } else if (isTakenBack(zxid)) {
            dropTakenBack("SNAP", zxid);
        } else {
            stage = Stage.RECEIVING_SNAPSHOT;
            snapshotZxid = zxid;
            context.receivingSnapshot(learner.link().number(), zxid);
        }
    }

    /// It becomes the beginning of the log before anything that follows it: storage is first in,
    /// first out (ZOOKEEPER-2872, 3104).
    @Override
    void snapshotReceived() {
        if (stage != Stage.RECEIVING_SNAPSHOT) {
            super.snapshotReceived();
            return;
        }
        context.storeSnapshot(snapshotZxid, () -> {});
        learner.go(LearnerCatchUp.afterSnapshot(learner, epoch, snapshotZxid));
    }

    // ---- refusals

    private boolean isTakenBack(long zxid) {
        return zxid < context.committed();
    }

    private void dropTakenBack(String packet, long zxid) {
        learner.drop(
                "%s %s of the leader would take back %s, which is committed"
                        .formatted(packet, Zxids.hex(zxid), Zxids.hex(context.committed())));
    }

    private void askForSnapshot(String reason) {
        context.wantSnapshot();
        learner.drop(reason + "; a snapshot is asked for next");
    }

    @Override
    String whenItIsOutOfPlace() {
        return stage == Stage.ASKING ? "instead of DIFF, TRUNC or SNAP" : "within a snapshot";
    }
}
