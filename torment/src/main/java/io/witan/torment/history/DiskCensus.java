package io.witan.torment.history;

import io.witan.simulation.server.Census;
import io.witan.simulation.server.TreeFiller;
import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.storage.DataDirectory;
import io.witan.storage.EnsembleStore;
import io.witan.storage.EnsembleStoreSettings;
import io.witan.storage.LogListener;
import io.witan.storage.PosixDisk;
import io.witan.storage.StoredState;
import io.witan.torment.server.ServerProcess;
import io.witan.tree.TreeSettings;

import java.nio.file.Path;

/// What the disk of a killed server gives: exactly that has survived.
public final class DiskCensus {

    private DiskCensus() {}

    /// What it holds; or that the server broke, if it could not vote with that.
    public static TraceEvent take(ServerProcess server, long micros) {
        Stamp at = new Stamp(micros, server.sid(), server.runs());
        Path data = server.dataDirectory();
        TreeFiller filler = new TreeFiller(new TreeSettings(true, false, true, 1));
        try (DataDirectory directory = DataDirectory.open(new PosixDisk(), data, data, false);
                EnsembleStore store =
                        new EnsembleStore(
                                directory, EnsembleStoreSettings.DEFAULT, LogListener.NONE)) {
            StoredState state = store.load(filler);
            if (!state.mayVote()) {
                return new TraceEvent.Broke(at, "killed, it has lost its log: " + state.damage());
            }
            return Census.of(at, state.lastZxid(), filler.tree());
        }
    }
}
