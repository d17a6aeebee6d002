package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// What a member of an ensemble keeps on disk: the log, snapshots, the two epochs. It knows nothing
/// of agreement; it keeps one rule for it, at every point where the power may fail:
///
/// ```
///   epoch(last transaction) <= currentEpoch (or currentEpoch.tmp) <= acceptedEpoch
/// ```
///
/// | call | durable on return |
/// | --- | --- |
/// | [#append] | no; [#commit] makes all that was appended durable |
/// | [#storeAcceptedEpoch], [#storeCurrentEpoch] | yes |
/// | [#truncate] | yes, and nothing on the disk can bring back what it took |
/// | [#beginReplacement] ... [TreeSnapshot#finish] | at `finish`: the snapshot counts, and nothing from before it |
/// | [#beginSnapshot] ... [TreeSnapshot#finish] | yes; the state stays what it is |
///
/// [#load] comes first; it may be called again, to start over from what is on disk. A call that
/// throws leaves a store that must be closed and opened again: the server stops.
///
/// One thread makes the calls, but for those to a [TreeSnapshot] from [#beginSnapshot] and for
/// [#purge], which another may make: a lock keeps these from reaching into a change of history.
public final class EnsembleStore implements AutoCloseable {

    private static final int ZXID_OFFSET = 12;

    private final DataDirectory directory;
    private final EnsembleStoreSettings settings;
    private final LogListener listener;

    /// Held while files other than the log being written come and go.
    private final Object files = new Object();

    /// Grows when the history on disk changes otherwise than by appending, and when a snapshot is
    /// begun. One that was begun before must not appear afterwards: it may hold what was taken
    /// back.
    private int incarnation;

    private @Nullable Epochs epochs;
    private @Nullable LogWriter log;
    private volatile boolean snapshotNeeded;

    /// Whether the server takes part without a vote.
    private boolean marked;

    private @Nullable Purge purge;

    /// A store in an open directory, which stays the caller's to close. Nothing is read yet.
    public EnsembleStore(
            DataDirectory directory, EnsembleStoreSettings settings, LogListener listener) {
        this.directory = directory;
        this.settings = settings;
        this.listener = listener;
    }

    /// Reads everything: the tree goes to `visitor`. Repairs what a crash has left. Damage is no
    /// reason to refuse: the damaged files are moved aside and the server starts empty, without a
    /// vote ([StoredState#damage]). If it is found only when this is called again, the server
    /// stops.
    public StoredState load(RecoveryVisitor visitor) {
        commitAndCloseLog();
        synchronized (files) {
            incarnation++;
            StoreRecovery recovery = new StoreRecovery(directory, settings);
            StoredState state = recovery.load(visitor);
            String damage = state.damage();
            if (log != null && damage != null && !marked) {
                // Whoever asked believes that this server may vote.
                throw stopped(damage);
            }
            marked = damage != null;
            epochs = recovery.epochs();
            snapshotNeeded = state.snapshotNeeded();
            continueAfter(state.lastZxid());
            return state;
        }
    }

    /// Adds a transaction to the log; `txn` are its bytes in the log, whose header names `zxid`.
    public void append(long zxid, byte[] txn) {
        append(zxid, txn, 0, txn.length);
    }

    public void append(long zxid, byte[] bytes, int offset, int length) {
        refuseWithoutSnapshot();
        long named = ByteBuffer.wrap(bytes, offset, length).getLong(offset + ZXID_OFFSET);
        if (named != zxid || Zxids.epoch(zxid) > epochs().current()) {
            throw new IllegalStateException(
                    "transaction "
                            + Zxids.hex(named)
                            + " given as "
                            + Zxids.hex(zxid)
                            + " in epoch "
                            + epochs().current());
        }
        log().append(bytes, offset, length);
    }

    /// Makes everything appended durable, and returns the zxid up to which everything is.
    public long commit() {
        LogWriter writer = log();
        writer.commit();
        return writer.durableZxid();
    }

    /// The last transaction appended or loaded, or where the last snapshot from a leader ended.
    public long lastZxid() {
        return log().lastZxid();
    }

    public long acceptedEpoch() {
        return epochs().accepted();
    }

    public long currentEpoch() {
        return epochs().current();
    }

    /// Remembers a promise; it never falls.
    public void storeAcceptedEpoch(long epoch) {
        refuseWithoutSnapshot();
        epochs().accept(epoch);
    }

    /// Remembers that the history of an epoch was taken over. What that history says must have been
    /// appended, and is committed here if need be.
    public void storeCurrentEpoch(long epoch) {
        refuseWithoutSnapshot();
        commit();
        epochs().enter(epoch);
    }

    /// Takes back everything after `zxid`. The log continues there.
    ///
    /// If the files here do not lead to `zxid` ([#leadsTo]), they are worth nothing to this leader:
    /// they are moved aside as damaged ones are, and this throws. Started again, the server is
    /// brought up to date by a snapshot.
    public void truncate(long zxid) {
        refuseWithoutSnapshot();
        commitAndCloseLog();
        synchronized (files) {
            incarnation++;
            if (!LogTruncation.leadsTo(directory, zxid)) {
                String reason =
                        "The leader wants the transaction log truncated to "
                                + Zxids.hex(zxid)
                                + ", and the snapshots and logs here do not lead there: they were"
                                + " moved aside as damaged-*.";
                SetAside.all(directory, DamageMark.Cause.DAMAGED, reason);
                throw stopped(reason);
            }
            LogTruncation.truncateTo(directory, zxid);
            continueAfter(zxid);
        }
    }

