package io.witan.tree;

import io.witan.tree.block.Blocks;
import io.witan.tree.table.KeyHash;
import io.witan.tree.table.KeyTable;
import io.witan.wire.data.Stat;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;

/// All znodes of a tree, each known by a number and held as one [block][Blocks] of bytes, so that
/// the collector neither follows nor moves a million objects.
///
/// ```
///   0 number 4   parent 4   ACL key 4   digest 4   czxid 8   ctime 8
///  32 data's length 4, -1 for none   name's length and shape 4                       leaf
///  40 mzxid 8   mtime 8   version 4   aversion 4                                     changed
///  64 owner 8   place 4                                                              owned
///  76 pzxid 8   cversion 4   number of children 4   children 4                       family
///  96 the children's numbers, 4 each, if they are few and in no table
///     name
///     data
/// ```
///
/// Most znodes are created once, as leaves, and then only read: such a znode is its first 40 bytes,
/// name and data. The rest it gets with the first change that needs it: `setData` and `setACL`, an
/// owner, the first child. The path is not kept: it follows from the parents.
///
/// Up to eight children are found one by one; more are in a [KeyTable] until few are left.
///
/// Numbers are 1 or above; that of a znode that was deleted is given to another one. One owner
/// thread.
final class Znodes {

    /// No znode.
    static final int NONE = 0;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int PARENT = Blocks.HEADER;
    private static final int ACL_KEY = PARENT + 4;
    private static final int DIGEST = ACL_KEY + 4;
    private static final int CZXID = DIGEST + 4;
    private static final int CTIME = CZXID + 8;
    private static final int DATA_LENGTH = CTIME + 8;
    private static final int NAME_AND_SHAPE = DATA_LENGTH + 4;
    private static final int LEAF_END = NAME_AND_SHAPE + 4;

    private static final int MZXID = LEAF_END;
    private static final int MTIME = MZXID + 8;
    private static final int VERSION = MTIME + 8;
    private static final int AVERSION = VERSION + 4;
    private static final int CHANGED_END = AVERSION + 4;

    private static final int OWNER = CHANGED_END;

    /// In the first two bits the code of the [OwnerKind], in the others the index within the
    /// [OwnedZnodes] that hold this znode.
    private static final int PLACE = OWNER + 8;

    private static final int OWNED_END = PLACE + 4;

    private static final int PZXID = OWNED_END;

    /// Stored cversion: how many creates there were below this znode.
    private static final int CVERSION = PZXID + 8;

    private static final int CHILD_COUNT = CVERSION + 4;

    /// For how many children there is room behind the fields; -1 and below: which table.
    private static final int CHILDREN = CHILD_COUNT + 4;

    private static final int FAMILY_END = CHILDREN + 4;

    private static final int LEAF = 0;
    private static final int CHANGED = 1;
    private static final int OWNED = 2;
    private static final int FAMILY = 3;
    private static final int SHAPE_BITS = 2;
    private static final int SHAPE_MASK = (1 << SHAPE_BITS) - 1;
    private static final int[] FIELDS_END = {LEAF_END, CHANGED_END, OWNED_END, FAMILY_END};

    private static final int PLACE_INDEX_MASK = 0x3FFF_FFFF;

    /// Children without a table up to here; with one until [#TABLE_MIN] are left.
    private static final int FEW_MAX = 8;

    /// From here on children's names are written several at a time.
    private static final int MANY_MIN = 10_000;

    private static final int TABLE_MIN = 4;

    private static final int LARGE_BYTES = 4096;

    /// What the ACL key is once the znode is deleted.
    private static final int DELETED = Integer.MIN_VALUE;

    private static final byte[] ROOT_PATH = {'/'};

    private final long seed;
    private Blocks blocks = new Blocks();

    private @Nullable Children[] tables = new Children[8];
    private int tableMax;
    private int[] freeTables = new int[8];
    private int freeTableCount;

    Znodes(long seed) {
        this.seed = seed;
    }

    /// The children of one znode, by their names.
    final class Children extends KeyTable {
        @Override
        protected int hash(int entry) {
            return nameHash(entry);
        }

        @Override
        protected boolean hasKey(int entry, byte[] buf, int off, int len) {
            return hasName(entry, buf, off, len);
        }

