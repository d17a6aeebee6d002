package io.witan.tree.watch;

import io.witan.tree.table.KeyHash;
import io.witan.tree.table.PathTable;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// All watches of a server, and what each change fires (client-and-disk, sections 5.1 and 5.3).
///
/// The two tables of the specification, data and child, are three here: recursive watches, which it
/// counts among the data watches, are looked up along whole paths and therefore stand alone.
///
/// ```
/// path  -> watched path: set of (watcher, modes)        three tables by path
/// watcher -> the watched paths it is in                 to drop them all when it goes
/// ```
///
/// A set costs about five bytes a watch, the way back about the same: a path that a watcher has
/// left stays in the watcher's list until enough of them can be tidied at once.
///
/// Where nobody watches, a change costs a comparison. One owner thread.
public final class WatchTable {

    static final byte DATA = 0;
    static final byte CHILD = 1;
    static final byte RECURSIVE = 2;

    /// What a watched path costs beside its text, and what a watch on it does; about.
    private static final long PATH_BYTES = 96;

    private static final long WATCH_BYTES = 10;

    private static final WatchedPath[] NO_PATHS = new WatchedPath[0];
    private static final byte[] ROOT = {'/'};

    private final long seed;
    private final PathTable<WatchedPath> data;
    private final PathTable<WatchedPath> child;
    private final PathTable<WatchedPath> recursive;

    /// By watcher id.
    private @Nullable Registration[] registrations = new Registration[16];

    private int registrationsEnd;

    /// Ids below [#registrationsEnd] that are free, a stack.
    private int[] freeIds = new int[16];

    private int freeIdCount;

    /// Watches (path and watcher) of each table, by kind.
    private final long[] watchCounts = new long[3];

    /// Paths that are in both the data and the recursive table.
    private int sharedPaths;

    /// See [#bytes].
    private long bytes;

    /// Number of the step that is firing: a watcher gets at most one event in each.
    private long step;

    /// `seed` is the secret seed of the hash tables.
    public WatchTable(long seed) {
        this.seed = seed;
        data = new PathTable<>(seed);
        child = new PathTable<>(seed);
        recursive = new PathTable<>(seed);
    }

    private static final class Registration {
        final Watcher watcher;

        /// The step in which it last got an event.
        long lastStep;

        /// Every watched path it is in, among others that it was in once.
        WatchedPath[] paths = NO_PATHS;

        int end;

        /// How many it is in.
        int count;

        Registration(Watcher watcher) {
            this.watcher = watcher;
        }
    }

    // Registration of connections.

    /// Gives a watcher its id: a small number, used again after [#unregister].
    public int register(Watcher watcher) {
        int id = freeIdCount > 0 ? freeIds[--freeIdCount] : registrationsEnd++;
        if (id == registrations.length) {
            registrations = Arrays.copyOf(registrations, id * 2);
        }
        registrations[id] = new Registration(watcher);
        return id;
    }

    /// Forgets a watcher and drops all its watches.
    public void unregister(Watcher watcher) {
        int id = watcher.watcherId();
        Registration registration = registration(id);
        for (int i = 0; i < registration.end; i++) {
            WatchedPath path = registration.paths[i];
            if (path.count > 0 && path.remove(id, WatchedPath.MODES)) {
                watchCounts[path.kind]--;
                bytes -= WATCH_BYTES;
                dropIfEmpty(path);
            }
        }
        registrations[id] = null;
        if (freeIdCount == freeIds.length) {
            freeIds = Arrays.copyOf(freeIds, freeIdCount * 2);
        }
        freeIds[freeIdCount++] = id;
    }

    // Setting, checking and removing watches.

    /// A one-shot watch as getData and exists set it.
    public void addData(byte[] buf, int off, int len, Watcher watcher) {
        add(data, DATA, buf, off, len, watcher, WatchedPath.ONE_SHOT);
    }

    /// A one-shot watch as getChildren sets it.
    public void addChild(byte[] buf, int off, int len, Watcher watcher) {
        add(child, CHILD, buf, off, len, watcher, WatchedPath.ONE_SHOT);
    }

    /// addWatch, mode 0.
    public void addPersistent(byte[] buf, int off, int len, Watcher watcher) {
        add(data, DATA, buf, off, len, watcher, WatchedPath.PERSISTENT);
        add(child, CHILD, buf, off, len, watcher, WatchedPath.PERSISTENT);
    }

