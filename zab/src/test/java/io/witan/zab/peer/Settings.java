package io.witan.zab.peer;

import io.witan.zab.PeerSettings;
import io.witan.zab.PeerSettings.CatchUp;
import io.witan.zab.PeerSettings.ElectionTimes;
import io.witan.zab.PeerSettings.Leadership;
import io.witan.zab.PeerSettings.Membership;

/// Settings for tests: the standard ones but for one thing each.
final class Settings {

    private static final Leadership LEADERSHIP = Leadership.STANDARD;

    private Settings() {}

    /// As servers of ours are that know each other for such.
    static PeerSettings withHeartbeats(PeerSettings of) {
        return of.with(new PeerSettings.Own(200, 0));
    }

    static PeerSettings withShortHistory(PeerSettings of) {
        return of.with(new CatchUp(5, 32L << 20, 32L << 20, false, 10, 100));
    }

    static PeerSettings withoutDiskSync(PeerSettings of) {
        return of.with(new CatchUp(5, 32L << 20, 0, false, 10, 100));
    }

    static PeerSettings withSnapshotsOnly(PeerSettings of) {
        return of.with(new CatchUp(500, 32L << 20, 32L << 20, true, 1, 100));
    }

    static PeerSettings counterMax(PeerSettings of, long counterMax) {
        return of.with(
                new Leadership(
                        counterMax,
                        LEADERSHIP.waitForEpochMillisMax(),
                        LEADERSHIP.backlogBytesMax()));
    }

    static PeerSettings backlogBytesMax(PeerSettings of, long bytes) {
        return of.with(
                new Leadership(LEADERSHIP.counterMax(), LEADERSHIP.waitForEpochMillisMax(), bytes));
    }

    static PeerSettings waitForEpochMillisMax(PeerSettings of, int millis) {
        return of.with(
                new Leadership(LEADERSHIP.counterMax(), millis, LEADERSHIP.backlogBytesMax()));
    }

    static PeerSettings withoutReconfig(PeerSettings of) {
        return of.with(new Membership(false, true));
    }

    static PeerSettings withReadOnly(PeerSettings of, int readOnlyAfterMillis) {
        return of.with(new ElectionTimes(200, 200, 60_000, readOnlyAfterMillis));
    }
}
