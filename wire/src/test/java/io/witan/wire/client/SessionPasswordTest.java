package io.witan.wire.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.Vectors;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HexFormat;

/// Section 2.6 of client-and-disk.
class SessionPasswordTest {

    @Test
    void as_computed_by_the_original() {
        for (String line : Vectors.values("passwords.txt")) {
            String[] words = line.split(" ");
            long sessionId = Long.parseUnsignedLong(words[0], 16);
            byte[] password = HexFormat.of().parseHex(words[1]);

            assertThat(SessionPassword.of(sessionId)).as(line).isEqualTo(password);
            assertThat(SessionPassword.matches(sessionId, password)).as(line).isTrue();
        }
    }

    @Test
    void anything_else_is_refused() {
        byte[] password = SessionPassword.of(1);

        assertThat(SessionPassword.matches(2, password)).isFalse();
        assertThat(SessionPassword.matches(1, null)).isFalse();
        assertThat(SessionPassword.matches(1, new byte[0])).isFalse();
        assertThat(SessionPassword.matches(1, new byte[16])).isFalse();
        assertThat(SessionPassword.matches(1, Arrays.copyOf(password, 17))).isFalse();
    }

    @Test
    void session_zero_has_no_password() {
        assertThat(SessionPassword.matches(0, SessionPassword.of(0))).isFalse();
    }
}