        @Override
        protected boolean haveEqualKeys(int entry, int other) {
            return compareNames(entry, other) == 0;
        }
    }

    /// Forgets all znodes.
    void clear() {
        blocks = new Blocks();
        tables = new Children[8];
        tableMax = 0;
        freeTableCount = 0;
    }

    /// Znodes that take memory, deleted ones that were not freed included.
    int heldCount() {
        return blocks.count();
    }

    /// Bytes of memory that znodes take, about; tables of children not counted.
    long heldBytes() {
        return blocks.heldBytes();
    }

    // Coming and going.

    /// A znode that has no parent yet; its name is `name[off .. off + len)`, empty for a root.
    int add(
            byte[] name,
            int off,
            int len,
            byte @Nullable [] data,
            long czxid,
            long ctime,
            int acl) {
        return data == null
                ? add(LEAF, name, off, len, name, 0, -1, czxid, ctime, acl)
                : add(LEAF, name, off, len, data, 0, data.length, czxid, ctime, acl);
    }

    /// A znode as a snapshot has it; it has no parent yet. Its name is `buf[off .. off + len)`, its
    /// data `buf[dataOff .. dataOff + dataLen)`, null where that length is -1. Its owner is not
    /// set.
    int load(
            byte[] buf,
            int off,
            int len,
            int dataOff,
            int dataLen,
            int aclKey,
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long pzxid) {
        int shape = LEAF;
        if (pzxid != czxid || cversion != 0) {
            shape = FAMILY;
        } else if (mzxid != czxid || mtime != ctime || version != 0 || aversion != 0) {
            shape = CHANGED;
        }
        int znode = add(shape, buf, off, len, buf, dataOff, dataLen, czxid, ctime, aclKey);
        if (shape >= CHANGED) {
            byte[] b = blocks.bytes(znode);
            int o = blocks.offset(znode);
            LONG.set(b, o + MZXID, mzxid);
            LONG.set(b, o + MTIME, mtime);
            INT.set(b, o + VERSION, version);
            INT.set(b, o + AVERSION, aversion);
            if (shape == FAMILY) {
                LONG.set(b, o + OWNER, 0L);
                INT.set(b, o + PLACE, 0);
                LONG.set(b, o + PZXID, pzxid);
                INT.set(b, o + CVERSION, cversion);
                INT.set(b, o + CHILD_COUNT, 0);
                INT.set(b, o + CHILDREN, 0);
            }
        }
        return znode;
    }

    /// What the shape has beyond a leaf's is not set.
    private int add(
            int shape,
            byte[] name,
            int off,
            int len,
            byte[] data,
            int dataOff,
            int dataLen,
            long czxid,
            long ctime,
            int aclKey) {
        int end = FIELDS_END[shape];
        int length = Math.max(0, dataLen);
        int znode = blocks.take(end + len + length);
        byte[] b = blocks.bytes(znode);
        int o = blocks.offset(znode);
        INT.set(b, o + PARENT, NONE);
        INT.set(b, o + ACL_KEY, aclKey);
        INT.set(b, o + DIGEST, 0);
        LONG.set(b, o + CZXID, czxid);
        LONG.set(b, o + CTIME, ctime);
        INT.set(b, o + DATA_LENGTH, dataLen);
        INT.set(b, o + NAME_AND_SHAPE, len << SHAPE_BITS | shape);
        System.arraycopy(name, off, b, o + end, len);
        System.arraycopy(data, dataOff, b, o + end + len, length);
        return znode;
    }

    void markDeleted(int znode) {
        setAclKey(znode, DELETED);
    }

    /// Whether a znode was deleted whose number has not been given to another one.
    boolean isDeleted(int znode) {
        return !blocks.exists(znode) || aclKey(znode) == DELETED;
    }

    /// Frees a znode that is deleted, and its number.
    void free(int znode) {
        dropTable(znode);
        blocks.free(znode);
    }

    /// Frees a znode that is deleted, but not its number, which goes on saying so.
    void vacate(int znode) {
        dropTable(znode);
        blocks.vacate(znode);
    }

    /// Frees the number of a znode that is deleted, and the znode if it was not vacated.
    void recycle(int znode) {
        if (blocks.exists(znode)) {
            free(znode);
        } else {
            blocks.recycle(znode);
        }
    }

