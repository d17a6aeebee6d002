package io.witan.interop;

import static java.util.concurrent.TimeUnit.SECONDS;

import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A watcher that keeps what it is told, in order: changes of znodes as `NodeCreated /a`, and apart
/// from them the states of the connection.
public final class Events implements Watcher {

    private final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    private final BlockingQueue<KeeperState> states = new LinkedBlockingQueue<>();

    @Override
    public void process(WatchedEvent event) {
        if (event.getType() == EventType.None) {
            states.add(event.getState());
        } else {
            changes.add(event.getType() + " " + event.getPath());
        }
    }

    /// The next change, waiting for it.
    public String next() throws InterruptedException {
        String change = changes.poll(ServerProcess.PATIENCE_SECONDS, SECONDS);
        if (change == null) {
            throw new AssertionError("no event came");
        }
        return change;
    }

    /// The next `count` changes, waiting for them.
    public List<String> next(int count) throws InterruptedException {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(next());
        }
        return found;
    }

    /// Changes that have come and were not asked for yet. Call [Lab#settle] first: it makes sure
    /// that what the server has sent has arrived.
    public List<String> pending() {
        List<String> found = new ArrayList<>();
        changes.drainTo(found);
        return found;
    }

    /// Waits until the connection has gone into `state`.
    public void awaitState(KeeperState state) throws InterruptedException {
        KeeperState next;
        do {
            next = states.poll(ServerProcess.PATIENCE_SECONDS, SECONDS);
            if (next == null) {
                throw new AssertionError("the connection does not become " + state);
            }
        } while (next != state);
    }
}
