package io.witan.tree;

/// Told of each change while a transaction is applied, in the order in which watches must fire
/// (client-and-disk, section 5.3). Of a multi it hears only if the multi succeeded. It must not
/// change the tree. The keys are those of the ACLs that the znode and its parent have, in the
/// tree's [AclTable]; they are valid during the call.
public interface TreeListener {

    /// Listens to nothing.
    TreeListener NONE =
            new TreeListener() {
                @Override
                public void created(byte[] path, int aclKey, int parentAclKey, long zxid) {}

                @Override
                public void deleted(byte[] path, int aclKey, int parentAclKey, long zxid) {}

                @Override
                public void dataChanged(byte[] path, int aclKey, long zxid) {}
            };

    void created(byte[] path, int aclKey, int parentAclKey, long zxid);

    /// `aclKey` is that of the ACL which the znode had.
    void deleted(byte[] path, int aclKey, int parentAclKey, long zxid);

    void dataChanged(byte[] path, int aclKey, long zxid);
}