    /// Whether the log can be truncated to `zxid`: the files here lead from a snapshot to it. False
    /// if it lies before the snapshot that a leader sent, or was never here.
    public boolean leadsTo(long zxid) {
        commit();
        return LogTruncation.leadsTo(directory, zxid);
    }

    /// Begins to store a tree that a leader sent, the state after `zxid`. When it is finished, it
    /// is all there is: older snapshots and logs are gone, the log continues after `zxid`, and
    /// currentEpoch is at least the epoch of `zxid`. A crash leaves the old state or the new one.
    public TreeSnapshot beginReplacement(long zxid) {
        if (Zxids.epoch(zxid) > epochs().accepted()) {
            throw new IllegalStateException(
                    "a snapshot at "
                            + Zxids.hex(zxid)
                            + " while the accepted epoch is "
                            + epochs().accepted());
        }
        return TreeSnapshot.replacing(
                SnapshotReplacement.begin(directory, zxid, settings.compression()),
                writer -> replaceBy(writer, zxid));
    }

    /// Begins a snapshot of the tree as it is after `zxid`, which is in the log. An earlier one
    /// that is not finished will not count. Call [#roll] before, so that a new log starts where the
    /// snapshot ends.
    public TreeSnapshot beginSnapshot(long zxid) {
        synchronized (files) {
            int begunIn = ++incarnation;
            return TreeSnapshot.periodic(
                    new SnapshotWriter(
                            directory.disk(),
                            directory.snapshotDirectory(),
                            zxid,
                            settings.compression(),
                            SnapshotWriter.UNFINISHED + begunIn + "."),
                    writer -> publish(writer, begunIn));
        }
    }

    /// Commits, and lets the log go on in a new file.
    public void roll() {
        log().roll();
    }

    /// Transactions since the last [#roll], for deciding when to take a snapshot.
    public long txnsSinceRoll() {
        return log().txnsSinceRoll();
    }

    public long bytesSinceRoll() {
        return log().bytesSinceRoll();
    }

    /// Deletes snapshots but the newest `snapshotsKept`, and the logs that only the others need.
    public List<Path> purge(int snapshotsKept) {
        synchronized (files) {
            Purge last = purge;
            Purge next =
                    last != null && last.keeps(snapshotsKept)
                            ? last
                            : new Purge(directory, snapshotsKept);
            purge = next;
            return next.run();
        }
    }

    /// The transactions after `after` up to and including `upTo`, from the log on disk.
    ///
    /// @return null if the log does not hold them all, or cannot prove that it does
    ///   (ZOOKEEPER-2846), or if they have more than `bytesMax` bytes
    public @Nullable List<StoredTxn> readLog(long after, long upTo, long bytesMax) {
        commit();
        try {
            return LogRange.read(directory, after, upTo, bytesMax);
        } catch (IOException unreadable) {
            return null;
        }
    }

    /// What is stored from now on may be less than what this server has acknowledged: it starts
    /// without a vote until [#clearDamageMark], unless its log still ends where it ends now.
    public void storeDamageMark(String reason) {
        commit();
        DamageMark.takenBack(log().lastZxid(), reason).write(directory);
        marked = true;
    }

    /// This server has been synchronised by a leader that an intact quorum elected, and all of it
    /// is durable: it may vote from the next start on.
    public void clearDamageMark() {
        commit();
        DamageMark.clear(directory);
        marked = false;
    }

    /// Closes the log. What was not committed may be lost.
    @Override
    public void close() {
        LogWriter writer = log;
        log = null;
        if (writer != null) {
            writer.close();
        }
    }

    private boolean replaceBy(SnapshotWriter writer, long zxid) {
        long last = log().lastZxid();
        commitAndCloseLog();
        synchronized (files) {
            incarnation++;
            long epoch = Zxids.epoch(zxid);
            boolean newEpoch = epoch > epochs().current();
            if (newEpoch) {
                epochs().prepare(epoch);
            }
            SnapshotReplacement.complete(directory, writer, zxid, last);
            if (newEpoch) {
                epochs().enterPrepared(epoch);
            }
            SnapshotReplacement.removeAllBefore(directory, zxid);
            hasSnapshot();
            continueAfter(zxid);
            return true;
        }
    }

    private boolean publish(SnapshotWriter writer, int begunIn) {
        synchronized (files) {
            if (begunIn != incarnation) {
                return false;
            }
            writer.publish();
            hasSnapshot();
            return true;
        }
    }

    private void hasSnapshot() {
        if (snapshotNeeded) {
            Recovery.begun(directory);
            snapshotNeeded = false;
        }
    }

    private void continueAfter(long zxid) {
        if (log == null) {
            log =
                    new LogWriter(
                            directory.disk(),
                            directory.logDirectory(),
                            settings.log(),
                            listener,
                            zxid);
        } else {
            log.continueAfter(zxid);
        }
    }

    private void commitAndCloseLog() {
        LogWriter writer = log;
        if (writer != null) {
            writer.roll();
        }
    }

    private LogWriter log() {
        if (log == null) {
            throw new IllegalStateException("nothing was loaded");
        }
        return log;
    }

    private Epochs epochs() {
        if (epochs == null) {
            throw new IllegalStateException("nothing was loaded");
        }
        return epochs;
    }

    private DataDirectoryException stopped(String reason) {
        return new DataDirectoryException(
                reason
                        + " The server stops; started again it takes part without a vote until a"
                        + " leader has synchronised it"
                        + " ("
                        + DamageMark.path(directory)
                        + ").");
    }

    private void refuseWithoutSnapshot() {
        if (snapshotNeeded) {
            throw new IllegalStateException("the first snapshot is not stored");
        }
    }
}
