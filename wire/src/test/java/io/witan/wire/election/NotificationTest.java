package io.witan.wire.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/// The table of lengths in section 3.1 of quorum.
class NotificationTest {

    private static final long ZXID = 0x3_0000_0007L;

    private static final Notification TODAYS =
            new Notification(Notification.LEADING, 2, ZXID, 5, 4, "version=0");

    @Test
    void todays_version_carries_a_configuration() {
        byte[] bytes = TODAYS.encode();

        assertThat(bytes).hasSize(44 + "version=0".length());
        assertThat(decoded(bytes)).isEqualTo(TODAYS);
    }

    @Test
    void an_ancient_one_takes_its_epoch_from_the_zxid() {
        assertThat(decoded(Arrays.copyOf(TODAYS.encode(), 28)))
                .isEqualTo(new Notification(Notification.LEADING, 2, ZXID, 5, 3, 0, null));
    }

    @Test
    void with_exactly_forty_bytes_the_version_is_not_looked_at() {
        assertThat(decoded(Arrays.copyOf(TODAYS.encode(), 40)))
                .isEqualTo(new Notification(Notification.LEADING, 2, ZXID, 5, 4, 0, null));
    }

    @Test
    void version_one_has_no_configuration_whatever_stands_behind_it() {
        byte[] bytes = head(1, Notification.LOOKING).writeLong(77).toByteArray();

        assertThat(decoded(bytes)).isEqualTo(new Notification(0, 2, ZXID, 5, 4, 1, null));
    }

    @Test
    void bytes_behind_the_configuration_are_left_to_later_versions() {
        byte[] bytes =
                head(3, Notification.LOOKING).writeString("text").writeLong(77).toByteArray();

        assertThat(decoded(bytes)).isEqualTo(new Notification(0, 2, ZXID, 5, 4, 3, "text"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 27, 29, 36, 39, 41, 43, 44, 52})
    void one_that_is_cut_off_is_dropped(int length) {
        assertThat(decoded(Arrays.copyOf(TODAYS.encode(), length))).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -2, 5, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void one_whose_configuration_has_an_impossible_length_is_dropped(int length) {
        byte[] bytes = head(2, Notification.LOOKING).writeInt(length).writeInt(0).toByteArray();

        assertThat(decoded(bytes)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, 256})
    void one_in_a_state_that_nobody_knows_is_dropped(int state) {
        assertThat(decoded(head(2, state).writeString("version=0").toByteArray())).isNull();
    }

    private static JuteWriter head(int version, int state) {
        return new JuteWriter()
                .writeInt(state)
                .writeLong(2)
                .writeLong(ZXID)
                .writeLong(5)
                .writeLong(4)
                .writeInt(version);
    }

    /// Decoded from the middle of a larger array.
    private static @Nullable Notification decoded(byte[] bytes) {
        byte[] larger = new byte[bytes.length + 20];
        Arrays.fill(larger, (byte) 0x55);
        System.arraycopy(bytes, 0, larger, 10, bytes.length);
        return Notification.decode(larger, 10, bytes.length);
    }
}
