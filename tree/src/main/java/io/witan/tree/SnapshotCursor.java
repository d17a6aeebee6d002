package io.witan.tree;

import io.witan.tree.table.KeyHash;
import io.witan.tree.table.NameTable;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;

/// The tree exactly as it was when [ZnodeTree#snapshot] was called, as the node stream of a
/// snapshot file (client-and-disk, section 9.4), produced in slices while the tree changes.
///
/// The cursor goes through the tree depth first, the children of each znode in the order of their
/// names' hashes (then of the names). That order depends on nothing that can change, so for every
/// znode it is known, by comparing its path with the cursor's, whether the cursor has passed it:
///
/// ```
///                 root
///        /          |         \
///      passed    on the way   not yet reached
///               /    |    \
///          passed  cursor  not yet reached
/// ```
///
/// The tree tells the cursor before a znode changes or goes ([#preserve]): if the cursor has not
/// reached it, its image is written first, that of its ancestors before it, and the znode is noted
/// as done. A znode that is created ahead of the cursor ([#added]) is noted as done at once. So
/// each znode of the state is written once, as it was, and parents before children; and a change of
/// a znode costs at most one image, however often it changes.
///
/// Memory: the images not yet taken out by [#advance], a reference for each znode changed ahead of
/// the cursor, and the way down to it. An image is what the znode was, not yet its encoding: so the
/// first change deep down in a tree that was not reached yet costs no more than the line of its
/// ancestors.
public final class SnapshotCursor {

    private final ZnodeTree tree;
    private final long seed;
    private final long zxid;
    private final long digest;
    private final int znodeCount;

    /// Sessions and ACL table, encoded at the start.
    private final byte[] header;

    /// Images made because a znode was about to change; written out before anything else.
    private final ArrayDeque<Image> images = new ArrayDeque<>();

    /// Znodes ahead of the cursor that need no image any more.
    private final ZnodeSet done;

    /// The way from the root to where the cursor is, `frames[0 .. depth)`. Empty before the start
    /// and after the end.
    private Frame[] frames = new Frame[8];

    private int depth;
    private State state = State.NEW;

    /// Path of the top frame's znode.
    private byte[] path = new byte[64];

    private int pathLength;
    private long[] order = new long[16];

    private enum State {
        NEW,
        UNDER_WAY,
        COMPLETE,
        ABORTED
    }

    /// A znode as it was before it changed. Its path it keeps also when it is deleted.
    private record Image(
            Znode znode,
            byte @Nullable [] data,
            int aclKey,
            long mzxid,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long pzxid) {

        static Image of(Znode znode) {
            return new Image(
                    znode,
                    znode.data(),
                    znode.aclKey(),
                    znode.mzxid(),
                    znode.mtime(),
                    znode.version(),
                    znode.storedCversion(),
                    znode.aversion(),
                    znode.pzxid());
        }

        void write(JuteWriter out) {
            znode.writePath(out);
            out.writeBuffer(data);
            out.writeLong(aclKey);
            out.writeLong(znode.czxid()).writeLong(mzxid);
            out.writeLong(znode.ctime()).writeLong(mtime);
            out.writeInt(version).writeInt(cversion).writeInt(aversion);
            out.writeLong(znode.storedOwner()).writeLong(pzxid);
        }
    }

    /// A znode on the way down and how far the cursor has come among its children.
    private static final class Frame {
        Znode znode;

        /// Hash and name of the last child the cursor has gone to; name null if none yet.
        int lastHash;

        byte @Nullable [] lastName;

        /// Children to go to next, in order; those since deleted have been written by then.
        @Nullable Znode[] batch = NO_BATCH;

        int batchNext;
        int batchEnd;

        /// Unsigned hash from which the next batch starts; 2^32 if there is none.
        long nextHash;

        Frame(Znode znode) {
            this.znode = znode;
        }
    }

    private static final Znode[] NO_BATCH = new Znode[0];
    private static final long HASH_END = 1L << 32;

    SnapshotCursor(ZnodeTree tree) {
        this.tree = tree;
        this.seed = tree.settings().hashSeed();
        this.zxid = tree.lastZxid();
        this.digest = tree.digest();
        this.znodeCount = tree.znodeCount();
        this.done = new ZnodeSet(znodeCount);
        var out = new JuteWriter(64 + 12 * tree.sessions().count());
        out.writeInt(tree.sessions().count());
        tree.sessions().forEach((id, timeout) -> out.writeLong(id).writeInt(timeout));
        tree.acls().write(out);
        this.header = out.toByteArray();
    }

