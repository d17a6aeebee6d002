package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MixesTest {

    @Test
    void all_of_three_voters() {
        assertThat(Mixes.all(3, 0)).containsExactly("WWA", "AWA", "WWW", "AWW", "AAW");
    }

    @Test
    void all_of_five_voters() {
        assertThat(Mixes.all(5, 0)).hasSize(9).doesNotHaveDuplicates().contains("AAWWA", "AAAAW");
    }

    @Test
    void all_of_three_voters_with_two_observers() {
        assertThat(Mixes.all(3, 2))
                .hasSize(17)
                .doesNotHaveDuplicates()
                .contains("AAA+AW", "WWW+AA")
                .doesNotContain("AAA+AA");
    }
}
