package io.witan.tree.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

class BlocksTest {

    /// What a block should hold, header not included.
    private record Known(int number, byte[] content) {}

    private final Blocks blocks = new Blocks();
    private final List<Known> known = new ArrayList<>();

    private void take(byte[] content) {
        int number = blocks.take(Blocks.HEADER + content.length);
        write(number, 0, content);
        known.add(new Known(number, content));
    }

    private void write(int number, int at, byte[] bytes) {
        int start = blocks.offset(number) + Blocks.HEADER + at;
        System.arraycopy(bytes, 0, blocks.bytes(number), start, bytes.length);
    }

    private byte[] read(int number, int length) {
        int start = blocks.offset(number) + Blocks.HEADER;
        return Arrays.copyOfRange(blocks.bytes(number), start, start + length);
    }

    private void free(int index) {
        Known last = known.removeLast();
        Known freed = index == known.size() ? last : known.set(index, last);
        blocks.free(freed.number);
    }

    private void assertAllHoldWhatWasWritten() {
        var numbers = new HashSet<Integer>();
        for (Known k : known) {
            assertThat(numbers.add(k.number)).isTrue();
            assertThat(read(k.number, k.content.length)).isEqualTo(k.content);
        }
        assertThat(blocks.count()).isEqualTo(known.size());
    }

    @Test
    void every_length_up_to_the_largest_has_a_size_that_holds_it_and_wastes_little() {
        for (int length = 1; length <= BlockSize.LARGEST; length++) {
            int number = BlockSize.number(length);
            int bytes = BlockSize.bytes(number);
            assertThat(bytes).isGreaterThanOrEqualTo(length);
            assertThat(bytes - length).isLessThan(Math.max(8, length / 16 + 1));
            assertThat(bytes % BlockSize.UNIT).isZero();
            assertThat(BlockSize.number(bytes)).isEqualTo(number);
        }
        assertThat(BlockSize.rounded(4097)).isEqualTo(4352);
        assertThat(BlockSize.rounded(1 << 20)).isEqualTo(1 << 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 300, 6_000, 70_000})
    void blocks_that_grow_shrink_come_and_go_keep_their_content(int lengthMax) {
        var random = new SplittableRandom(lengthMax);
        int steps = lengthMax > 5_000 ? 20_000 : 100_000;
        for (int i = 0; i < steps; i++) {
            int size = known.size();
            // First more come than go, then more go.
            boolean grow = random.nextInt(steps) > i;
            if (size == 0 || (grow && random.nextInt(3) == 0)) {
                take(random(random, random.nextInt(lengthMax)));
            } else if (!grow && random.nextInt(3) == 0) {
                free(random.nextInt(size));
            } else {
                splice(random, random.nextInt(size), lengthMax);
            }
            if (i % (steps / 20) == 0) {
                assertAllHoldWhatWasWritten();
            }
        }
        assertAllHoldWhatWasWritten();
    }

    private void splice(SplittableRandom random, int index, int lengthMax) {
        Known k = known.get(index);
        int length = k.content.length;
        int at = random.nextInt(length + 1);
        int removed = random.nextInt(length - at + 1);
        byte[] added = random(random, random.nextInt(Math.max(1, lengthMax - length + removed)));

        blocks.splice(k.number, Blocks.HEADER + length, Blocks.HEADER + at, removed, added.length);
        write(k.number, at, added);

        byte[] content = new byte[length - removed + added.length];
        System.arraycopy(k.content, 0, content, 0, at);
        System.arraycopy(added, 0, content, at, added.length);
        System.arraycopy(
                k.content, at + removed, content, at + added.length, length - at - removed);
        known.set(index, new Known(k.number, content));
    }

    @Test
    void a_large_block_takes_no_more_than_it_needs() {
        int taken = blocks.take(17_000);
        int replaced = blocks.take(Blocks.HEADER);
        blocks.splice(replaced, Blocks.HEADER, Blocks.HEADER, 0, 17_000 - Blocks.HEADER);

        assertThat(blocks.bytes(taken)).hasSize(17_000);
        assertThat(blocks.bytes(replaced)).hasSize(17_000);
    }