    // Reading.

    int parent(int znode) {
        return getInt(znode, PARENT);
    }

    int aclKey(int znode) {
        return getInt(znode, ACL_KEY);
    }

    int digest(int znode) {
        return getInt(znode, DIGEST);
    }

    long czxid(int znode) {
        return getLong(znode, CZXID);
    }

    long ctime(int znode) {
        return getLong(znode, CTIME);
    }

    long mzxid(int znode) {
        return getLong(znode, has(znode, CHANGED) ? MZXID : CZXID);
    }

    long mtime(int znode) {
        return getLong(znode, has(znode, CHANGED) ? MTIME : CTIME);
    }

    long pzxid(int znode) {
        return getLong(znode, has(znode, FAMILY) ? PZXID : CZXID);
    }

    int version(int znode) {
        return has(znode, CHANGED) ? getInt(znode, VERSION) : 0;
    }

    int aversion(int znode) {
        return has(znode, CHANGED) ? getInt(znode, AVERSION) : 0;
    }

    int storedCversion(int znode) {
        return has(znode, FAMILY) ? getInt(znode, CVERSION) : 0;
    }

    int cversion(int znode) {
        return has(znode, FAMILY) ? 2 * getInt(znode, CVERSION) - getInt(znode, CHILD_COUNT) : 0;
    }

    int childCount(int znode) {
        return has(znode, FAMILY) ? getInt(znode, CHILD_COUNT) : 0;
    }

    long storedOwner(int znode) {
        return has(znode, OWNED) ? getLong(znode, OWNER) : 0;
    }

    OwnerKind kind(int znode) {
        return has(znode, OWNED)
                ? OwnerKind.ofCode(getInt(znode, PLACE) >>> 30)
                : OwnerKind.PERSISTENT;
    }

    long ephemeralOwner(int znode) {
        return kind(znode) == OwnerKind.EPHEMERAL ? getLong(znode, OWNER) : 0;
    }

    /// Index within the [OwnedZnodes] that hold this znode.
    int ownedIndex(int znode) {
        return has(znode, OWNED) ? getInt(znode, PLACE) & PLACE_INDEX_MASK : -1;
    }

    int nameLength(int znode) {
        return getInt(znode, NAME_AND_SHAPE) >>> SHAPE_BITS;
    }

    byte[] name(int znode) {
        byte[] b = blocks.bytes(znode);
        int start = blocks.offset(znode) + nameOffset(znode);
        return Arrays.copyOfRange(b, start, start + nameLength(znode));
    }

    /// Writes the name to `to[at ..)`.
    void copyName(int znode, byte[] to, int at) {
        System.arraycopy(
                blocks.bytes(znode),
                blocks.offset(znode) + nameOffset(znode),
                to,
                at,
                nameLength(znode));
    }

    int nameHash(int znode) {
        return KeyHash.name(
                blocks.bytes(znode),
                blocks.offset(znode) + nameOffset(znode),
                nameLength(znode),
                seed);
    }

    boolean hasName(int znode, byte[] buf, int off, int len) {
        byte[] b = blocks.bytes(znode);
        int o = blocks.offset(znode);
        int nameAndShape = (int) INT.get(b, o + NAME_AND_SHAPE);
        if (nameAndShape >>> SHAPE_BITS != len) {
            return false;
        }
        int start = o + nameOffset(b, o, nameAndShape);
        return Arrays.equals(b, start, start + len, buf, off, off + len);
    }

    int compareNames(int znode, int other) {
        int start = blocks.offset(other) + nameOffset(other);
        return compareName(znode, blocks.bytes(other), start, nameLength(other));
    }

    /// Compares the name with `buf[off .. off + len)`, byte by byte, as unsigned numbers.
    int compareName(int znode, byte[] buf, int off, int len) {
        byte[] b = blocks.bytes(znode);
        int start = blocks.offset(znode) + nameOffset(znode);
        return Arrays.compareUnsigned(b, start, start + nameLength(znode), buf, off, off + len);
    }

    int dataLength(int znode) {
        return Math.max(0, getInt(znode, DATA_LENGTH));
    }

