package io.witan.replica;

import io.witan.tree.TreeListener;
import io.witan.tree.Znode;

/// Listeners for trees that a test makes by itself.
final class TreeListenerFor {

    static final TreeListener NOBODY =
            new TreeListener() {
                @Override
                public void created(byte[] path, Znode znode, Znode parent, long zxid) {}

                @Override
                public void deleted(byte[] path, int aclKey, Znode parent, long zxid) {}

                @Override
                public void dataChanged(byte[] path, Znode znode, long zxid) {}
            };

    private TreeListenerFor() {}
}
