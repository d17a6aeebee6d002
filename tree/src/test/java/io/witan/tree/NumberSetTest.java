package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class NumberSetTest {

    @Test
    void holds_what_was_added_and_not_removed_again() {
        var set = new NumberSet();
        var model = new HashSet<Integer>();
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            // Some close to each other, some far apart, more coming than going at first.
            int number = random.nextInt(2) == 0 ? random.nextInt(3_000) : random.nextInt(1 << 20);
            if (random.nextInt(10) < (i < 50_000 ? 7 : 3)) {
                set.add(number);
                model.add(number);
            } else {
                assertThat(set.remove(number)).isEqualTo(model.remove(number));
            }
        }

        for (int number = 0; number < 1 << 20; number++) {
            assertThat(set.contains(number)).isEqualTo(model.contains(number));
        }
    }

    @Test
    void is_empty_when_it_was_cleared() {
        var set = new NumberSet();
        IntStream.range(0, 100_000).forEach(set::add);

        set.clear();

        assertThat(IntStream.range(0, 200_000)).noneMatch(set::contains);
    }
}