    /// The zxid that this is the state of.
    public long zxid() {
        return zxid;
    }

    /// The tree digest of this state; 0 where digests are off.
    public long digest() {
        return digest;
    }

    /// Whether digests are kept.
    public boolean hasDigest() {
        return tree.settings().digest();
    }

    /// How many znodes [#advance] writes in all.
    public int znodeCount() {
        return znodeCount;
    }

    /// Writes sessions and ACL table, which stand before the node stream.
    public void header(JuteWriter out) {
        out.writeRaw(header, 0, header.length);
    }

    /// Images that wait for the next [#advance]. They grow with the first change of each znode
    /// ahead of the cursor; at the worst, if nobody ever advances, to the number of znodes.
    public int pendingImages() {
        return images.size();
    }

    public boolean isComplete() {
        return state == State.COMPLETE;
    }

    public boolean isAborted() {
        return state == State.ABORTED;
    }

    /// Appends encoded znodes until about `bytesMax` more bytes are in `out` (at most one znode
    /// beyond it). True when that was the last of them; the end mark "/" is the caller's.
    public boolean advance(JuteWriter out, int bytesMax) {
        if (state == State.ABORTED) {
            throw new IllegalStateException("this snapshot was aborted");
        }
        int start = out.length();
        for (Image image = images.peek(); image != null; image = images.peek()) {
            if (out.length() - start >= bytesMax) {
                return false;
            }
            image.write(out);
            images.remove();
        }
        if (state == State.NEW) {
            state = State.UNDER_WAY;
            Znode root = tree.root();
            if (!done.remove(root)) {
                write(out, root, path, 0);
            }
            push(root);
        }
        while (depth > 0) {
            if (out.length() - start >= bytesMax) {
                return false;
            }
            step(out);
        }
        if (state == State.UNDER_WAY) {
            finish(State.COMPLETE);
        }
        return true;
    }

    /// Ends this snapshot; changes cost nothing more. Does nothing if it is complete.
    public void abort() {
        if (state != State.COMPLETE && state != State.ABORTED) {
            finish(State.ABORTED);
            images.clear();
        }
    }

    private void finish(State end) {
        state = end;
        depth = 0;
        frames = new Frame[0];
        done.clear();
        tree.close(this);
    }

    // Told by the tree.

    /// A znode is about to change or to be deleted; it still has its place in the tree.
    void preserve(Znode znode) {
        if (done.contains(znode)) {
            return;
        }
        Znode top = firstAhead(znode);
        if (top == null) {
            return;
        }
        // From the topmost ancestor ahead of the cursor, or the first below one that is done, down.
        int count = 1;
        for (Znode z = znode; z != top; z = above(z)) {
            if (done.contains(above(z))) {
                break;
            }
            count++;
        }
        Znode[] line = new Znode[count];
        Znode z = znode;
        while (true) {
            line[--count] = z;
            if (count == 0) {
                break;
            }
            z = above(z);
        }
        for (Znode ahead : line) {
            images.add(Image.of(ahead));
            done.add(ahead);
        }
    }

    private static Znode above(Znode znode) {
        return Objects.requireNonNull(znode.parent());
    }

    /// A znode was created.
    void added(Znode znode) {
        if (firstAhead(znode) != null) {
            done.add(znode);
        }
    }

    /// A znode has been deleted, after it was preserved.
    void removed(Znode znode) {
        done.remove(znode);
    }

    /// The topmost of the znode and its ancestors that the cursor has not come to yet; null if it
    /// has been at the znode's place itself.
    private @Nullable Znode firstAhead(Znode znode) {
        if (depth == 0) {
            return state == State.NEW ? tree.root() : null;
        }
        int level = 0;
        for (Znode p = znode.parent(); p != null; p = p.parent()) {
            level++;
        }
        Znode below = null;
        Znode at = znode;
        while (level >= depth || frames[level].znode != at) {
            below = at;
            at = above(at);
            level--;
        }
        if (below == null) {
            return null;
        }
        Frame frame = frames[level];
        byte[] lastName = frame.lastName;
        if (lastName == null) {
            return below;
        }
        byte[] name = below.name();
        int hash = KeyHash.name(name, 0, name.length, seed);
        int compared = Integer.compareUnsigned(hash, frame.lastHash);
        if (compared == 0) {
            compared = Arrays.compareUnsigned(name, lastName);
        }
        return compared > 0 ? below : null;
    }

