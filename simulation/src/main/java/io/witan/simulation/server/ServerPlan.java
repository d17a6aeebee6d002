package io.witan.simulation.server;

import io.witan.replica.member.MemberSettings;
import io.witan.storage.EnsembleStoreSettings;
import io.witan.tree.TreeSettings;
import io.witan.wire.config.EnsembleConfig;

/// How one server is set up; the same in all its incarnations.
///
/// @param initialConfig what its configuration file says when its disk says nothing
/// @param skipAcl whether clients may do everything
public record ServerPlan(
        long sid,
        MemberSettings member,
        TreeSettings tree,
        EnsembleStoreSettings storage,
        EnsembleConfig initialConfig,
        boolean skipAcl,
        Snapshots snapshots,
        Backlogs backlogs) {

    /// @param txns one is taken after about so many transactions
    /// @param kept and older ones are purged
    public record Snapshots(int txns, int kept) {}

    /// What may be under way before something is done about it, in bytes.
    ///
    /// @param clientOutput to a client before its replies wait
    /// @param snapshotUnsent of a snapshot to a learner before the rest waits
    /// @param learnerMax to a learner that does not take it, before it loses its link
    public record Backlogs(int clientOutput, int snapshotUnsent, long learnerMax) {}

    public ServerPlan withMember(MemberSettings newMember) {
        return new ServerPlan(
                sid, newMember, tree, storage, initialConfig, skipAcl, snapshots, backlogs);
    }

    public ServerPlan withTree(TreeSettings newTree) {
        return new ServerPlan(
                sid, member, newTree, storage, initialConfig, skipAcl, snapshots, backlogs);
    }

    public ServerPlan withStorage(EnsembleStoreSettings newStorage) {
        return new ServerPlan(
                sid, member, tree, newStorage, initialConfig, skipAcl, snapshots, backlogs);
    }

    public ServerPlan withInitialConfig(EnsembleConfig newConfig) {
        return new ServerPlan(sid, member, tree, storage, newConfig, skipAcl, snapshots, backlogs);
    }

    public ServerPlan withSkipAcl(boolean newSkipAcl) {
        return new ServerPlan(
                sid, member, tree, storage, initialConfig, newSkipAcl, snapshots, backlogs);
    }

    public ServerPlan withBacklogs(Backlogs newBacklogs) {
        return new ServerPlan(
                sid, member, tree, storage, initialConfig, skipAcl, snapshots, newBacklogs);
    }
}
