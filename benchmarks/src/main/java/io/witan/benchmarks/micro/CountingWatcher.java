package io.witan.benchmarks.micro;

import io.witan.tree.watch.WatchTable;
import io.witan.tree.watch.Watcher;

/// A client that does nothing about what it is told, so that the table's work alone is measured.
final class CountingWatcher implements Watcher {

    private final int id;
    private long events;

    CountingWatcher(WatchTable table) {
        id = table.register(this);
    }

    long events() {
        return events;
    }

    @Override
    public int watcherId() {
        return id;
    }

    @Override
    public void event(int type, byte[] path, long zxid, int aclKey) {
        events++;
    }
}
