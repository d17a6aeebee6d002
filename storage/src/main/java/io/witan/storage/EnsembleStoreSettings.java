package io.witan.storage;

/// How a member of an ensemble keeps its state.
///
/// @param compression of the snapshots it writes
/// @param recentCountMax transactions at the end of the log that [EnsembleStore#load] gives
/// @param recentBytesMax and their bytes
/// @param recoverDamaged the operator's override, `witan.storage.recoverDamaged`: a damaged log is
///   cut at the damage, and the server votes with what is before it
public record EnsembleStoreSettings(
        RecoverySettings recovery,
        LogSettings log,
        SnapshotCompression compression,
        int recentCountMax,
        long recentBytesMax,
        boolean recoverDamaged) {

    /// The property that sets `recoverDamaged`.
    public static final String RECOVER_DAMAGED = "witan.storage.recoverDamaged";

    public static final EnsembleStoreSettings DEFAULT =
            new EnsembleStoreSettings(
                    RecoverySettings.DEFAULT,
                    LogSettings.DEFAULT,
                    SnapshotCompression.NONE,
                    500,
                    32L << 20,
                    false);

    public EnsembleStoreSettings withRecovery(RecoverySettings settings) {
        return new EnsembleStoreSettings(
                settings, log, compression, recentCountMax, recentBytesMax, recoverDamaged);
    }

    public EnsembleStoreSettings withLog(LogSettings settings) {
        return new EnsembleStoreSettings(
                recovery, settings, compression, recentCountMax, recentBytesMax, recoverDamaged);
    }

    public EnsembleStoreSettings withRecent(int countMax, long bytesMax) {
        return new EnsembleStoreSettings(
                recovery, log, compression, countMax, bytesMax, recoverDamaged);
    }

    public EnsembleStoreSettings withRecoverDamaged(boolean recover) {
        return new EnsembleStoreSettings(
                recovery, log, compression, recentCountMax, recentBytesMax, recover);
    }
}
