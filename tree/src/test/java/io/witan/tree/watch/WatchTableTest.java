package io.witan.tree.watch;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// Sections 5.1 and 5.3 of the specification.
class WatchTableTest {

    private final WatchTable table = new WatchTable(11);

    /// A connection that writes down what it hears.
    private final class Connection implements Watcher {
        private final int id = table.register(this);
        final List<String> heard = new ArrayList<>();

        @Override
        public int watcherId() {
            return id;
        }

        @Override
        public void event(int type, byte[] path, long zxid, int aclKey) {
            String name =
                    switch (type) {
                        case EventType.NODE_CREATED -> "created";
                        case EventType.NODE_DELETED -> "deleted";
                        case EventType.NODE_DATA_CHANGED -> "data";
                        default -> "children";
                    };
            heard.add(name + " " + new String(path, UTF_8) + " " + zxid + " acl " + aclKey);
        }

        void data(String path) {
            table.addData(bytes(path), 0, path.length(), this);
        }

        void child(String path) {
            table.addChild(bytes(path), 0, path.length(), this);
        }

        void persistent(String path) {
            table.addPersistent(bytes(path), 0, path.length(), this);
        }

        void recursive(String path) {
            table.addRecursive(bytes(path), 0, path.length(), this);
        }

        boolean has(String path, int type) {
            return table.contains(bytes(path), 0, path.length(), this, type);
        }

        boolean remove(String path, int type) {
            return table.remove(bytes(path), 0, path.length(), this, type);
        }
    }

    private final Connection c = new Connection();

