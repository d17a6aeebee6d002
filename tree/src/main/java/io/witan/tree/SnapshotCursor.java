package io.witan.tree;

import io.witan.tree.table.KeyHash;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;

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
/// Memory: the images not yet taken out by [#advance], a bit for each znode, and the way down to
/// the cursor. An image is what the znode was, its data included, but not its path: so the first
/// change deep down in a tree that was not reached yet costs no more than the line of its
/// ancestors. The tree keeps what is deleted meanwhile, and with it the paths, until no cursor
/// needs it.
public final class SnapshotCursor {

    private final ZnodeTree tree;
    private final Znodes znodes;
    private final long seed;
    private final long zxid;
    private final long digest;
    private final int znodeCount;

    /// How many znodes had been buried when this began; their numbers mean nothing to it.
    private final long buriedBefore;

    /// Sessions and ACL table, encoded at the start.
    private final byte[] header;

    /// Images made because a znode was about to change; written out before anything else.
    private final ArrayDeque<Image> images = new ArrayDeque<>();

    private long imageBytes;

    /// Znodes ahead of the cursor that need no image any more.
    private final NumberSet done = new NumberSet();

    /// The way from the root to where the cursor is, `frames[0 .. depth)`. Empty before the start
    /// and after the end.
    private Frame[] frames = new Frame[8];

    private int depth;
    private State state = State.NEW;

    /// Path of the top frame's znode.
    private byte[] path = new byte[64];

    private int pathLength;
    private long[] order = new long[16];

    /// Its number, twice; its block is counted as the image that it mostly is.
    private static final int BURIED_BYTES = 8;

    private enum State {
        NEW,
        UNDER_WAY,
        COMPLETE,
        ABORTED
    }

    /// A znode as it was before it changed. Its path it keeps also when it is deleted.
    private record Image(
            int znode,
            byte @Nullable [] data,
            int aclKey,
            long mzxid,
            long mtime,
            int version,
            int cversion,
            int aversion,
            long pzxid) {

        /// Of memory, about.
        int bytes() {
            return 128 + (data == null ? 0 : data.length);
        }

        static Image of(Znodes znodes, int znode) {
            return new Image(
                    znode,
                    znodes.data(znode),
                    znodes.aclKey(znode),
                    znodes.mzxid(znode),
                    znodes.mtime(znode),
                    znodes.version(znode),
                    znodes.storedCversion(znode),
                    znodes.aversion(znode),
                    znodes.pzxid(znode));
        }

        void write(Znodes znodes, JuteWriter out) {
            znodes.writePath(znode, out);
            out.writeBuffer(data);
            out.writeLong(aclKey);
            out.writeLong(znodes.czxid(znode)).writeLong(mzxid);
            out.writeLong(znodes.ctime(znode)).writeLong(mtime);
            out.writeInt(version).writeInt(cversion).writeInt(aversion);
            out.writeLong(znodes.storedOwner(znode)).writeLong(pzxid);
        }
    }

    /// A znode on the way down and how far the cursor has come among its children.
    private static final class Frame {
        int znode;

        /// What the path is longer by than that of the frame above.
        int pathBytes;

        /// Hash and name of the last child the cursor has gone to; length -1 if none yet.
        int lastHash;

        byte[] lastName = new byte[16];
        int lastNameLength;

        /// Children to go to next, in order; those since deleted have been written by then.
        int[] batch = NO_BATCH;

        int batchNext;
        int batchEnd;

        /// Unsigned hash from which the next batch starts; 2^32 if there is none.
        long nextHash;
    }

    private static final int[] NO_BATCH = {};
    private static final long HASH_END = 1L << 32;

