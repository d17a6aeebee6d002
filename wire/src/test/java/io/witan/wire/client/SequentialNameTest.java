package io.witan.wire.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Locale;

/// Section 3.6 of client-and-disk.
class SequentialNameTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0000000000",
        "7, 0000000007",
        "2147483647, 2147483647",
        "-1, -000000001",
        "-5, -000000005",
        "-999999999, -999999999",
        "-1000000000, -1000000000",
        "-2147483648, -2147483648"
    })
    void ten_characters_at_least_the_sign_included(int counter, String suffix) {
        assertThat(named("/a/n-", counter)).isEqualTo("/a/n-" + suffix);
        assertThat(named("/a/", counter)).isEqualTo("/a/" + suffix);
        assertThat(SequentialName.suffixBytes(counter)).isEqualTo(suffix.length());
    }

    @Property(seed = "2026")
    void as_the_format_of_the_original(@ForAll int counter) {
        assertThat(named("", counter)).isEqualTo(String.format(Locale.ENGLISH, "%010d", counter));
    }

    private static String named(String prefix, int counter) {
        return new String(SequentialName.of(prefix.getBytes(UTF_8), counter), UTF_8);
    }
}
