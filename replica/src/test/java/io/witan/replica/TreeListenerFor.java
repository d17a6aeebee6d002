package io.witan.replica;

import io.witan.tree.TreeListener;

/// Listeners for trees that a test makes by itself.
final class TreeListenerFor {

    static final TreeListener NOBODY =
            new TreeListener() {
                @Override
                public void created(byte[] path, int aclKey, int parentAclKey, long zxid) {}

                @Override
                public void deleted(byte[] path, int aclKey, int parentAclKey, long zxid) {}

                @Override
                public void dataChanged(byte[] path, int aclKey, long zxid) {}
            };

    private TreeListenerFor() {}
}