    /// A copy.
    byte @Nullable [] data(int znode) {
        int length = getInt(znode, DATA_LENGTH);
        if (length < 0) {
            return null;
        }
        int start = blocks.offset(znode) + nameOffset(znode) + nameLength(znode);
        return Arrays.copyOfRange(blocks.bytes(znode), start, start + length);
    }

    /// As a buffer.
    void writeData(int znode, JuteWriter out) {
        int length = getInt(znode, DATA_LENGTH);
        if (length < 0) {
            out.writeInt(-1);
        } else {
            int start = blocks.offset(znode) + nameOffset(znode) + nameLength(znode);
            out.writeBuffer(blocks.bytes(znode), start, length);
        }
    }

    void updateWithData(int znode, CRC32 crc) {
        int start = blocks.offset(znode) + nameOffset(znode) + nameLength(znode);
        crc.update(blocks.bytes(znode), start, dataLength(znode));
    }

    /// The whole path; "/" for the root.
    byte[] path(int znode) {
        if (parent(znode) == NONE) {
            return ROOT_PATH.clone();
        }
        byte[] path = new byte[pathLength(znode)];
        fillPath(znode, path, path.length);
        return path;
    }

    /// Bytes of [#path], with 0 for the root, whose path is the empty string in snapshots.
    int pathLength(int znode) {
        int length = 0;
        for (int z = znode; parent(z) != NONE; z = parent(z)) {
            length += nameLength(z) + 1;
        }
        return length;
    }

    /// The path as snapshots hold it: that of the root is empty.
    void writePath(int znode, JuteWriter out) {
        int length = pathLength(znode);
        out.writeInt(length);
        out.ensure(length);
        // Backwards, name by name: there is no path to copy.
        byte[] path = length <= 256 ? new byte[256] : new byte[length];
        fillPath(znode, path, length);
        out.writeRaw(path, 0, length);
    }

    private void fillPath(int znode, byte[] path, int length) {
        int end = length;
        for (int z = znode; parent(z) != NONE; z = parent(z)) {
            end -= nameLength(z);
            copyName(z, path, end);
            path[--end] = '/';
        }
    }

    /// The 68 bytes of a [Stat], as clients see it.
    void writeStat(int znode, JuteWriter out) {
        byte[] b = blocks.bytes(znode);
        int o = blocks.offset(znode);
        int shape = (int) INT.get(b, o + NAME_AND_SHAPE) & SHAPE_MASK;
        long czxid = (long) LONG.get(b, o + CZXID);
        long ctime = (long) LONG.get(b, o + CTIME);
        int dataLength = Math.max(0, (int) INT.get(b, o + DATA_LENGTH));
        out.ensure(Stat.BYTES);
        if (shape == LEAF) {
            out.writeLong(czxid).writeLong(czxid).writeLong(ctime).writeLong(ctime);
            out.writeInt(0).writeInt(0).writeInt(0);
            out.writeLong(0).writeInt(dataLength).writeInt(0).writeLong(czxid);
            return;
        }
        out.writeLong(czxid).writeLong((long) LONG.get(b, o + MZXID));
        out.writeLong(ctime).writeLong((long) LONG.get(b, o + MTIME));
        out.writeInt((int) INT.get(b, o + VERSION)).writeInt(cversion(znode));
        out.writeInt((int) INT.get(b, o + AVERSION));
        out.writeLong(ephemeralOwner(znode)).writeInt(dataLength);
        out.writeInt(childCount(znode)).writeLong(pzxid(znode));
    }

    Stat stat(int znode) {
        return new Stat(
                czxid(znode),
                mzxid(znode),
                ctime(znode),
                mtime(znode),
                version(znode),
                cversion(znode),
                aversion(znode),
                ephemeralOwner(znode),
                dataLength(znode),
                childCount(znode),
                pzxid(znode));
    }

    /// The 60 bytes of a [StoredStat].
    void writeStoredStat(int znode, JuteWriter out) {
        out.ensure(StoredStat.BYTES);
        out.writeLong(czxid(znode)).writeLong(mzxid(znode));
        out.writeLong(ctime(znode)).writeLong(mtime(znode));
        out.writeInt(version(znode)).writeInt(storedCversion(znode)).writeInt(aversion(znode));
        out.writeLong(storedOwner(znode)).writeLong(pzxid(znode));
    }

    // Children.

