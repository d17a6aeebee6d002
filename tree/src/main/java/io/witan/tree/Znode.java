package io.witan.tree;

import io.witan.tree.table.KeyTable;
import io.witan.tree.table.Keyed;
import io.witan.tree.table.NameTable;
import io.witan.wire.data.Stat;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Consumer;

/// One znode. Read-only outside this package.
///
/// Most znodes are created once, as leaves, and then only read. Such a znode is this object alone,
/// 48 bytes with compact object headers, and its name and data; its `mzxid` is its `czxid`, its
/// `mtime` its `ctime`, its versions are 0. What makes a znode different stands in [Changes], which
/// it gets when it needs it, in one of three sizes:
///
/// ```
/// Changes   mzxid mtime version aversion                    32 bytes   setData, setACL
/// Owned     + owner, place among what the owner has         48 bytes   ephemeral, container, TTL
/// Family    + pzxid cversion childCount children            64 bytes   has had children
/// ```
///
/// The path is not kept: it follows from the parents.
public final class Znode extends Keyed {

    private static final byte[] ROOT_NAME = new byte[0];
    private static final byte[] ROOT_PATH = {'/'};

    /// Children in an array up to here; beyond it in a hash table, until few are left.
    private static final int ARRAY_MAX = 8;

    private static final int TABLE_MIN = 4;

    /// What [#aclKey] is once the znode is deleted.
    private static final int DELETED = Integer.MIN_VALUE;

    /// Null for the root. A deleted znode keeps it, and so its path.
    private @Nullable Znode parent;

    private byte @Nullable [] data;
    private @Nullable Changes changes;
    private final long czxid;
    private final long ctime;
    private int aclKey;
    private int digest;

    Znode(byte[] name, byte @Nullable [] data, long czxid, long ctime, int aclKey) {
        super(name);
        this.data = data;
        this.czxid = czxid;
        this.ctime = ctime;
        this.aclKey = aclKey;
    }

    static Znode root(byte @Nullable [] data, long czxid, long ctime, int aclKey) {
        return new Znode(ROOT_NAME, data, czxid, ctime, aclKey);
    }

    // What differs from a fresh leaf.

    private static class Changes {
        long mzxid;
        long mtime;
        int version;
        int aversion;

        Changes(Znode znode) {
            Changes former = znode.changes;
            mzxid = former == null ? znode.czxid : former.mzxid;
            mtime = former == null ? znode.ctime : former.mtime;
            version = former == null ? 0 : former.version;
            aversion = former == null ? 0 : former.aversion;
        }
    }

    private static class Owned extends Changes {
        long owner;

        /// In the first two bits the code of the [OwnerKind], in the others the index within the
        /// [OwnedZnodes] that hold this znode.
        int place;

        Owned(Znode znode) {
            super(znode);
            if (znode.changes instanceof Owned former) {
                owner = former.owner;
                place = former.place;
            }
        }
    }

    private static final class Family extends Owned {
        long pzxid;

        /// Stored cversion: how many creates there were below this znode.
        int cversion;

        int childCount;

        /// Null, the only child, a `Znode[]` filled from the front, or a `NameTable<Znode>`.
        @Nullable Object children;

        Family(Znode znode) {
            super(znode);
            pzxid = znode.czxid;
        }
    }

    private Changes changed() {
        if (changes == null) {
            changes = new Changes(this);
        }
        return changes;
    }

    private Owned owned() {
        if (changes instanceof Owned owned) {
            return owned;
        }
        Owned owned = new Owned(this);
        changes = owned;
        return owned;
    }

    private Family family() {
        if (changes instanceof Family family) {
            return family;
        }
        Family family = new Family(this);
        changes = family;
        return family;
    }

    // Reading.

    /// The last component of the path; empty for the root. Not to be changed.
    public byte[] name() {
        return key;
    }

    public @Nullable Znode parent() {
        return parent;
    }

    /// Null and empty are distinct. Not to be changed; an update replaces the array.
    public byte @Nullable [] data() {
        return data;
    }