    /// addWatch, mode 1.
    public void addRecursive(byte[] buf, int off, int len, Watcher watcher) {
        add(recursive, RECURSIVE, buf, off, len, watcher, WatchedPath.PERSISTENT);
    }

    /// Whether the watcher has a watch of this [WatchType] on the path.
    public boolean contains(byte[] buf, int off, int len, Watcher watcher, int type) {
        int id = watcher.watcherId();
        int inData = modes(data, buf, off, len, id);
        int inChild = modes(child, buf, off, len, id);
        int inRecursive = modes(recursive, buf, off, len, id);
        return switch (type) {
            case WatchType.CHILDREN -> (inChild & WatchedPath.ONE_SHOT) != 0;
            case WatchType.DATA -> (inData & WatchedPath.ONE_SHOT) != 0;
            case WatchType.ANY -> (inData | inChild | inRecursive) != 0;
            case WatchType.PERSISTENT -> (inData & WatchedPath.PERSISTENT) != 0;
            case WatchType.PERSISTENT_RECURSIVE -> inRecursive != 0;
            default -> false;
        };
    }

    /// Removes what [#contains] finds. False if there was nothing.
    public boolean remove(byte[] buf, int off, int len, Watcher watcher, int type) {
        if (!contains(buf, off, len, watcher, type)) {
            return false;
        }
        switch (type) {
            case WatchType.CHILDREN -> remove(child, buf, off, len, watcher, WatchedPath.ONE_SHOT);
            case WatchType.DATA -> remove(data, buf, off, len, watcher, WatchedPath.ONE_SHOT);
            case WatchType.ANY -> {
                remove(data, buf, off, len, watcher, WatchedPath.MODES);
                remove(child, buf, off, len, watcher, WatchedPath.MODES);
                remove(recursive, buf, off, len, watcher, WatchedPath.MODES);
            }
            case WatchType.PERSISTENT -> {
                remove(data, buf, off, len, watcher, WatchedPath.PERSISTENT);
                remove(child, buf, off, len, watcher, WatchedPath.PERSISTENT);
            }
            case WatchType.PERSISTENT_RECURSIVE ->
                    remove(recursive, buf, off, len, watcher, WatchedPath.MODES);
            default -> {}
        }
        return true;
    }

    // What changes fire.

    /// A znode was created: NodeCreated to its data watches, NodeChildrenChanged to the parent's
    /// child watches.
    public void created(byte[] path, int aclKey, int parentAclKey, long zxid) {
        if (isEmpty()) {
            return;
        }
        step++;
        fireData(EventType.NODE_CREATED, path, zxid, aclKey);
        fireParent(path, zxid, parentAclKey);
    }

    /// A znode was deleted: NodeDeleted to its data watches, then to those of its child watches
    /// whose watchers have not just got it, then NodeChildrenChanged to the parent's child watches.
    /// `aclKey` is that of the ACL it had.
    public void deleted(byte[] path, int aclKey, int parentAclKey, long zxid) {
        if (isEmpty()) {
            return;
        }
        step++;
        fireData(EventType.NODE_DELETED, path, zxid, aclKey);
        WatchedPath children = child.get(path, 0, path.length);
        if (children != null) {
            fire(children, EventType.NODE_DELETED, path, zxid, aclKey);
        }
        fireParent(path, zxid, parentAclKey);
    }

    /// A znode's data was set: NodeDataChanged to its data watches.
    public void dataChanged(byte[] path, int aclKey, long zxid) {
        if (data.size() == 0 && recursive.size() == 0) {
            return;
        }
        step++;
        fireData(EventType.NODE_DATA_CHANGED, path, zxid, aclKey);
    }

    private void fireData(int type, byte[] path, long zxid, int aclKey) {
        WatchedPath watched = data.get(path, 0, path.length);
        if (watched != null) {
            fire(watched, type, path, zxid, aclKey);
        }
        if (recursive.size() > 0) {
            fireRecursive(type, path, zxid, aclKey);
        }
    }

