package io.witan.tree.table;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.SplittableRandom;

class KeyTableTest {

    private static final class Entry extends Keyed {
        Entry(String key) {
            super(key.getBytes(UTF_8));
        }

        String name() {
            return new String(key, UTF_8);
        }
    }

    /// Hashes that differ in so few bits that segments cannot be told apart by splitting.
    private static final class Colliding extends KeyTable<Entry> {
        @Override
        protected int hash(byte[] key) {
            return KeyHash.name(key, 0, key.length, 3) & 0x8000_0003;
        }

        int hash(String key) {
            return hash(key.getBytes(UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 30, 1000, 60_000})
    void it_holds_what_a_map_holds(int names) {
        var random = new SplittableRandom(names);
        var table = new NameTable<Entry>(99);
        Map<String, Entry> map = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            // First mostly growing, then mostly shrinking.
            boolean grow = random.nextInt(300_000) > i;
            String name = "n" + random.nextInt(names);
            byte[] key = name.getBytes(UTF_8);
            int hash = table.hash(key, 0, key.length);
            Entry entry = table.get(hash, ("/" + name).getBytes(UTF_8), 1, key.length);
            assertThat(entry).isSameAs(map.get(name));
            if (entry == null && grow) {
                entry = new Entry(name);
                map.put(name, entry);
                table.add(hash, entry);
            } else if (entry != null && !grow) {
                map.remove(name);
                table.remove(hash, entry);
            }
        }

        assertThat(table.size()).isEqualTo(map.size());
        var seen = new HashSet<Entry>();
        table.forEach(entry -> assertThat(seen.add(entry)).isTrue());
        assertThat(seen).isEqualTo(new HashSet<>(map.values()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 384, 385, 60_000})
    void filled_at_once_it_holds_what_one_holds_that_was_filled_one_by_one(int count) {
        var entries = new Entry[count + 5];
        var table = new NameTable<Entry>(7);
        for (int i = 0; i < count; i++) {
            entries[i] = new Entry("node-" + i);
        }

        assertThat(table.fill(entries, count)).isNull();

        assertThat(table.size()).isEqualTo(count);
        for (int i = 0; i < 2 * count + 1_000; i++) {
            byte[] key = ("node-" + i).getBytes(UTF_8);
            Entry found = table.get(table.hash(key), key, 0, key.length);
            assertThat(found).isSameAs(i < count ? entries[i] : null);
            if (found == null) {
                table.add(table.hash(key), new Entry("node-" + i));
            } else {
                table.remove(table.hash(key), found);
            }
        }
        assertThat(table.size()).isEqualTo(count + 1_000);
    }

    @Test
    void filled_at_once_with_a_key_that_is_there_twice_it_names_the_second_one() {
        var entries = new Entry[5_000];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Entry("node-" + (i == 4_000 ? 3_000 : i));
        }

        assertThat(new NameTable<Entry>(7).fill(entries, entries.length)).isSameAs(entries[4_000]);
    }

    @Test
    void filled_at_once_with_hashes_that_collide_it_holds_all() {
        var entries = new Entry[3_000];
        var table = new Colliding();
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Entry("node-" + i);
        }

        assertThat(table.fill(entries, entries.length)).isNull();

        for (Entry entry : entries) {
            assertThat(table.get(table.hash(entry.key), entry.key, 0, entry.key.length))
                    .isSameAs(entry);
        }
    }

    @Test
    void segments_hold_ranges_of_hashes_that_follow_each_other() {
        var table = new NameTable<Entry>(1);
        for (int i = 0; i < 50_000; i++) {
            var entry = new Entry("node-" + i);
            table.add(table.hash(entry.key), entry);
        }

        var seen = new HashSet<Entry>();
        int segments = 0;
        for (long from = 0; from < 1L << 32; ) {
            long first = from;
            long end = table.segmentEnd((int) from);
            table.forEachInSegment(
                    (int) from,
                    entry -> {
                        assertThat(seen.add(entry)).isTrue();
                        assertThat(table.hash(entry.key) & 0xFFFF_FFFFL)
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
        var table = new Colliding();
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < 5000; i++) {
            var entry = new Entry("c" + i);
            entries.add(entry);
            table.add(table.hash(entry.name()), entry);
        }

        for (Entry entry : entries) {
            byte[] key = entry.name().getBytes(UTF_8);
            assertThat(table.get(table.hash(entry.name()), key, 0, key.length)).isSameAs(entry);
        }
        for (Entry entry : entries.subList(0, 4990)) {
            table.remove(table.hash(entry.name()), entry);
        }
        assertThat(table.size()).isEqualTo(10);
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
