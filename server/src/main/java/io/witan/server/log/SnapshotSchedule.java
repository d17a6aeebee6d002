package io.witan.server.log;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// When the next snapshot is due (client-and-disk, section 9.5; decision 0017). Each moment is
/// drawn anew, so that the servers of an ensemble do not take theirs at the same time.
///
/// Owned by the core's thread.
public final class SnapshotSchedule {

    /// Of this many parts of a snapshot's length, the log has one when the next one is due that
    /// waits for its proportion; or half of one, or anything between. A byte of log takes six times
    /// as long to replay as a byte of a snapshot to load.
    private static final int PARTS = 12;

    /// @param txnsMax after half to all of so many transactions
    /// @param inProportion and not before the log since the last one has a length that is a
    ///   twenty-fourth to a twelfth of a snapshot's: what is written for a transaction does not
    ///   grow with the tree then
    /// @param logBytesMax whatever the transactions, after half to all of so many bytes of log; 0
    ///   or less: no such limit
    public record Policy(int txnsMax, boolean inProportion, long logBytesMax) {}

    /// What stands in the log.
    public record Logged(long txns, long bytes) {

        public static final Logged NOTHING = new Logged(0, 0);
    }

    private final Policy policy;
    private final RollingLog log;
    private final LongSupplier snapshotBytes;
    private final RandomGenerator random;

    /// What is in the log before its first record of this process, and in no snapshot.
    private Logged before;

    private long txnsWanted;
    private long bytesWanted;
    private double shareWanted;

    /// @param before what was replayed when the server started
    /// @param snapshotBytes about how long a snapshot would be now
    public SnapshotSchedule(
            Policy policy,
            RollingLog log,
            Logged before,
            LongSupplier snapshotBytes,
            RandomGenerator random) {
        this.policy = policy;
        this.log = log;
        this.before = before;
        this.snapshotBytes = snapshotBytes;
        this.random = random;
        draw();
    }

    public boolean isDue() {
        long bytes = before.bytes() + log.bytesSinceRoll();
        if (bytesWanted > 0 && bytes > bytesWanted) {
            return true;
        }
        return before.txns() + log.txnsSinceRoll() > txnsWanted
                && (!policy.inProportion() || bytes > shareWanted * snapshotBytes.getAsLong());
    }

    /// One is begun: the log starts a new file, and the next one is due when enough is in that.
    public void begun() {
        log.roll();
        before = Logged.NOTHING;
        draw();
    }

    private void draw() {
        int half = Math.max(1, policy.txnsMax() / 2);
        txnsWanted = (long) half + random.nextInt(half);
        long halfBytes = policy.logBytesMax() / 2;
        bytesWanted = halfBytes <= 0 ? 0 : halfBytes + random.nextLong(halfBytes);
        shareWanted = (1 + random.nextDouble()) / (2 * PARTS);
    }
}