    /// Recursive watches on the path and all its ancestors, from the root down.
    private void fireRecursive(int type, byte[] path, long zxid, int aclKey) {
        long state = KeyHash.pathStart(seed);
        WatchedPath onRoot = recursive.get(KeyHash.fold(state), ROOT, 0, 1);
        if (onRoot != null) {
            fire(onRoot, type, path, zxid, aclKey);
        }
        int start = 1;
        for (int i = 1; i <= path.length; i++) {
            if (i > start && (i == path.length || path[i] == '/')) {
                state = KeyHash.step(state, path, start, i - start, seed);
                WatchedPath watched = recursive.get(KeyHash.fold(state), path, 0, i);
                if (watched != null) {
                    fire(watched, type, path, zxid, aclKey);
                }
                start = i + 1;
            }
        }
    }

    private void fireParent(byte[] path, long zxid, int parentAclKey) {
        if (child.size() == 0) {
            return;
        }
        int slash = path.length - 1;
        while (slash > 0 && path[slash] != '/') {
            slash--;
        }
        WatchedPath parent = slash == 0 ? child.get(ROOT, 0, 1) : child.get(path, 0, slash);
        if (parent != null) {
            step++;
            fire(parent, EventType.NODE_CHILDREN_CHANGED, parent.path(), zxid, parentAclKey);
        }
    }

    /// Removes the one-shot watches of a set and tells everybody in it who has not been told in
    /// this step.
    private void fire(WatchedPath watched, int type, byte[] path, long zxid, int aclKey) {
        int[] cells = watched.cells;
        int end = watched.end();
        int left = watched.count;
        boolean used = false;
        for (int i = 0; i < end; i++) {
            int cell = cells[i];
            if (cell == 0) {
                continue;
            }
            Registration registration = registration(cell >>> 2);
            if ((cell & WatchedPath.ONE_SHOT) != 0) {
                cells[i] = cell & ~WatchedPath.ONE_SHOT;
                used = true;
                if ((cell & WatchedPath.PERSISTENT) == 0) {
                    registration.count--;
                    left--;
                }
            }
            if (registration.lastStep != step) {
                registration.lastStep = step;
                registration.watcher.event(type, path, zxid, aclKey);
            }
        }
        if (used) {
            watchCounts[watched.kind] -= watched.count - left;
            bytes -= WATCH_BYTES * (watched.count - left);
            watched.sweep(left);
            dropIfEmpty(watched);
        }
    }

    // Counting and showing.

    /// Whether nobody watches anything.
    public boolean isEmpty() {
        return data.size() + child.size() + recursive.size() == 0;
    }

    /// About how much memory all watches take.
    public long bytes() {
        return bytes;
    }

    /// Watches in the data and the child table together.
    public long watchCount() {
        return dataWatchCount() + childWatchCount();
    }

    /// Watches of the data table, the recursive ones included.
    public long dataWatchCount() {
        return watchCounts[DATA] + watchCounts[RECURSIVE];
    }

    public long childWatchCount() {
        return watchCounts[CHILD];
    }

    /// Paths of the data table.
    public int dataPathCount() {
        return data.size() + recursive.size() - sharedPaths;
    }

    public int childPathCount() {
        return child.size();
    }

    /// Watchers with at least one watch in either table.
    public int watchingCount() {
        int n = 0;
        for (int id = 0; id < registrationsEnd; id++) {
            Registration registration = registrations[id];
            n += registration != null && registration.count > 0 ? 1 : 0;
        }
        return n;
    }

    /// Watchers with at least one watch in the data table.
    public int dataWatchingCount() {
        int n = 0;
        for (int id = 0; id < registrationsEnd; id++) {
            Registration registration = registrations[id];
            if (registration != null && isInData(registration, id)) {
                n++;
            }
        }
        return n;
    }

    private static boolean isInData(Registration registration, int id) {
        for (int i = 0; i < registration.end; i++) {
            WatchedPath path = registration.paths[i];
            if (path.kind != CHILD && path.modes(id) != 0) {
                return true;
            }
        }
        return false;
    }

    /// Sees one watch.
    public interface Visitor {
        /// `child`: in the child table, else in the data table.
        void watch(byte[] path, Watcher watcher, boolean child);
    }

    /// Visits all watches, path by path. A watcher that watches a path both recursively and
    /// otherwise is met twice in the data table.
    public void forEach(Visitor visitor) {
        data.forEach(path -> visit(path, visitor));
        recursive.forEach(path -> visit(path, visitor));
        child.forEach(path -> visit(path, visitor));
    }

