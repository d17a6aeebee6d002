package io.witan.storage;

import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.txn.LoggedTxn;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Hands on what recovery reads, and keeps the last transactions of it: what a leader sends to a
/// learner that is only a little behind.
final class RecentTail implements RecoveryVisitor {

    private final RecoveryVisitor next;
    private final int countMax;
    private final long bytesMax;

    private final Deque<StoredTxn> kept = new ArrayDeque<>();
    private long keptBytes;

    RecentTail(RecoveryVisitor next, int countMax, long bytesMax) {
        this.next = next;
        this.countMax = countMax;
        this.bytesMax = bytesMax;
    }

    List<StoredTxn> kept() {
        return List.copyOf(kept);
    }

    @Override
    public SnapshotVisitor beginSnapshot(long zxid) {
        forget();
        return next.beginSnapshot(zxid);
    }

    @Override
    public void beginEmpty() {
        forget();
        next.beginEmpty();
    }

    @Override
    public void transaction(LoggedTxn txn, byte[] bytes, int offset, int length) {
        kept.addLast(
                new StoredTxn(
                        txn.header().zxid(), Arrays.copyOfRange(bytes, offset, offset + length)));
        keptBytes += length;
        while (!kept.isEmpty() && (kept.size() > countMax || keptBytes > bytesMax)) {
            keptBytes -= kept.removeFirst().bytes().length;
        }
        next.transaction(txn, bytes, offset, length);
    }

    @Override
    public void progress(Path file, long done, long total) {
        next.progress(file, done, total);
    }

    private void forget() {
        kept.clear();
        keptBytes = 0;
    }
}
