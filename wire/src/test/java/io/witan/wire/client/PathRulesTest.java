package io.witan.wire.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/// Section 3.4 of client-and-disk. The last two tests compare with the rules as the original states
/// them, on decoded text.
class PathRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/b",
                "/...",
                "/.a",
                "/a.",
                "/..a/b",
                "/a/...",
                "/ ",
                "/~",
                "/-",
                "/\u00a0",
                "/\u07ff",
                "/\u0800",
                "/\ud7ff",
                "/\uf900",
                "/\uffef",
                "/\u8282/\u70b9"
            })
    void valid(String path) {
        assertThat(PathRules.isValid(path.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a/b",
                "//",
                "/a/",
                "/a//b",
                "//a",
                "/.",
                "/..",
                "/a/.",
                "/a/..",
                "/./a",
                "/../a",
                "/a/./b",
                "/a/../b",
                "/\u0000",
                "/a\u0000",
                "/\u001f",
                "/\u007f",
                "/\u0080",
                "/\u009f",
                "/\ue000",
                "/\uf8ff",
                "/\ufff0",
                "/\ufffd",
                "/\uffff",
                "/\ud83d\ude00",
                "/\ud800\udc00"
            })
    void invalid(String path) {
        assertThat(PathRules.isValid(path.getBytes(UTF_8))).isFalse();
    }

    @Test
    void bytes_that_are_not_utf8_are_invalid() {
        assertThat(PathRules.isValid(bytes('/', 0xFF))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0x80))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xC1, 0xBF))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xC3))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xE8, 0x8A))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xE0, 0x9F, 0xBF))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xED, 0xA0, 0x80))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80))).isFalse();
        assertThat(PathRules.isValid(bytes('/', 0xF4, 0x90, 0x80, 0x80))).isFalse();
    }

    @Test
    void a_range_is_judged_without_what_stands_around_it() {
        byte[] buffer = "x/a/b/".getBytes(UTF_8);

        assertThat(PathRules.isValid(buffer, 1, 4)).isTrue();
        assertThat(PathRules.isValid(buffer, 1, 3)).isFalse();
        assertThat(PathRules.isValid(buffer, 1, 5)).isFalse();
        assertThat(PathRules.isValid(buffer, 0, 3)).isFalse();
    }

    @Test
    void a_character_cut_off_by_the_end_of_the_range_is_invalid() {
        byte[] buffer = "/\u8282".getBytes(UTF_8);

        assertThat(PathRules.isValid(buffer, 0, 4)).isTrue();
        assertThat(PathRules.isValid(buffer, 0, 3)).isFalse();
        assertThat(PathRules.isValid(buffer, 0, 2)).isFalse();
    }

    @Test
    void same_verdict_as_the_rules_on_decoded_text_for_every_two_bytes() {
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                assertSameVerdict(bytes('/', first, second));
                assertSameVerdict(bytes('/', 'a', '/', first, second, 'b'));
            }
        }
    }

    /// Every rule is about intervals of bytes; these are their borders and one value within each.
    @Test
    void same_verdict_as_the_rules_on_decoded_text_at_all_borders() {
        int[] borders = {
            0x00, 0x1F, 0x20, '.', '/', 'a', 0x7E, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xA3, 0xA4,
            0xAF, 0xB0, 0xBF, 0xC0, 0xC1, 0xC2, 0xC3, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
            0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
        };
        for (int a : borders) {
            for (int b : borders) {
                for (int c : borders) {
                    for (int d : borders) {
                        assertSameVerdict(bytes('/', a, b, c, d));
                    }
                }
            }
        }
    }

    private static void assertSameVerdict(byte[] path) {
        boolean expected = isValidText(new String(path, UTF_8));
        if (PathRules.isValid(path) != expected) {
            throw new AssertionError(Arrays.toString(path) + " should be valid: " + expected);
        }
    }

    private static boolean isValidText(String path) {
        if (!path.startsWith("/")) {
            return false;
        }
        if (path.equals("/")) {
            return true;
        }
        for (String component : path.substring(1).split("/", -1)) {
            if (component.isEmpty() || component.equals(".") || component.equals("..")) {
                return false;
            }
        }
        return path.chars()
                .noneMatch(c ->
                        c <= 0x1F
                                || (c >= 0x7F && c <= 0x9F)
                                || (c >= 0xD800 && c <= 0xF8FF)
                                || c >= 0xFFF0);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
