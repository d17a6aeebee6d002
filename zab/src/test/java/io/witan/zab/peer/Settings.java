package io.witan.zab.peer;

import io.witan.zab.PeerSettings;

/// Settings for tests: the standard ones but for one thing each.
final class Settings {

    private Settings() {}

    static PeerSettings withoutTruncationAcrossEpochs(PeerSettings of) {
        return copy(
                of,
                of.historyCountMax(),
                of.diskSyncBytesMax(),
                of.counterMax(),
                false,
                of.backlogBytesMax(),
                of.waitForEpochMillisMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.reconfigEnabled());
    }

    static PeerSettings withShortHistory(PeerSettings of) {
        return copy(
                of,
                5,
                of.diskSyncBytesMax(),
                of.counterMax(),
                true,
                of.backlogBytesMax(),
                of.waitForEpochMillisMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.reconfigEnabled());
    }

    static PeerSettings withoutDiskSync(PeerSettings of) {
        return copy(
                of,
                5,
                0,
                of.counterMax(),
                true,
                of.backlogBytesMax(),
                of.waitForEpochMillisMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.reconfigEnabled());
    }

    static PeerSettings counterMax(PeerSettings of, long counterMax) {
        return copy(
                of,
                of.historyCountMax(),
                of.diskSyncBytesMax(),
                counterMax,
                true,
                of.backlogBytesMax(),
                of.waitForEpochMillisMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.reconfigEnabled());
    }

    static PeerSettings backlogBytesMax(PeerSettings of, long bytes) {
        return copy(
                of,
                of.historyCountMax(),
                of.diskSyncBytesMax(),
                of.counterMax(),
                true,
                bytes,
                of.waitForEpochMillisMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.reconfigEnabled());
    }

    static PeerSettings waitForEpochMillisMax(PeerSettings of, int millis) {
        return copy(
                of,
                of.historyCountMax(),
                of.diskSyncBytesMax(),
                of.counterMax(),
                true,
                of.backlogBytesMax(),
                millis,
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.reconfigEnabled());
    }

    static PeerSettings withSnapshotsOnly(PeerSettings of) {
        return copy(
                of,
                of.historyCountMax(),
                of.diskSyncBytesMax(),
                of.counterMax(),
                true,
                of.backlogBytesMax(),
                of.waitForEpochMillisMax(),
                true,
                1,
                of.reconfigEnabled());
    }

    static PeerSettings withoutReconfig(PeerSettings of) {
        return copy(
                of,
                of.historyCountMax(),
                of.diskSyncBytesMax(),
                of.counterMax(),
                true,
                of.backlogBytesMax(),
                of.waitForEpochMillisMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                false);
    }

    static PeerSettings withReadOnly(PeerSettings of, int readOnlyAfterMillis) {
        return new PeerSettings(
                of.serverId(),
                of.tickTimeMillis(),
                of.initLimit(),
                of.syncLimit(),
                of.connectLimit(),
                of.finalizeWaitMillis(),
                of.notifyMillisMin(),
                of.notifyMillisMax(),
                of.reconfigEnabled(),
                of.standaloneEnabled(),
                of.historyCountMax(),
                of.historyBytesMax(),
                of.diskSyncBytesMax(),
                of.forceSnapshotSync(),
                of.snapshotSyncsMax(),
                of.diffSyncsMax(),
                of.counterMax(),
                of.waitForEpochMillisMax(),
                of.truncatesAcrossEpochs(),
                of.backlogBytesMax(),
                readOnlyAfterMillis,
                of.observerMasters(),
                of.own());
    }

    private static PeerSettings copy(
            PeerSettings of,
            int historyCountMax,
            long diskSyncBytesMax,
            long counterMax,
            boolean truncatesAcrossEpochs,
            long backlogBytesMax,
            int waitForEpochMillisMax,
            boolean forceSnapshotSync,
            int snapshotSyncsMax,
            boolean reconfigEnabled) {
        return new PeerSettings(
                of.serverId(),
                of.tickTimeMillis(),
                of.initLimit(),
                of.syncLimit(),
                of.connectLimit(),
                of.finalizeWaitMillis(),
                of.notifyMillisMin(),
                of.notifyMillisMax(),
                reconfigEnabled,
                of.standaloneEnabled(),
                historyCountMax,
                of.historyBytesMax(),
                diskSyncBytesMax,
                forceSnapshotSync,
                snapshotSyncsMax,
                of.diffSyncsMax(),
                counterMax,
                waitForEpochMillisMax,
                truncatesAcrossEpochs,
                backlogBytesMax,
                of.readOnlyAfterMillis(),
                of.observerMasters(),
                of.own());
    }
}
