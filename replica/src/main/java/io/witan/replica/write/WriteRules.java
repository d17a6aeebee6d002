package io.witan.replica.write;

/// Switches of the checks of writes, fixed at start.
///
/// @param enforceQuota whether hard limits refuse (`zookeeper.enforceQuota`)
/// @param closeSessionPaths whether closeSession transactions list what they delete
///   (`zookeeper.closeSessionTxn.enabled`)
/// @param reconfigEnabled whether reconfig is switched on (`reconfigEnabled`)
public record WriteRules(
        boolean enforceQuota, boolean closeSessionPaths, boolean reconfigEnabled) {}