    @Test
    void a_large_block_that_grows_little_by_little_is_seldom_copied() {
        int length = 17_000;
        int number = blocks.take(length);
        int room = blocks.bytes(number).length;
        int copies = 0;

        for (; length < 34_000; length += 8) {
            blocks.splice(number, length, length, 0, 8);
            if (blocks.bytes(number).length != room) {
                room = blocks.bytes(number).length;
                copies++;
            }
        }

        assertThat(copies).isBetween(1, 20);
        assertThat(room).isLessThanOrEqualTo(length + length / 16);
    }

    @Test
    void memory_follows_what_is_in_use_also_where_no_page_becomes_empty_by_itself() {
        var random = new SplittableRandom(3);
        for (int i = 0; i < 200_000; i++) {
            take(random(random, 100));
        }
        long full = blocks.heldBytes();

        while (known.size() > 20_000) {
            free(random.nextInt(known.size()));
        }

        assertAllHoldWhatWasWritten();
        assertThat(full).isLessThan(200_000L * (104 + 4) * 5 / 4 + 4_000_000);
        // A quarter of what is held may be free, and the addresses stay.
        assertThat(blocks.heldBytes()).isLessThan(20_000L * 104 * 3 / 2 + 200_000 * 4 + 4_000_000);
    }

    @Test
    void changing_all_blocks_to_another_size_gives_back_what_the_former_took() {
        var random = new SplittableRandom(4);
        for (int i = 0; i < 100_000; i++) {
            take(random(random, 100));
        }

        for (int i = 0; i < known.size(); i++) {
            Known k = known.get(i);
            byte[] longer = Arrays.copyOf(k.content, 200);
            blocks.splice(k.number, Blocks.HEADER + 100, Blocks.HEADER + 100, 0, 100);
            write(k.number, 100, new byte[100]);
            known.set(i, new Known(k.number, longer));
        }

        assertAllHoldWhatWasWritten();
        assertThat(blocks.heldBytes()).isLessThan(100_000L * 208 * 5 / 4 + 4_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 3_900})
    void blocks_that_come_and_go_where_all_pages_are_full_take_no_page_each_time(int length) {
        int most = 2_000_000 / length;
        for (int i = 0; i < most; i++) {
            take(new byte[length]);
            long before = blocks.pagesTaken();
            for (int k = 0; k < 20; k++) {
                take(new byte[length]);
                free(known.size() - 1);
                take(new byte[length]);
                take(new byte[length]);
                free(0);
                free(known.size() - 1);
            }
            // The pages of the first few are small.
            assertThat(blocks.pagesTaken() - before).isLessThan(i * length < 64 << 10 ? 60 : 3);
        }
        assertAllHoldWhatWasWritten();
        while (!known.isEmpty()) {
            free(0);
        }
        assertThat(blocks.heldBytes()).isLessThan(most * 8L + 1_000);
    }

    @Test
    void much_of_every_size_in_turn_leaves_little_behind_when_nearly_all_of_it_is_gone() {
        int numberMax = 0;
        for (int size = 0; size < BlockSize.COUNT; size += 5) {
            int length = BlockSize.bytes(size) - Blocks.HEADER;
            int first = known.size();
            for (int bytes = 0; bytes < 4 << 20; bytes += length) {
                take(new byte[length]);
            }
            numberMax = Math.max(numberMax, known.size());
            while (known.size() > first + 7) {
                free(first + (known.size() - first) / 2);
            }
        }
        assertAllHoldWhatWasWritten();
        // The addresses stay.
        assertThat(blocks.heldBytes()).isLessThan(numberMax * 4L + (1 << 20));
    }

    @Test
    void a_block_that_was_vacated_keeps_its_number_until_that_is_recycled() {
        take(new byte[10]);
        int vacated = blocks.take(50);
        blocks.vacate(vacated);

        assertThat(blocks.exists(vacated)).isFalse();
        assertThat(blocks.take(50)).isNotEqualTo(vacated);

        blocks.recycle(vacated);

        assertThat(blocks.exists(vacated)).isFalse();
        assertThat(blocks.take(50)).isEqualTo(vacated);
        assertThat(blocks.exists(vacated)).isTrue();
    }

    @Test
    void little_is_taken_for_little() {
        take(new byte[40]);
        take(new byte[140]);

        assertThat(blocks.heldBytes()).isLessThan(4_096);
    }

    private static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