    void writeChildNames(int znode, JuteWriter out) {
        int count = childCount(znode);
        out.writeInt(count);
        if (count < MANY_MIN) {
            forEachChild(
                    znode,
                    child ->
                            out.writeBuffer(
                                    blocks.bytes(child),
                                    blocks.offset(child) + nameOffset(child),
                                    nameLength(child)));
        } else {
            NameWriter names = new NameWriter(out);
            forEachChild(znode, names);
            names.writeAll();
        }
    }

    /// Writes the names of some znodes at a time. Each step goes over all of them before the next
    /// one begins, so that the processor waits for several of them at once: children in the order
    /// of their hashes lie where nothing was read lately. Worth its steps beyond what a core's own
    /// cache holds: half the time with 1,000,000 children, more of it with 100.
    private final class NameWriter implements IntConsumer {

        private static final int TOGETHER = 32;

        private final JuteWriter out;
        private final int[] numbers = new int[TOGETHER];
        private final byte[][] bytes = new byte[TOGETHER][];
        private final int[] offsets = new int[TOGETHER];
        private final int[] shapes = new int[TOGETHER];
        private int count;

        NameWriter(JuteWriter out) {
            this.out = out;
        }

        @Override
        public void accept(int znode) {
            numbers[count++] = znode;
            if (count == TOGETHER) {
                writeAll();
            }
        }

        void writeAll() {
            for (int i = 0; i < count; i++) {
                bytes[i] = blocks.bytes(numbers[i]);
                offsets[i] = blocks.offset(numbers[i]);
            }
            for (int i = 0; i < count; i++) {
                shapes[i] = (int) INT.get(bytes[i], offsets[i] + NAME_AND_SHAPE);
            }
            for (int i = 0; i < count; i++) {
                int start = offsets[i] + nameOffset(bytes[i], offsets[i], shapes[i]);
                out.writeBuffer(bytes[i], start, shapes[i] >>> SHAPE_BITS);
            }
            count = 0;
        }
    }

    /// The child whose name is `buf[off .. off + len)`, or [#NONE].
    int child(int znode, byte[] buf, int off, int len) {
        byte[] b = blocks.bytes(znode);
        int o = blocks.offset(znode);
        if (((int) INT.get(b, o + NAME_AND_SHAPE) & SHAPE_MASK) != FAMILY) {
            return NONE;
        }
        int children = (int) INT.get(b, o + CHILDREN);
        if (children < 0) {
            return table(children).get(KeyHash.name(buf, off, len, seed), buf, off, len);
        }
        int count = (int) INT.get(b, o + CHILD_COUNT);
        for (int i = 0; i < count; i++) {
            int child = (int) INT.get(b, o + FAMILY_END + 4 * i);
            if (hasName(child, buf, off, len)) {
                return child;
            }
        }
        return NONE;
    }

    /// Visits the children, in no particular order but always the same for the same history. The
    /// visitor must not change any znode.
    void forEachChild(int znode, IntConsumer visitor) {
        if (!has(znode, FAMILY)) {
            return;
        }
        int children = getInt(znode, CHILDREN);
        if (children < 0) {
            table(children).forEach(visitor);
        } else {
            int count = getInt(znode, CHILD_COUNT);
            for (int i = 0; i < count; i++) {
                visitor.accept(getInt(znode, FAMILY_END + 4 * i));
            }
        }
    }

    /// The children's table, or null if they are so few that they are in none.
    @Nullable Children childTable(int znode) {
        return tableOf(getInt(znode, NAME_AND_SHAPE) & SHAPE_MASK, znode);
    }

    private @Nullable Children tableOf(int shape, int znode) {
        if (shape != FAMILY) {
            return null;
        }
        int children = getInt(znode, CHILDREN);
        return children < 0 ? table(children) : null;
    }

    /// Adds a child with a name that no other child has.
    void addChild(int znode, int child) {
        family(znode);
        setInt(child, PARENT, znode);
        int count = getInt(znode, CHILD_COUNT);
        int children = getInt(znode, CHILDREN);
        if (children < 0) {
            table(children).add(nameHash(child), child);
        } else if (count < FEW_MAX) {
            if (count == children) {
                makeRoom(znode, isLarge(znode) ? FEW_MAX : count == 0 ? 1 : count * 2);
            }
            setInt(znode, FAMILY_END + 4 * count, child);
        } else {
            Children table = new Children();
            forEachChild(znode, sibling -> table.add(nameHash(sibling), sibling));
            table.add(nameHash(child), child);
            setTable(znode, table);
        }
        setInt(znode, CHILD_COUNT, count + 1);
    }

