package io.witan.simulation.server;

import io.witan.storage.RecoveryVisitor;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.txn.LoggedTxn;

/// Makes a tree of what recovery reads.
public final class TreeFiller implements RecoveryVisitor {

    private final ZnodeTree tree;

    public TreeFiller(TreeSettings settings) {
        this.tree = new ZnodeTree(settings);
    }

    public ZnodeTree tree() {
        return tree;
    }

    @Override
    public SnapshotVisitor beginSnapshot(long zxid) {
        return tree.loader(zxid);
    }

    @Override
    public void beginEmpty() {
        tree.reset();
    }

    @Override
    public void transaction(LoggedTxn txn, byte[] bytes, int offset, int length) {
        tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
        tree.matches(txn.digest());
    }
}
