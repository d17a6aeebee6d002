package io.witan.storage;

import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.txn.LoggedTxn;

import java.nio.file.Path;

/// Takes the state as [Recovery] reads it: one snapshot, then the transactions after it.
public interface RecoveryVisitor {

    /// A snapshot of the state after `zxid` follows. Everything given before is void: it came from
    /// a snapshot that turned out to be bad.
    SnapshotVisitor beginSnapshot(long zxid);

    /// There is no snapshot; the state is that of a new database.
    void beginEmpty();

    /// The next transaction. Its serialized bytes stand in `bytes` and are valid only during the
    /// call.
    void transaction(LoggedTxn txn, byte[] bytes, int offset, int length);

    /// `done` of `total` bytes of snapshot and logs are read; `file` is the one being read.
    default void progress(Path file, long done, long total) {}
}
