package io.witan.tree.table;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class KeyTableTest {

    /// Names by their numbers. Only the bits of the mask count in their hashes.
    private static final class Names extends KeyTable {
        private final List<byte[]> keys = new ArrayList<>();
        private final int mask;

        Names(int mask) {
            this.mask = mask;
            keys.add(new byte[0]);
        }

        /// A new number for a name, not yet in the table.
        int number(String name) {
            keys.add(name.getBytes(UTF_8));
            return keys.size() - 1;
        }

        int get(String name) {
            byte[] key = ("/" + name).getBytes(UTF_8);
            return get(KeyHash.name(key, 1, key.length - 1, 99) & mask, key, 1, key.length - 1);
        }

        void add(int number) {
            add(hash(number), number);
        }

        void remove(int number) {
            remove(hash(number), number);
        }

        @Override
        protected int hash(int entry) {
            byte[] key = keys.get(entry);
            return KeyHash.name(key, 0, key.length, 99) & mask;
        }

        @Override
        protected boolean hasKey(int entry, byte[] buf, int off, int len) {
            byte[] key = keys.get(entry);
            return Arrays.equals(key, 0, key.length, buf, off, off + len);
        }

        @Override
        protected boolean haveEqualKeys(int entry, int other) {
            return Arrays.equals(keys.get(entry), keys.get(other));
        }
    }

    private static final int ALL = -1;

    /// Hashes differ in so few bits that segments cannot be told apart by splitting.
    private static final int COLLIDING = 0x8000_0003;

    @ParameterizedTest
    @ValueSource(ints = {3, 30, 1000, 60_000})
    void it_holds_what_a_map_holds(int names) {
        var random = new SplittableRandom(names);
        var table = new Names(ALL);
        Map<String, Integer> map = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            // First mostly growing, then mostly shrinking.
            boolean grow = random.nextInt(300_000) > i;
            String name = "n" + random.nextInt(names);
            int entry = table.get(name);
            assertThat(entry).isEqualTo(map.getOrDefault(name, KeyTable.NONE));
            if (entry == KeyTable.NONE && grow) {
                entry = table.number(name);
                map.put(name, entry);
                table.add(entry);
            } else if (entry != KeyTable.NONE && !grow) {
                map.remove(name);
                table.remove(entry);
            }
        }

        assertThat(table.size()).isEqualTo(map.size());
        var seen = new HashSet<Integer>();
        table.forEach(entry -> assertThat(seen.add(entry)).isTrue());
        assertThat(seen).isEqualTo(new HashSet<>(map.values()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 384, 385, 60_000})
    void filled_at_once_it_holds_what_one_holds_that_was_filled_one_by_one(int count) {
        var table = new Names(ALL);
        var entries = new int[count + 5];
        for (int i = 0; i < count; i++) {
            entries[i] = table.number("node-" + i);
        }

        assertThat(table.fill(entries, count)).isEqualTo(KeyTable.NONE);

        assertThat(table.size()).isEqualTo(count);
        for (int i = 0; i < 2 * count + 1_000; i++) {
            int found = table.get("node-" + i);
            assertThat(found).isEqualTo(i < count ? entries[i] : KeyTable.NONE);
            if (found == KeyTable.NONE) {
                table.add(table.number("node-" + i));
            } else {
                table.remove(found);
            }
        }
        assertThat(table.size()).isEqualTo(count + 1_000);
    }

    @Test
    void filled_at_once_with_a_key_that_is_there_twice_it_names_the_second_one() {
        var table = new Names(ALL);
        var entries = new int[5_000];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = table.number("node-" + (i == 4_000 ? 3_000 : i));
        }

        assertThat(table.fill(entries, entries.length)).isEqualTo(entries[4_000]);
    }

    @Test
    void filled_at_once_with_hashes_that_collide_it_holds_all() {
        var table = new Names(COLLIDING);
        var entries = new int[3_000];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = table.number("node-" + i);
        }

        assertThat(table.fill(entries, entries.length)).isEqualTo(KeyTable.NONE);

        for (int i = 0; i < entries.length; i++) {
            assertThat(table.get("node-" + i)).isEqualTo(entries[i]);
        }
    }

    @Test
    void segments_hold_ranges_of_hashes_that_follow_each_other() {
        var table = new Names(ALL);
        for (int i = 0; i < 50_000; i++) {
            table.add(table.number("node-" + i));
        }

        var seen = new HashSet<Integer>();
        int segments = 0;
        for (long from = 0; from < 1L << 32; ) {
            long first = from;
            long end = table.segmentEnd((int) from);
            table.forEachInSegment(
                    (int) from,
                    entry -> {
                        assertThat(seen.add(entry)).isTrue();
                        assertThat(table.hash(entry) & 0xFFFF_FFFFL)
                                .isGreaterThanOrEqualTo(first)
                                .isLessThan(end);
                    });
            segments++;
            from = end;
        }
        assertThat(seen).hasSize(50_000);
        assertThat(segments).isBetween(64, 400);
    }

    @Test
    void hashes_that_collide_make_it_slower_and_nothing_else() {
        var table = new Names(COLLIDING);
        var entries = new ArrayList<Integer>();
        for (int i = 0; i < 5000; i++) {
            entries.add(table.number("c" + i));
            table.add(entries.getLast());
        }

        for (int i = 0; i < entries.size(); i++) {
            assertThat(table.get("c" + i)).isEqualTo(entries.get(i));
        }
        entries.subList(0, 4990).forEach(table::remove);
        assertThat(table.size()).isEqualTo(10);
    }

    private static final class Watched extends Keyed {
        Watched(String path) {
            super(path.getBytes(UTF_8));
        }
    }

    @Test
    void a_table_of_paths_holds_objects_and_uses_the_room_of_those_removed_again() {
        var random = new SplittableRandom(5);
        var table = new PathTable<Watched>(5);
        Map<String, Watched> map = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            String path = "/p/" + random.nextInt(3_000);
            byte[] key = path.getBytes(UTF_8);
            Watched found = table.get(key, 0, key.length);
            assertThat(found).isSameAs(map.get(path));
            if (found == null) {
                map.put(path, new Watched(path));
                table.add(map.get(path));
            } else {
                table.remove(found);
                map.remove(path);
            }
        }

        var seen = new ArrayList<Watched>();
        table.forEach(seen::add);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(map.values());
        assertThat(table.size()).isEqualTo(map.size());
    }

    @Test
    void the_hash_of_a_path_is_folded_from_its_components() {
        byte[] path = "/services/payments/instance-7".getBytes(UTF_8);
        long state = KeyHash.pathStart(5);
        assertThat(KeyHash.fold(state)).isEqualTo(KeyHash.path(path, 0, 1, 5));

        state = KeyHash.step(state, path, 1, 8, 5);
        assertThat(KeyHash.fold(state)).isEqualTo(KeyHash.path(path, 0, 9, 5));
        state = KeyHash.step(state, path, 10, 8, 5);
        assertThat(KeyHash.fold(state)).isEqualTo(KeyHash.path(path, 0, 18, 5));
        state = KeyHash.step(state, path, 19, 10, 5);
        assertThat(KeyHash.fold(state)).isEqualTo(KeyHash.path(path, 0, path.length, 5));
    }

    @Test
    void names_of_every_length_have_hashes_of_their_own() {
        var hashes = new HashSet<Integer>();
        byte[] name = new byte[40];
        for (int length = 0; length <= 40; length++) {
            hashes.add(KeyHash.name(name, 0, length, 1));
            for (int i = 0; i < length; i++) {
                name[i] = 1;
                hashes.add(KeyHash.name(name, 0, length, 1));
                name[i] = 0;
            }
        }
        assertThat(hashes).hasSizeGreaterThan(41 + 40 * 41 / 2 - 5);
    }
}
