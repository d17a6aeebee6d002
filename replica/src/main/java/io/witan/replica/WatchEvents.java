package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.metrics.Summary;
import io.witan.tree.TreeListener;
import io.witan.tree.ZnodeTree;
import io.witan.tree.watch.WatchTable;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;

import java.util.List;

/// Tells watchers what a transaction has changed, as it is applied.
final class WatchEvents implements TreeListener {

    private final ZnodeTree tree;
    private final WatchTable watches;
    private final Access access;
    private final CoreMetrics metrics;

    /// Watchers told of the change that is being applied.
    private int events;

    WatchEvents(ZnodeTree tree, WatchTable watches, Access access, CoreMetrics metrics) {
        this.tree = tree;
        this.watches = watches;
        this.access = access;
        this.metrics = metrics;
    }

    /// Whether a client with `ids` may be told of a znode with that ACL.
    boolean mayRead(int aclKey, List<Id> ids) {
        return access.allows(tree.acls(), aclKey, Perms.READ, ids);
    }

    /// A watcher is told of something.
    void eventSent() {
        events++;
    }

    @Override
    public void created(byte[] path, int aclKey, int parentAclKey, long zxid) {
        watches.created(path, aclKey, parentAclKey, zxid);
        notified(metrics.createdWatches);
    }

    @Override
    public void deleted(byte[] path, int aclKey, int parentAclKey, long zxid) {
        watches.deleted(path, aclKey, parentAclKey, zxid);
        notified(metrics.deletedWatches);
    }

    @Override
    public void dataChanged(byte[] path, int aclKey, long zxid) {
        watches.dataChanged(path, aclKey, zxid);
        notified(metrics.changedWatches);
    }

    /// Counts the events since the change before, if there were any.
    private void notified(Summary summary) {
        if (events > 0) {
            summary.add(events);
            events = 0;
        }
    }
}
