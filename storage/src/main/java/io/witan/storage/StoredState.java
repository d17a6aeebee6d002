package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What the disk of a member of an ensemble gave. `epoch(lastZxid) <= currentEpoch <=
/// acceptedEpoch`.
///
/// @param acceptedEpoch the last epoch promised to a leader
/// @param currentEpoch the last epoch whose history was taken over
/// @param lastZxid the last transaction of snapshot and log; 0 if there is none
/// @param recent the end of the log, without a hole, ending at `lastZxid`; may be empty
/// @param damage why this server must not vote until a leader has synchronised it
///   ([EnsembleStore#clearDamageMark]); null if it may vote
/// @param snapshotNeeded whether a snapshot of the loaded tree, at `lastZxid`, must be stored
///   ([EnsembleStore#beginSnapshot]) before anything else can be
/// @param files where the tree came from
/// @param findings what the operator should read
public record StoredState(
        long acceptedEpoch,
        long currentEpoch,
        long lastZxid,
        List<StoredTxn> recent,
        @Nullable String damage,
        boolean snapshotNeeded,
        Recovered files,
        List<Finding> findings) {

    public boolean mayVote() {
        return damage == null;
    }
}
