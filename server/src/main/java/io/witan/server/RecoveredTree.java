package io.witan.server;

import io.witan.storage.DataDirectory;
import io.witan.storage.EnsembleStore;
import io.witan.storage.Recovered;
import io.witan.storage.Recovery;
import io.witan.storage.RecoverySettings;
import io.witan.storage.RecoveryVisitor;
import io.witan.storage.SnapshotCompression;
import io.witan.storage.SnapshotTrailer;
import io.witan.storage.SnapshotWriter;
import io.witan.storage.StoredState;
import io.witan.storage.TreeSnapshot;
import io.witan.tree.SnapshotCursor;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.OpCode;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import java.nio.file.Path;

/// The tree as it was when the last server of this data directory ended: the newest good snapshot
/// and the transactions after it.
///
/// @param files where it was read from, and what was noticed
/// @param digestMismatches transactions after which the tree was not what their digest says; worth
///   a line in the log and no more (client-and-disk, section 8.4)
/// @param loadMillis how long it took
public record RecoveredTree(
        ZnodeTree tree, Recovered files, long digestMismatches, long loadMillis) {

    /// Bytes of a snapshot written in one go, before the server serves.
    private static final int SLICE_BYTES = 256 << 10;

    /// Told while a long recovery goes on.
    public interface Progress {
        void read(Path file, long doneBytes, long totalBytes);
    }

    /// Recovers the state in `directory`. A new database gets its first snapshot here, because a
    /// log without any snapshot is not loaded again (section 9.7).
    public static RecoveredTree recover(
            DataDirectory directory,
            RecoverySettings settings,
            TreeSettings treeSettings,
            SnapshotCompression compression,
            boolean writeLastZxid,
            Progress progress) {
        long start = System.nanoTime();
        var filler = new Filler(treeSettings, progress);
        Recovered files = Recovery.recover(directory, settings, filler);
        ZnodeTree tree = filler.tree;
        if (files.lastZxid() > tree.lastZxid()) {
            tree.lastZxid(files.lastZxid());
        }
        deleteStrangers(tree);
        if (files.snapshot() == null) {
            writeSnapshot(tree, directory, compression, writeLastZxid);
        }
        return new RecoveredTree(
                tree, files, tree.digestMismatches(), (System.nanoTime() - start) / 1_000_000);
    }

    /// What the store of a member gave.
    public record OfMember(ZnodeTree tree, StoredState state, long loadMillis) {}

    /// Recovers the state of a member of an ensemble. A new database gets its first snapshot here.
    public static OfMember recover(
            EnsembleStore store,
            TreeSettings treeSettings,
            boolean writeLastZxid,
            Progress progress) {
        long start = System.nanoTime();
        var filler = new Filler(treeSettings, progress);
        StoredState state = store.load(filler);
        ZnodeTree tree = filler.tree;
        if (state.lastZxid() > tree.lastZxid()) {
            tree.lastZxid(state.lastZxid());
        }
        deleteStrangers(tree);
        if (state.snapshotNeeded()) {
            SnapshotCursor cursor = tree.snapshot();
            try (TreeSnapshot snapshot = store.beginSnapshot(cursor.zxid())) {
                write(cursor, snapshot::write);
                snapshot.finish(trailer(tree, cursor, writeLastZxid));
            }
        }
        return new OfMember(tree, state, (System.nanoTime() - start) / 1_000_000);
    }

    /// Takes parts of the stream.
    private interface Sink {
        void write(byte[] bytes, int offset, int length);
    }

    private static void write(SnapshotCursor cursor, Sink sink) {
        var slice = new JuteWriter(SLICE_BYTES);
        cursor.header(slice);
        boolean complete = false;
        while (!complete) {
            complete = cursor.advance(slice, SLICE_BYTES);
            sink.write(slice.bytes(), 0, slice.length());
            slice.reset();
        }
    }

    private static SnapshotTrailer trailer(
            ZnodeTree tree, SnapshotCursor cursor, boolean writeLastZxid) {
        return new SnapshotTrailer(
                tree.settings().digest()
                        ? new SnapshotTrailer.Digest(
                                cursor.zxid(), TxnDigest.VERSION, cursor.digest())
                        : null,
                writeLastZxid ? cursor.zxid() : null);
    }

    /// Ephemerals of sessions that are not known any more go, without a transaction: every server
    /// that loads this state does the same (section 9.6, step 7).
    private static void deleteStrangers(ZnodeTree tree) {
        for (long session : tree.sessions().strangers()) {
            var header = new TxnHeader(session, 0, tree.lastZxid(), 0, OpCode.CLOSE_SESSION);
            tree.apply(header, new Txn.CloseSession(null), TreeListener.NONE);
        }
    }

    private static void writeSnapshot(
            ZnodeTree tree,
            DataDirectory directory,
            SnapshotCompression compression,
            boolean writeLastZxid) {
        SnapshotCursor cursor = tree.snapshot();
        try (var writer =
                new SnapshotWriter(
                        directory.disk(),
                        directory.snapshotDirectory(),
                        cursor.zxid(),
                        compression)) {
            write(cursor, writer::write);
            writer.finish(trailer(tree, cursor, writeLastZxid));
        }
        Recovery.begun(directory);
    }

    /// Fills a tree with what recovery reads; begins anew with each snapshot that is tried.
    private static final class Filler implements RecoveryVisitor {

        private final Progress progress;
        private final ZnodeTree tree;

        Filler(TreeSettings settings, Progress progress) {
            this.progress = progress;
            this.tree = new ZnodeTree(settings);
        }

        @Override
        public SnapshotVisitor beginSnapshot(long zxid) {
            return tree.loader(zxid);
        }

        @Override
        public void beginEmpty() {
            tree.reset();
        }

        @Override
        public void transaction(LoggedTxn txn, byte[] bytes, int offset, int length) {
            tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
            tree.matches(txn.digest());
        }

        @Override
        public void progress(Path file, long done, long total) {
            progress.read(file, done, total);
        }
    }
}
