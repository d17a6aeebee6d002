package io.witan.replica.write;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A znode as it will be once everything proposed so far has been applied. Fields are those of the
/// stored stat; owned by [PendingZnodes], changed only by [Preparation].
final class PendingZnode {

    final byte[] path;
    final int hash;

    /// Chain of the table it is in.
    @Nullable PendingZnode nextInTable;

    /// The last proposed transaction that changes it; once that one is applied, the tree says the
    /// same and this can go.
    long changedBy;

    /// False: it will have been deleted.
    boolean exists;

    /// In bytes; 0 for null.
    int dataLength;

    List<Acl> acl;
    long czxid;
    long mzxid;
    long pzxid;
    long ctime;
    long mtime;
    int version;
    int cversion;
    int aversion;
    long owner;
    int childCount;

    /// Of this state; unsigned.
    int digest;

    PendingZnode(byte[] path, int hash, List<Acl> acl) {
        this.path = path;
        this.hash = hash;
        this.acl = acl;
    }

    PendingZnode copy() {
        PendingZnode copy = new PendingZnode(path, hash, acl);
        copy.become(this);
        return copy;
    }

    /// Takes over the state of `other`, which has the same path.
    void become(PendingZnode other) {
        changedBy = other.changedBy;
        exists = other.exists;
        dataLength = other.dataLength;
        acl = other.acl;
        czxid = other.czxid;
        mzxid = other.mzxid;
        pzxid = other.pzxid;
        ctime = other.ctime;
        mtime = other.mtime;
        version = other.version;
        cversion = other.cversion;
        aversion = other.aversion;
        owner = other.owner;
        childCount = other.childCount;
        digest = other.digest;
    }
}