    /// Visits the watches of one watcher.
    public void forEach(Watcher watcher, Visitor visitor) {
        int id = watcher.watcherId();
        Registration registration = registration(id);
        tidy(registration, id);
        for (int i = 0; i < registration.end; i++) {
            WatchedPath path = registration.paths[i];
            visitor.watch(path.path(), watcher, path.kind == CHILD);
        }
    }

    private void visit(WatchedPath path, Visitor visitor) {
        for (int i = 0; i < path.end(); i++) {
            int cell = path.cells[i];
            if (cell != 0) {
                visitor.watch(path.path(), registration(cell >>> 2).watcher, path.kind == CHILD);
            }
        }
    }

    // The tables.

    private void add(
            PathTable<WatchedPath> table,
            byte kind,
            byte[] buf,
            int off,
            int len,
            Watcher watcher,
            int mode) {
        int id = watcher.watcherId();
        Registration registration = registration(id);
        int hash = table.hash(buf, off, len);
        WatchedPath watched = table.get(hash, buf, off, len);
        if (watched == null) {
            watched = new WatchedPath(Arrays.copyOfRange(buf, off, off + len), kind);
            table.add(hash, watched);
            bytes += PATH_BYTES + len;
            if (isShared(watched)) {
                sharedPaths++;
            }
        }
        if (watched.add(id, mode)) {
            watchCounts[kind]++;
            bytes += WATCH_BYTES;
            remember(registration, id, watched);
        }
    }

    private static int modes(PathTable<WatchedPath> table, byte[] buf, int off, int len, int id) {
        WatchedPath watched = table.get(buf, off, len);
        return watched == null ? 0 : watched.modes(id);
    }

    private void remove(
            PathTable<WatchedPath> table,
            byte[] buf,
            int off,
            int len,
            Watcher watcher,
            int modes) {
        WatchedPath watched = table.get(buf, off, len);
        if (watched != null && watched.remove(watcher.watcherId(), modes)) {
            watchCounts[watched.kind]--;
            bytes -= WATCH_BYTES;
            registration(watcher.watcherId()).count--;
            dropIfEmpty(watched);
        }
    }

    private void dropIfEmpty(WatchedPath watched) {
        if (watched.count > 0) {
            return;
        }
        bytes -= PATH_BYTES + watched.path().length;
        if (isShared(watched)) {
            sharedPaths--;
        }
        switch (watched.kind) {
            case DATA -> data.remove(watched);
            case CHILD -> child.remove(watched);
            default -> recursive.remove(watched);
        }
    }

    /// Whether the same path is in both the data and the recursive table.
    private boolean isShared(WatchedPath watched) {
        byte[] path = watched.path();
        return switch (watched.kind) {
            case DATA -> recursive.get(path, 0, path.length) != null;
            case CHILD -> false;
            default -> data.get(path, 0, path.length) != null;
        };
    }

    private void remember(Registration registration, int id, WatchedPath watched) {
        if (registration.end == registration.paths.length) {
            if (registration.end > 8 && registration.end > registration.count * 2) {
                tidy(registration, id);
            }
            int end = registration.end;
            if (end == registration.paths.length) {
                registration.paths =
                        Arrays.copyOf(registration.paths, end < 4 ? end + 1 : end + end / 4 + 1);
            }
        }
        registration.paths[registration.end++] = watched;
        registration.count++;
    }

    /// Leaves in a watcher's list the paths that it is in, each once.
    private void tidy(Registration registration, int id) {
        int n = 0;
        WatchedPath[] paths = registration.paths;
        for (int i = 0; i < registration.end; i++) {
            WatchedPath path = paths[i];
            if (!path.marked && path.modes(id) != 0) {
                path.marked = true;
                paths[n++] = path;
            }
        }
        for (int i = 0; i < n; i++) {
            paths[i].marked = false;
        }
        Arrays.fill(paths, n, registration.end, null);
        registration.end = n;
        if (n < paths.length / 2) {
            registration.paths = Arrays.copyOf(paths, n + n / 4 + 1);
        }
    }

    private Registration registration(int id) {
        Registration registration = registrations[id];
        if (registration == null) {
            throw new IllegalStateException("watcher " + id + " is not registered");
        }
        return registration;
    }
}
