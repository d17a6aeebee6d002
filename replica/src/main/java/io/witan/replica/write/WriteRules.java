package io.witan.replica.write;

/// Switches and limits of what becomes of writes, fixed at start.
///
/// @param enforceQuota whether hard limits refuse (`zookeeper.enforceQuota`)
/// @param closeSessionPaths whether closeSession transactions list what they delete
///   (`zookeeper.closeSessionTxn.enabled`)
/// @param closeSessionBytesMax how long such a list may be; servers that are set up like this one
///   must be able to read it
/// @param reconfigEnabled whether reconfig is switched on (`reconfigEnabled`)
public record WriteRules(
        boolean enforceQuota,
        boolean closeSessionPaths,
        int closeSessionBytesMax,
        boolean reconfigEnabled) {

    /// Well within the limit of servers where frames have their usual one.
    public static final int CLOSE_SESSION_BYTES_MAX = 1_000_000;

    /// With that limit.
    public WriteRules(boolean enforceQuota, boolean closeSessionPaths, boolean reconfigEnabled) {
        this(enforceQuota, closeSessionPaths, CLOSE_SESSION_BYTES_MAX, reconfigEnabled);
    }
}