    SnapshotCursor(ZnodeTree tree) {
        this.tree = tree;
        this.znodes = tree.znodes();
        this.seed = tree.settings().hashSeed();
        this.zxid = tree.lastZxid();
        this.digest = tree.digest();
        this.znodeCount = tree.znodeCount();
        this.buriedBefore = tree.buriedEver();
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

    /// Bytes of memory that are held for this, about, because the tree has changed meanwhile:
    /// images and what was deleted.
    public long pendingBytes() {
        return imageBytes + BURIED_BYTES * (tree.buriedEver() - buriedBefore);
    }

    long buriedBefore() {
        return buriedBefore;
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
            image.write(znodes, out);
            images.remove();
            imageBytes -= image.bytes();
        }
        if (state == State.NEW) {
            state = State.UNDER_WAY;
            int root = tree.rootNumber();
            if (!done.remove(root)) {
                write(out, root, path, 0);
            }
            push(root, 0);
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
            imageBytes = 0;
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
    void preserve(int znode) {
        if (done.contains(znode)) {
            return;
        }
        int top = firstAhead(znode);
        if (top == Znodes.NONE) {
            return;
        }
        // From the topmost ancestor ahead of the cursor, or the first below one that is done, down.
        int count = 1;
        for (int z = znode; z != top; z = znodes.parent(z)) {
            if (done.contains(znodes.parent(z))) {
                break;
            }
            count++;
        }
        int[] line = new int[count];
        int z = znode;
        while (true) {
            line[--count] = z;
            if (count == 0) {
                break;
            }
            z = znodes.parent(z);
        }
        for (int ahead : line) {
            Image image = Image.of(znodes, ahead);
            images.add(image);
            imageBytes += image.bytes();
            done.add(ahead);
        }
    }

    /// A znode was created.
    void added(int znode) {
        if (firstAhead(znode) != Znodes.NONE) {
            done.add(znode);
        }
    }

    /// A znode has been deleted, after it was preserved. Its number is given to no other as long as
    /// this cursor goes on.
    void removed(int znode) {
        done.remove(znode);
    }

    /// The topmost of the znode and its ancestors that the cursor has not come to yet; none if it
    /// has been at the znode's place itself.
    private int firstAhead(int znode) {
        if (depth == 0) {
            return state == State.NEW ? tree.rootNumber() : Znodes.NONE;
        }
        int level = 0;
        for (int p = znodes.parent(znode); p != Znodes.NONE; p = znodes.parent(p)) {
            level++;
        }
        int below = Znodes.NONE;
        int at = znode;
        while (level >= depth || frames[level].znode != at) {
            below = at;
            at = znodes.parent(at);
            level--;
        }
        if (below == Znodes.NONE) {
            return Znodes.NONE;
        }
        Frame frame = frames[level];
        if (frame.lastNameLength < 0) {
            return below;
        }
        int compared = Integer.compareUnsigned(znodes.nameHash(below), frame.lastHash);
        if (compared == 0) {
            compared = znodes.compareName(below, frame.lastName, 0, frame.lastNameLength);
        }
        return compared > 0 ? below : Znodes.NONE;
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
        int child = frame.batch[frame.batchNext++];
        if (znodes.isDeleted(child)) {
            return;
        }
        int nameLength = znodes.nameLength(child);
        if (nameLength > frame.lastName.length) {
            frame.lastName = new byte[nameLength * 2];
        }
        znodes.copyName(child, frame.lastName, 0);
        frame.lastNameLength = nameLength;
        frame.lastHash = KeyHash.name(frame.lastName, 0, nameLength, seed);
        boolean written = done.remove(child);
        boolean hasChildren = znodes.childCount(child) > 0;
        if (written && !hasChildren) {
            return;
        }
        int length = pathLength + 1 + nameLength;
        if (length > path.length) {
            path = Arrays.copyOf(path, Math.max(length, path.length * 2));
        }
        path[pathLength] = '/';
        System.arraycopy(frame.lastName, 0, path, pathLength + 1, nameLength);
        if (!written) {
            write(out, child, path, length);
        }
        if (hasChildren) {
            push(child, 1 + nameLength);
        }
    }

    private void push(int znode, int pathBytes) {
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
        }
        Frame frame = frames[depth];
        if (frame == null) {
            frame = new Frame();
            frames[depth] = frame;
        }
        frame.znode = znode;
        frame.pathBytes = pathBytes;
        frame.lastNameLength = -1;
        frame.batchNext = 0;
        frame.batchEnd = 0;
        frame.nextHash = 0;
        pathLength += pathBytes;
        depth++;
    }

    private void pop() {
        depth--;
        pathLength -= frames[depth].pathBytes;
    }

    /// The next children, in order: all of them if they are few, else those of one segment of their
    /// table. Znodes that come into that segment later need not be gone to, those that leave are
    /// marked as deleted.
    private void loadBatch(Frame frame) {
        int parent = frame.znode;
        long from = frame.nextHash;
        frame.batchNext = 0;
        frame.batchEnd = 0;
        if (znodes.isDeleted(parent)) {
            frame.nextHash = HASH_END;
            return;
        }
        Znodes.Children table = znodes.childTable(parent);
        if (table == null) {
            frame.nextHash = HASH_END;
            znodes.forEachChild(parent, child -> addToBatch(frame, child, from));
        } else {
            frame.nextHash = table.segmentEnd((int) from);
            table.forEachInSegment((int) from, child -> addToBatch(frame, child, from));
        }
        if (frame.batchEnd > 1) {
            sort(frame);
        }
    }

    private void addToBatch(Frame frame, int child, long from) {
        long hash = znodes.nameHash(child) & 0xFFFF_FFFFL;
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
        int[] sorted = new int[frame.batch.length];
        for (int i = 0; i < n; i++) {
            int znode = frame.batch[(int) order[i] & Integer.MAX_VALUE];
            int place = i;
            while (place > 0
                    && order[place - 1] >>> 31 == order[i] >>> 31
                    && znodes.compareNames(sorted[place - 1], znode) > 0) {
                sorted[place] = sorted[place - 1];
                place--;
            }
            sorted[place] = znode;
        }
        frame.batch = sorted;
    }

    private void write(JuteWriter out, int znode, byte[] path, int pathLength) {
        out.writeBuffer(path, 0, pathLength);
        znodes.writeData(znode, out);
        out.writeLong(znodes.aclKey(znode));
        znodes.writeStoredStat(znode, out);
    }
}