    public int dataLength() {
        return data == null ? 0 : data.length;
    }

    public long czxid() {
        return czxid;
    }

    public long mzxid() {
        return changes == null ? czxid : changes.mzxid;
    }

    public long pzxid() {
        return changes instanceof Family family ? family.pzxid : czxid;
    }

    public long ctime() {
        return ctime;
    }

    public long mtime() {
        return changes == null ? ctime : changes.mtime;
    }

    public int version() {
        return changes == null ? 0 : changes.version;
    }

    public int aversion() {
        return changes == null ? 0 : changes.aversion;
    }

    /// Number of creates below this znode, which is also the next sequence number.
    public int storedCversion() {
        return changes instanceof Family family ? family.cversion : 0;
    }

    /// The cversion that clients see: creates and deletes below this znode count one each.
    public int cversion() {
        return changes instanceof Family family ? 2 * family.cversion - family.childCount : 0;
    }

    public int childCount() {
        return changes instanceof Family family ? family.childCount : 0;
    }

    /// The owner as log and snapshot hold it (client-and-disk, section 3.7).
    public long storedOwner() {
        return changes instanceof Owned owned ? owned.owner : 0;
    }

    public OwnerKind kind() {
        return changes instanceof Owned owned
                ? OwnerKind.ofCode(owned.place >>> 30)
                : OwnerKind.PERSISTENT;
    }

    /// The session that owns this znode, 0 if none does: what clients see as the owner.
    public long ephemeralOwner() {
        return changes instanceof Owned owned && owned.place >>> 30 == OwnerKind.EPHEMERAL.code
                ? owned.owner
                : 0;
    }

    /// Key of the ACL in the tree's [AclTable]; of no use once the znode is deleted.
    public int aclKey() {
        return aclKey;
    }

    /// CRC-32 of path, data and stat (client-and-disk, section 8.3); 0 below `/zookeeper/` and
    /// where digests are off.
    public int digest() {
        return digest;
    }

    /// Whether this znode has been deleted. Its path and stat stay as they were.
    public boolean isDeleted() {
        return aclKey == DELETED;
    }

    /// The whole path; "/" for the root.
    public byte[] path() {
        if (parent == null) {
            return ROOT_PATH.clone();
        }
        byte[] path = new byte[pathLength()];
        fillPath(path, path.length);
        return path;
    }

    /// The path as snapshots hold it: that of the root is empty.
    void writePath(JuteWriter out) {
        int length = pathLength();
        out.writeInt(length);
        out.ensure(length);
        // Backwards, name by name: there is no path to copy.
        byte[] path = length <= 256 ? new byte[256] : new byte[length];
        fillPath(path, length);
        out.writeRaw(path, 0, length);
    }

    private void fillPath(byte[] path, int length) {
        int end = length;
        for (Znode z = this; z != null && z.key.length > 0; z = z.parent) {
            end -= z.key.length;
            System.arraycopy(z.key, 0, path, end, z.key.length);
            path[--end] = '/';
        }
    }

    /// Bytes of [#path], with 0 for the root, whose path is the empty string in snapshots.
    int pathLength() {
        int length = 0;
        for (Znode z = this; z != null && z.key.length > 0; z = z.parent) {
            length += z.key.length + 1;
        }
        return length;
    }

    /// The 68 bytes of a [Stat], as clients see it.
    public void writeStat(JuteWriter out) {
        out.ensure(Stat.BYTES);
        out.writeLong(czxid).writeLong(mzxid()).writeLong(ctime).writeLong(mtime());
        out.writeInt(version()).writeInt(cversion()).writeInt(aversion());
        out.writeLong(ephemeralOwner()).writeInt(dataLength()).writeInt(childCount());
        out.writeLong(pzxid());
    }

    /// The stat as clients see it.
    public Stat stat() {
        return new Stat(
                czxid,
                mzxid(),
                ctime,
                mtime(),
                version(),
                cversion(),
                aversion(),
                ephemeralOwner(),
                dataLength(),
                childCount(),
                pzxid());
    }