    @Test
    void a_one_shot_data_watch_fires_once() {
        c.data("/a");

        table.dataChanged(bytes("/a"), 3, 10);
        table.dataChanged(bytes("/a"), 3, 11);

        assertThat(c.heard).containsExactly("data /a 10 acl 3");
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void a_created_child_is_told_to_its_own_and_its_parents_watches() {
        c.data("/a/b");
        c.child("/a");
        c.data("/a");

        table.created(bytes("/a/b"), 4, 5, 10);

        assertThat(c.heard).containsExactly("created /a/b 10 acl 4", "children /a 10 acl 5");
        assertThat(c.has("/a", WatchType.DATA)).isTrue();
    }

    @Test
    void the_parent_of_a_top_level_znode_is_the_root() {
        c.child("/");

        table.created(bytes("/a"), 4, 5, 10);

        assertThat(c.heard).containsExactly("children / 10 acl 5");
    }

    @Test
    void a_deletion_is_told_once_to_a_watcher_of_both_data_and_children() {
        c.data("/a");
        c.child("/a");
        var other = new Connection();
        other.child("/a");

        table.deleted(bytes("/a"), 4, 5, 10);

        assertThat(c.heard).containsExactly("deleted /a 10 acl 4");
        assertThat(other.heard).containsExactly("deleted /a 10 acl 4");
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void a_persistent_watch_stays_and_hears_of_data_and_children() {
        c.persistent("/a");

        table.dataChanged(bytes("/a"), 1, 10);
        table.created(bytes("/a/b"), 1, 2, 11);
        table.dataChanged(bytes("/a/b"), 1, 12);
        table.deleted(bytes("/a/b"), 1, 2, 13);
        table.deleted(bytes("/a"), 1, 2, 14);

        assertThat(c.heard)
                .containsExactly(
                        "data /a 10 acl 1",
                        "children /a 11 acl 2",
                        "children /a 13 acl 2",
                        "deleted /a 14 acl 1");
        assertThat(c.has("/a", WatchType.PERSISTENT)).isTrue();
        assertThat(c.has("/a", WatchType.CHILDREN)).isFalse();
        assertThat(c.has("/a", WatchType.DATA)).isFalse();
        assertThat(c.has("/a", WatchType.ANY)).isTrue();
    }

    @Test
    void a_recursive_watch_hears_of_everything_below_but_not_of_children_lists() {
        c.recursive("/a");

        table.created(bytes("/a/b"), 1, 2, 10);
        table.created(bytes("/a/b/c"), 1, 2, 11);
        table.dataChanged(bytes("/a"), 1, 12);
        table.dataChanged(bytes("/ab"), 1, 13);
        table.deleted(bytes("/a/b/c"), 1, 2, 14);

        assertThat(c.heard)
                .containsExactly(
                        "created /a/b 10 acl 1",
                        "created /a/b/c 11 acl 1",
                        "data /a 12 acl 1",
                        "deleted /a/b/c 14 acl 1");
    }

    @Test
    void recursive_on_the_root_hears_of_all() {
        c.recursive("/");

        table.dataChanged(bytes("/"), 1, 10);
        table.created(bytes("/x"), 1, 2, 11);

        assertThat(c.heard).containsExactly("data / 10 acl 1", "created /x 11 acl 1");
    }

    @Test
    void several_matching_watches_give_one_event() {
        c.recursive("/");
        c.recursive("/a");
        c.recursive("/a/b");
        c.persistent("/a/b");
        c.data("/a/b");

        table.dataChanged(bytes("/a/b"), 1, 10);

        assertThat(c.heard).containsExactly("data /a/b 10 acl 1");
        assertThat(c.has("/a/b", WatchType.DATA)).isFalse();
        assertThat(c.has("/a/b", WatchType.PERSISTENT)).isTrue();
        assertThat(c.has("/a/b", WatchType.PERSISTENT_RECURSIVE)).isTrue();
    }

    @Test
    void removing_a_kind_leaves_the_others() {
        c.data("/a");
        c.child("/a");
        c.persistent("/a");
        c.recursive("/a");

        assertThat(c.remove("/a", WatchType.CHILDREN)).isTrue();
        assertThat(c.remove("/a", WatchType.CHILDREN)).isFalse();
        assertThat(c.has("/a", WatchType.DATA)).isTrue();
        assertThat(c.remove("/a", WatchType.PERSISTENT)).isTrue();
        assertThat(c.has("/a", WatchType.PERSISTENT)).isFalse();
        assertThat(c.remove("/a", WatchType.ANY)).isTrue();
        assertThat(c.remove("/a", WatchType.ANY)).isFalse();
        assertThat(c.remove("/a", 77)).isFalse();
        assertThat(table.isEmpty()).isTrue();
    }

    @Test
    void a_connection_that_goes_leaves_nothing_and_its_id_is_used_again() {
        c.data("/a");
        c.recursive("/a");
        c.child("/b");
        int id = c.watcherId();

        table.unregister(c);

        assertThat(table.isEmpty()).isTrue();
        assertThat(table.watchCount()).isZero();
        assertThat(new Connection().watcherId()).isEqualTo(id);
    }

    @Test
    void it_counts_watches_paths_and_watchers() {
        var d = new Connection();
        c.data("/a");
        c.data("/a");
        c.recursive("/a");
        c.persistent("/b");
        d.child("/c");

        assertThat(table.dataWatchCount()).isEqualTo(3);
        assertThat(table.childWatchCount()).isEqualTo(2);
        assertThat(table.dataPathCount()).isEqualTo(2);
        assertThat(table.childPathCount()).isEqualTo(2);
        assertThat(table.watchingCount()).isEqualTo(2);
        assertThat(table.dataWatchingCount()).isEqualTo(1);
    }

    @Test
    void a_path_with_half_a_million_components_is_matched_in_one_pass() {
        c.recursive("/");
        byte[] path = "/x".repeat(500_000).getBytes(UTF_8);

        table.created(path, 1, 2, 10);

        assertThat(c.heard).hasSize(1);
    }

    // Against the dumbest model.

    /// Sets of (table, path, mode) for each connection.
    private record Watch(String table, String path, String mode) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void it_does_what_sets_of_watches_do(long seed) {
        var random = new SplittableRandom(seed);
        String[] paths = {"/", "/a", "/a/b", "/a/b/c", "/a/c", "/d", "/d/e", "no/slash", "/a/", ""};
        var connections = new TreeMap<Integer, Connection>();
        var model = new TreeMap<Integer, Set<Watch>>();
        var expected = new TreeMap<Integer, List<String>>();
        for (int step = 0; step < 4000; step++) {
            int kind = random.nextInt(100);
            String path = paths[random.nextInt(paths.length)];
            if ((kind < 5 && connections.size() < 60) || connections.isEmpty()) {
                var fresh = new Connection();
                connections.put(fresh.id, fresh);
                model.put(fresh.id, new LinkedHashSet<>());
                expected.put(fresh.id, new ArrayList<>());
                continue;
            }
            Connection any =
                    new ArrayList<>(connections.values()).get(random.nextInt(connections.size()));
            Set<Watch> watches = java.util.Objects.requireNonNull(model.get(any.id));
            if (kind < 7) {
                assertThat(any.heard).isEqualTo(expected.get(any.id));
                table.unregister(any);
                connections.remove(any.id);
                model.remove(any.id);
                expected.remove(any.id);
            } else if (kind < 30) {
                any.data(path);
                watches.add(new Watch("data", path, "once"));
            } else if (kind < 50) {
                any.child(path);
                watches.add(new Watch("child", path, "once"));
            } else if (kind < 56) {
                any.persistent(path);
                watches.add(new Watch("data", path, "persistent"));
                watches.add(new Watch("child", path, "persistent"));
            } else if (kind < 60) {
                any.recursive(path);
                watches.add(new Watch("data", path, "recursive"));
            } else if (kind < 75) {
                int type = random.nextInt(1, 6);
                boolean found = watches.stream().anyMatch(w -> isType(w, path, type, true));
                assertThat(any.has(path, type)).isEqualTo(found);
                assertThat(any.remove(path, type)).isEqualTo(found);
                if (found) {
                    watches.removeIf(w -> isType(w, path, type, false));
                }
            } else if (path.startsWith("/") && (path.length() == 1 || !path.endsWith("/"))) {
                fire(path, path.length() == 1 ? 2 : random.nextInt(3), step, model, expected);
            }
        }
        connections.forEach((id, x) -> assertThat(x.heard).isEqualTo(expected.get(id)));
        long dataWatches = pairs(model, "data");
        assertThat(table.childWatchCount()).isEqualTo(pairs(model, "child"));
        assertThat(table.dataWatchCount()).isGreaterThanOrEqualTo(dataWatches);
        var dataPaths = new TreeSet<String>();
        model.values()
                .forEach(set ->
                        set.stream()
                                .filter(w -> w.table.equals("data"))
                                .forEach(w -> dataPaths.add(w.path)));
        assertThat(table.dataPathCount()).isEqualTo(dataPaths.size());
        assertThat(table.watchingCount())
                .isEqualTo((int) model.values().stream().filter(s -> !s.isEmpty()).count());
        var visited = new TreeSet<String>();
        table.forEach((path, watcher, child) ->
                visited.add(watcher.watcherId() + (child ? " child " : " data ") + text(path)));
        var wanted = new TreeSet<String>();
        model.forEach((id, set) -> set.forEach(w -> wanted.add(id + " " + w.table + " " + w.path)));
        assertThat(visited).isEqualTo(wanted);
        var visitedByWatcher = new TreeSet<String>();
        connections
                .values()
                .forEach(x ->
                        table.forEach(
                                x,
                                (path, watcher, child) ->
                                        visitedByWatcher.add(
                                                x.id
                                                        + (child ? " child " : " data ")
                                                        + text(path))));
        assertThat(visitedByWatcher).isEqualTo(wanted);
        connections.values().forEach(table::unregister);
        assertThat(table.isEmpty()).isTrue();
        assertThat(table.watchCount()).isZero();
    }

    private static long pairs(Map<Integer, Set<Watch>> model, String table) {
        return model.values().stream()
                .mapToLong(set ->
                        set.stream()
                                .filter(w -> w.table.equals(table))
                                .map(Watch::path)
                                .distinct()
                                .count())
                .sum();
    }

    private static boolean isType(Watch w, String path, int type, boolean checking) {
        return w.path.equals(path)
                && switch (type) {
                    case WatchType.CHILDREN -> w.table.equals("child") && w.mode.equals("once");
                    case WatchType.DATA -> w.table.equals("data") && w.mode.equals("once");
                    case WatchType.PERSISTENT ->
                            w.mode.equals("persistent") && (!checking || w.table.equals("data"));
                    case WatchType.PERSISTENT_RECURSIVE -> w.mode.equals("recursive");
                    default -> true;
                };
    }

    private void fire(
            String path,
            int change,
            long zxid,
            Map<Integer, Set<Watch>> model,
            Map<Integer, List<String>> expected) {
        String parent = path.lastIndexOf('/') == 0 ? "/" : path.substring(0, path.lastIndexOf('/'));
        model.forEach((id, watches) -> {
            List<String> events = java.util.Objects.requireNonNull(expected.get(id));
            boolean self =
                    watches.stream()
                            .anyMatch(w ->
                                    w.table.equals("data")
                                            && (w.path.equals(path)
                                                    || (w.mode.equals("recursive")
                                                            && isAbove(w.path, path))));
            boolean selfAsChild =
                    watches.stream().anyMatch(w -> w.table.equals("child") && w.path.equals(path));
            boolean parentChanged =
                    watches.stream()
                            .anyMatch(w -> w.table.equals("child") && w.path.equals(parent));
            if (change == 0 && self) {
                events.add("created " + path + " " + zxid + " acl 1");
            }
            if (change == 1 && (self || selfAsChild)) {
                events.add("deleted " + path + " " + zxid + " acl 1");
            }
            if (change == 2 && self) {
                events.add("data " + path + " " + zxid + " acl 1");
            }
            if (change < 2 && parentChanged) {
                events.add("children " + parent + " " + zxid + " acl 2");
            }
            watches.removeIf(w -> w.mode.equals("once") && isUsed(w, path, parent, change));
        });
        switch (change) {
            case 0 -> table.created(bytes(path), 1, 2, zxid);
            case 1 -> table.deleted(bytes(path), 1, 2, zxid);
            default -> table.dataChanged(bytes(path), 1, zxid);
        }
    }

    private static boolean isUsed(Watch w, String path, String parent, int change) {
        if (w.table.equals("data")) {
            return w.path.equals(path);
        }
        return (change == 1 && w.path.equals(path)) || (change < 2 && w.path.equals(parent));
    }

    private static boolean isAbove(String ancestor, String path) {
        return ancestor.equals("/") || (!ancestor.isEmpty() && path.startsWith(ancestor + "/"));
    }

    private static byte[] bytes(String path) {
        return path.getBytes(UTF_8);
    }

    private static String text(byte[] path) {
        return new String(path, UTF_8);
    }
}