    /// Gives a znode that has no children these ones, whose parent it becomes. Returns one whose
    /// name another one has, and then nothing here is of use; [#NONE] if there is none.
    int addChildren(int znode, int[] all, int count) {
        for (int i = 0; i < count; i++) {
            setInt(all[i], PARENT, znode);
        }
        if (count <= FEW_MAX) {
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < i; k++) {
                    if (compareNames(all[i], all[k]) == 0) {
                        return all[i];
                    }
                }
            }
            for (int i = 0; i < count; i++) {
                addChild(znode, all[i]);
            }
            return NONE;
        }
        family(znode);
        Children table = new Children();
        int twice = table.fill(all, count);
        setTable(znode, table);
        setInt(znode, CHILD_COUNT, count);
        return twice;
    }

    /// Takes a child out.
    void removeChild(int znode, int child) {
        int count = getInt(znode, CHILD_COUNT) - 1;
        int children = getInt(znode, CHILDREN);
        if (children < 0) {
            Children table = table(children);
            table.remove(nameHash(child), child);
            if (count <= TABLE_MIN) {
                int[] few = new int[TABLE_MIN];
                int[] end = new int[1];
                table.forEach(sibling -> few[end[0]++] = sibling);
                dropTable(znode);
                makeRoom(znode, TABLE_MIN);
                for (int i = 0; i < count; i++) {
                    setInt(znode, FAMILY_END + 4 * i, few[i]);
                }
            }
        } else {
            int i = 0;
            while (getInt(znode, FAMILY_END + 4 * i) != child) {
                i++;
            }
            for (; i < count; i++) {
                setInt(znode, FAMILY_END + 4 * i, getInt(znode, FAMILY_END + 4 * (i + 1)));
            }
            if (count == 0 && !isLarge(znode)) {
                makeRoom(znode, 0);
            }
        }
        setInt(znode, CHILD_COUNT, count);
    }

    /// Lets go of all children, which must have been dealt with.
    void forgetChildren(int znode) {
        if (has(znode, FAMILY)) {
            dropTable(znode);
            setInt(znode, CHILD_COUNT, 0);
        }
    }

    /// Whether making room for children, before name and data, costs more than the room.
    private boolean isLarge(int znode) {
        return dataLength(znode) > LARGE_BYTES;
    }

    private void makeRoom(int znode, int room) {
        int former = getInt(znode, CHILDREN);
        int kept = Math.min(former, room);
        blocks.splice(
                znode,
                length(znode),
                FAMILY_END + 4 * kept,
                4 * (former - kept),
                4 * (room - kept));
        setInt(znode, CHILDREN, room);
    }

    private void setTable(int znode, Children table) {
        makeRoom(znode, 0);
        int index = freeTableCount > 0 ? freeTables[--freeTableCount] : tableMax++;
        if (index == tables.length) {
            tables = Arrays.copyOf(tables, index * 2);
        }
        tables[index] = table;
        setInt(znode, CHILDREN, -1 - index);
    }

    private void dropTable(int znode) {
        if (!has(znode, FAMILY)) {
            return;
        }
        int children = getInt(znode, CHILDREN);
        if (children < 0) {
            tables[-1 - children] = null;
            if (freeTableCount == freeTables.length) {
                freeTables = Arrays.copyOf(freeTables, freeTableCount * 2);
            }
            freeTables[freeTableCount++] = -1 - children;
            setInt(znode, CHILDREN, 0);
        }
    }

    private Children table(int children) {
        return java.util.Objects.requireNonNull(tables[-1 - children]);
    }

    // Changing.

    void setData(int znode, byte @Nullable [] data, int version, long mzxid, long mtime) {
        replaceData(znode, data);
        ensureShape(znode, CHANGED);
        setInt(znode, VERSION, version);
        setLong(znode, MZXID, mzxid);
        setLong(znode, MTIME, mtime);
    }

    /// Replaces the data and nothing else: how quota statistics are kept.
    void replaceData(int znode, byte @Nullable [] data) {
        int length = data == null ? 0 : data.length;
        int at = nameOffset(znode) + nameLength(znode);
        blocks.splice(znode, length(znode), at, dataLength(znode), length);
        setInt(znode, DATA_LENGTH, data == null ? -1 : length);
        if (data != null) {
            System.arraycopy(data, 0, blocks.bytes(znode), blocks.offset(znode) + at, length);
        }
    }

    void setAcl(int znode, int key, int aversion) {
        setAclKey(znode, key);
        ensureShape(znode, CHANGED);
        setInt(znode, AVERSION, aversion);
    }

    void setAclKey(int znode, int key) {
        setInt(znode, ACL_KEY, key);
    }

    void setOwner(int znode, long owner, OwnerKind kind) {
        ensureShape(znode, OWNED);
        setLong(znode, OWNER, owner);
        setInt(znode, PLACE, kind.code << 30);
    }

    void setOwnedIndex(int znode, int index) {
        setInt(znode, PLACE, (getInt(znode, PLACE) & ~PLACE_INDEX_MASK) | index);
    }

    void setPzxid(int znode, long pzxid) {
        family(znode);
        setLong(znode, PZXID, pzxid);
    }

    void setStoredCversion(int znode, int cversion) {
        family(znode);
        setInt(znode, CVERSION, cversion);
    }

    void setDigest(int znode, int digest) {
        setInt(znode, DIGEST, digest);
    }

    private void family(int znode) {
        ensureShape(znode, FAMILY);
    }

    private void ensureShape(int znode, int wanted) {
        int nameAndShape = getInt(znode, NAME_AND_SHAPE);
        int shape = nameAndShape & SHAPE_MASK;
        if (shape >= wanted) {
            return;
        }
        int end = FIELDS_END[shape];
        int length = end + (nameAndShape >>> SHAPE_BITS) + dataLength(znode);
        blocks.splice(znode, length, end, 0, FIELDS_END[wanted] - end);
        setInt(znode, NAME_AND_SHAPE, (nameAndShape & ~SHAPE_MASK) | wanted);
        if (shape < CHANGED) {
            setLong(znode, MZXID, czxid(znode));
            setLong(znode, MTIME, ctime(znode));
            setInt(znode, VERSION, 0);
            setInt(znode, AVERSION, 0);
        }
        if (shape < OWNED && wanted >= OWNED) {
            setLong(znode, OWNER, 0);
            setInt(znode, PLACE, 0);
        }
        if (wanted == FAMILY) {
            setLong(znode, PZXID, czxid(znode));
            setInt(znode, CVERSION, 0);
            setInt(znode, CHILD_COUNT, 0);
            setInt(znode, CHILDREN, 0);
        }
    }

    // Fields.

    private boolean has(int znode, int shape) {
        return (getInt(znode, NAME_AND_SHAPE) & SHAPE_MASK) >= shape;
    }

    private int nameOffset(int znode) {
        byte[] b = blocks.bytes(znode);
        int o = blocks.offset(znode);
        return nameOffset(b, o, (int) INT.get(b, o + NAME_AND_SHAPE));
    }

    private static int nameOffset(byte[] b, int o, int nameAndShape) {
        return switch (nameAndShape & SHAPE_MASK) {
            case LEAF -> LEAF_END;
            case CHANGED -> CHANGED_END;
            case OWNED -> OWNED_END;
            default -> FAMILY_END + 4 * Math.max(0, (int) INT.get(b, o + CHILDREN));
        };
    }

    /// Bytes of the block that are in use.
    private int length(int znode) {
        return nameOffset(znode) + nameLength(znode) + dataLength(znode);
    }

    private int getInt(int znode, int field) {
        return (int) INT.get(blocks.bytes(znode), blocks.offset(znode) + field);
    }

    private void setInt(int znode, int field, int value) {
        INT.set(blocks.bytes(znode), blocks.offset(znode) + field, value);
    }

    private long getLong(int znode, int field) {
        return (long) LONG.get(blocks.bytes(znode), blocks.offset(znode) + field);
    }

    private void setLong(int znode, int field, long value) {
        LONG.set(blocks.bytes(znode), blocks.offset(znode) + field, value);
    }
}