    /// The 60 bytes of a [StoredStat].
    public void writeStoredStat(JuteWriter out) {
        out.ensure(StoredStat.BYTES);
        out.writeLong(czxid).writeLong(mzxid()).writeLong(ctime).writeLong(mtime());
        out.writeInt(version()).writeInt(storedCversion()).writeInt(aversion());
        out.writeLong(storedOwner()).writeLong(pzxid());
    }

    public StoredStat storedStat() {
        return new StoredStat(
                czxid,
                mzxid(),
                ctime,
                mtime(),
                version(),
                storedCversion(),
                aversion(),
                storedOwner(),
                pzxid());
    }

    /// A vector of the children's names, in no particular order.
    public void writeChildNames(JuteWriter out) {
        out.writeInt(childCount());
        forEachChild(child -> out.writeBuffer(child.key, 0, child.key.length));
    }

    /// The child whose name is `buf[off .. off + len)`.
    public @Nullable Znode child(byte[] buf, int off, int len) {
        if (!(changes instanceof Family family)) {
            return null;
        }
        Object children = family.children;
        if (children instanceof NameTable<?>) {
            NameTable<Znode> table = table(children);
            return table.get(table.hash(buf, off, len), buf, off, len);
        }
        if (children instanceof Znode only) {
            return KeyTable.equal(only.key, buf, off, len) ? only : null;
        }
        if (children instanceof Znode[] array) {
            for (int i = 0; i < family.childCount; i++) {
                if (KeyTable.equal(array[i].key, buf, off, len)) {
                    return array[i];
                }
            }
        }
        return null;
    }

    /// Visits the children, in no particular order but always the same for the same history. The
    /// visitor must not add or remove children.
    public void forEachChild(Consumer<? super Znode> visitor) {
        if (!(changes instanceof Family family)) {
            return;
        }
        Object children = family.children;
        if (children instanceof NameTable<?>) {
            table(children).forEach(visitor);
        } else if (children instanceof Znode only) {
            visitor.accept(only);
        } else if (children instanceof Znode[] array) {
            for (int i = 0; i < family.childCount; i++) {
                visitor.accept(array[i]);
            }
        }
    }

    // Changing; for ZnodeTree and TreeLoader only.

    void setData(byte @Nullable [] newData, int version, long mzxid, long mtime) {
        Changes c = changed();
        data = newData;
        c.version = version;
        c.mzxid = mzxid;
        c.mtime = mtime;
    }

    /// Replaces the data and nothing else: how quota statistics are kept.
    void rewriteData(byte[] newData) {
        data = newData;
    }

    void setAcl(int newAclKey, int aversion) {
        setAclKey(newAclKey);
        changed().aversion = aversion;
    }

    void setAclKey(int newAclKey) {
        aclKey = newAclKey;
    }

    void markDeleted() {
        aclKey = DELETED;
    }

    void setOwner(long owner, OwnerKind kind) {
        Owned o = owned();
        o.owner = owner;
        o.place = kind.code << 30;
    }

    /// Index within the [OwnedZnodes] that hold this znode.
    int ownedIndex() {
        return changes instanceof Owned owned ? owned.place & 0x3FFF_FFFF : -1;
    }

    void setOwnedIndex(int index) {
        Owned o = owned();
        o.place = (o.place & 0xC000_0000) | index;
    }

    void setPzxid(long pzxid) {
        family().pzxid = pzxid;
    }

    void setStoredCversion(int cversion) {
        family().cversion = cversion;
    }

    void setDigest(int digest) {
        this.digest = digest;
    }

    /// Takes over what a snapshot says, as far as it differs from a fresh leaf's.
    void restore(long mzxid, long mtime, int version, int aversion, long pzxid, int cversion) {
        if (mzxid != czxid || mtime != ctime || version != 0 || aversion != 0) {
            Changes c = changed();
            c.mzxid = mzxid;
            c.mtime = mtime;
            c.version = version;
            c.aversion = aversion;
        }
        if (pzxid != czxid || cversion != 0) {
            Family f = family();
            f.pzxid = pzxid;
            f.cversion = cversion;
        }
    }