    // Going through the tree.

    private void step(JuteWriter out) {
        Frame frame = frames[depth - 1];
        if (frame.batchNext == frame.batchEnd) {
            if (frame.nextHash == HASH_END) {
                pop();
            } else {
                loadBatch(frame);
            }
            return;
        }
        Znode child = frame.batch[frame.batchNext];
        frame.batch[frame.batchNext++] = null;
        byte[] name = child.name();
        frame.lastName = name;
        frame.lastHash = KeyHash.name(name, 0, name.length, seed);
        if (child.isDeleted()) {
            return;
        }
        boolean written = done.remove(child);
        if (written && child.childCount() == 0) {
            return;
        }
        int length = pathLength + 1 + name.length;
        if (length > path.length) {
            path = Arrays.copyOf(path, Math.max(length, path.length * 2));
        }
        path[pathLength] = '/';
        System.arraycopy(name, 0, path, pathLength + 1, name.length);
        if (!written) {
            write(out, child, path, length);
        }
        if (child.childCount() > 0) {
            pathLength = length;
            push(child);
        }
    }

    private void push(Znode znode) {
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
        }
        Frame frame = frames[depth];
        if (frame == null) {
            frame = new Frame(znode);
            frames[depth] = frame;
        } else {
            frame.znode = znode;
            frame.lastName = null;
            frame.nextHash = 0;
        }
        depth++;
    }

    private void pop() {
        depth--;
        int nameLength = frames[depth].znode.name().length;
        pathLength -= nameLength == 0 ? 0 : nameLength + 1;
    }

    /// The next children, in order: all of them if they are few, else those of one segment of their
    /// table. Znodes that come into that segment later need not be gone to, those that leave are
    /// marked as deleted.
    private void loadBatch(Frame frame) {
        Znode parent = frame.znode;
        long from = frame.nextHash;
        frame.batchNext = 0;
        frame.batchEnd = 0;
        NameTable<Znode> table = parent.childTable();
        if (table == null) {
            frame.nextHash = HASH_END;
            parent.forEachChild(child -> addToBatch(frame, child, from));
        } else {
            frame.nextHash = table.segmentEnd((int) from);
            table.forEachInSegment((int) from, child -> addToBatch(frame, child, from));
        }
        if (frame.batchEnd > 1) {
            sort(frame);
        }
    }

    private void addToBatch(Frame frame, Znode child, long from) {
        byte[] name = child.name();
        long hash = KeyHash.name(name, 0, name.length, seed) & 0xFFFF_FFFFL;
        if (hash < from) {
            return;
        }
        int n = frame.batchEnd++;
        if (n == frame.batch.length) {
            frame.batch = Arrays.copyOf(frame.batch, n == 0 ? 1 : n * 2);
        }
        if (n >= order.length) {
            order = Arrays.copyOf(order, n * 2);
        }
        frame.batch[n] = child;
        order[n] = hash << 31 | n;
    }

    /// By hash, then by name.
    private void sort(Frame frame) {
        int n = frame.batchEnd;
        Arrays.sort(order, 0, n);
        Znode[] sorted = new Znode[frame.batch.length];
        for (int i = 0; i < n; i++) {
            Znode znode = frame.batch[(int) order[i] & Integer.MAX_VALUE];
            int place = i;
            while (place > 0
                    && order[place - 1] >>> 31 == order[i] >>> 31
                    && Arrays.compareUnsigned(sorted[place - 1].name(), znode.name()) > 0) {
                sorted[place] = sorted[place - 1];
                place--;
            }
            sorted[place] = znode;
        }
        frame.batch = sorted;
    }

    private static void write(JuteWriter out, Znode znode, byte[] path, int pathLength) {
        out.writeBuffer(path, 0, pathLength);
        out.writeBuffer(znode.data());
        out.writeLong(znode.aclKey());
        znode.writeStoredStat(out);
    }
}
