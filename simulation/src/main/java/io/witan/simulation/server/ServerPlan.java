package io.witan.simulation.server;

import io.witan.replica.member.MemberSettings;
import io.witan.storage.EnsembleStoreSettings;
import io.witan.tree.TreeSettings;
import io.witan.wire.config.EnsembleConfig;

/// How one server is set up; the same in all its incarnations.
///
/// @param initialConfig what its configuration file says when its disk says nothing
/// @param skipAcl whether clients may do everything
/// @param snapshotTxns a snapshot is taken after about so many transactions
/// @param snapshotsKept and older ones are purged
/// @param clientOutputBytes what may be under way to a client before its replies wait
/// @param snapshotUnsentBytes what of a snapshot may be under way to a learner before the rest
///   waits
/// @param backlogBytesMax what may wait for a learner that does not take it
public record ServerPlan(
        long sid,
        MemberSettings member,
        TreeSettings tree,
        EnsembleStoreSettings storage,
        EnsembleConfig initialConfig,
        boolean skipAcl,
        int snapshotTxns,
        int snapshotsKept,
        int clientOutputBytes,
        int snapshotUnsentBytes,
        long backlogBytesMax) {

    public ServerPlan withMember(MemberSettings newMember) {
        return new ServerPlan(
                sid,
                newMember,
                tree,
                storage,
                initialConfig,
                skipAcl,
                snapshotTxns,
                snapshotsKept,
                clientOutputBytes,
                snapshotUnsentBytes,
                backlogBytesMax);
    }

    public ServerPlan withTree(TreeSettings newTree) {
        return new ServerPlan(
                sid,
                member,
                newTree,
                storage,
                initialConfig,
                skipAcl,
                snapshotTxns,
                snapshotsKept,
                clientOutputBytes,
                snapshotUnsentBytes,
                backlogBytesMax);
    }

    public ServerPlan withStorage(EnsembleStoreSettings newStorage) {
        return new ServerPlan(
                sid,
                member,
                tree,
                newStorage,
                initialConfig,
                skipAcl,
                snapshotTxns,
                snapshotsKept,
                clientOutputBytes,
                snapshotUnsentBytes,
                backlogBytesMax);
    }

    public ServerPlan withInitialConfig(EnsembleConfig newConfig) {
        return new ServerPlan(
                sid,
                member,
                tree,
                storage,
                newConfig,
                skipAcl,
                snapshotTxns,
                snapshotsKept,
                clientOutputBytes,
                snapshotUnsentBytes,
                backlogBytesMax);
    }

    public ServerPlan withSkipAcl(boolean newSkipAcl) {
        return new ServerPlan(
                sid,
                member,
                tree,
                storage,
                initialConfig,
                newSkipAcl,
                snapshotTxns,
                snapshotsKept,
                clientOutputBytes,
                snapshotUnsentBytes,
                backlogBytesMax);
    }

    public ServerPlan withSnapshotUnsentBytes(int bytes) {
        return new ServerPlan(
                sid,
                member,
                tree,
                storage,
                initialConfig,
                skipAcl,
                snapshotTxns,
                snapshotsKept,
                clientOutputBytes,
                bytes,
                backlogBytesMax);
    }
}