    /// Adds a child with a name that no other child has. `seed` is that of the tree.
    void addChild(Znode child, long seed) {
        Family family = family();
        child.parent = this;
        Object children = family.children;
        int count = family.childCount++;
        if (children == null) {
            family.children = child;
        } else if (children instanceof Znode only) {
            family.children = new Znode[] {only, child};
        } else if (children instanceof Znode[] array) {
            if (count < array.length) {
                array[count] = child;
            } else if (count < ARRAY_MAX) {
                Znode[] wider = new Znode[Math.min(ARRAY_MAX, array.length * 2)];
                System.arraycopy(array, 0, wider, 0, count);
                wider[count] = child;
                family.children = wider;
            } else {
                NameTable<Znode> table = new NameTable<>(seed);
                for (Znode sibling : array) {
                    add(table, sibling);
                }
                add(table, child);
                family.children = table;
            }
        } else {
            add(table(children), child);
        }
    }

    /// While a snapshot is loaded: adds a child without looking where it belongs. Before anything
    /// looks for a child here, [#settleChildren] must follow, unless they are few.
    void gatherChild(Znode child) {
        Family family = family();
        child.parent = this;
        Object children = family.children;
        int count = family.childCount++;
        if (children == null) {
            family.children = child;
        } else if (children instanceof Znode only) {
            family.children = new Znode[] {only, child};
        } else if (children instanceof Znode[] array) {
            if (count == array.length) {
                array = Arrays.copyOf(array, count * 2);
                family.children = array;
            }
            array[count] = child;
        } else {
            throw new IllegalStateException("children are gathered before they are in a table");
        }
    }

    /// Puts the children that were gathered into their places. Returns one whose name another one
    /// has, and then nothing here is of use; null if there is none.
    @Nullable Znode settleChildren(long seed) {
        if (hasFewChildren()
                || !(changes instanceof Family family)
                || !(family.children instanceof Znode[] gathered)) {
            return null;
        }
        NameTable<Znode> table = new NameTable<>(seed);
        Znode twice = table.fill(gathered, family.childCount);
        family.children = table;
        return twice;
    }

    /// Few are in no table, and those that were gathered can be looked for.
    boolean hasFewChildren() {
        return childCount() <= ARRAY_MAX;
    }

    /// Takes a child out.
    void removeChild(Znode child) {
        Family family = family();
        Object children = family.children;
        int count = --family.childCount;
        if (children == child) {
            family.children = null;
        } else if (children instanceof Znode[] array) {
            int i = 0;
            while (array[i] != child) {
                i++;
            }
            System.arraycopy(array, i + 1, array, i, count - i);
            array[count] = null;
            if (count == 1) {
                family.children = array[0];
            }
        } else if (children != null) {
            NameTable<Znode> table = table(children);
            table.remove(table.hash(child.key, 0, child.key.length), child);
            if (count <= TABLE_MIN) {
                var few = new java.util.ArrayList<Znode>(TABLE_MIN);
                table.forEach(few::add);
                family.children = few.toArray(new Znode[0]);
            }
        }
    }

    /// Lets go of all children, which must have been dealt with.
    void forgetChildren() {
        if (changes instanceof Family family) {
            family.children = null;
            family.childCount = 0;
        }
    }

    /// The children's table, or null if they are so few that they are in none.
    @Nullable NameTable<Znode> childTable() {
        return changes instanceof Family family && family.children instanceof NameTable<?>
                ? table(family.children)
                : null;
    }

    private static void add(NameTable<Znode> table, Znode child) {
        table.add(table.hash(child.key, 0, child.key.length), child);
    }

    @SuppressWarnings("unchecked")
    private static NameTable<Znode> table(Object children) {
        return (NameTable<Znode>) children;
    }
}
