package io.witan.tree;

/// Told of each change while a transaction is applied, in the order in which watches must fire
/// (client-and-disk, section 5.3). Of a multi it hears only if the multi succeeded. It must not
/// change the tree.
public interface TreeListener {

    /// Listens to nothing.
    TreeListener NONE =
            new TreeListener() {
                @Override
                public void created(byte[] path, Znode znode, Znode parent, long zxid) {}

                @Override
                public void deleted(byte[] path, int aclKey, Znode parent, long zxid) {}

                @Override
                public void dataChanged(byte[] path, Znode znode, long zxid) {}
            };

    void created(byte[] path, Znode znode, Znode parent, long zxid);

    /// `aclKey` is that of the ACL which the znode had; it is valid during this call.
    void deleted(byte[] path, int aclKey, Znode parent, long zxid);

    void dataChanged(byte[] path, Znode znode, long zxid);
}
