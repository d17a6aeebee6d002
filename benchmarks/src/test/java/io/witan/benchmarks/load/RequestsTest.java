package io.witan.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

class RequestsTest {

    private static final byte[] DATA = {7, 8};

    @Test
    void a_new_session_is_asked_for_in_45_bytes() {
        assertThat(hex(Requests.connect(30_000)))
                .isEqualTo(
                        "0000002d 00000000 0000000000000000 00007530 0000000000000000"
                                        .replace(" ", "")
                                + "00000010"
                                + "00".repeat(16)
                                + "00");
    }

    @Test
    void getData_is_header_path_and_watch() {
        assertThat(hex(Requests.getData("/a", true)))
                .isEqualTo("0000000f" + "00000000" + "00000004" + "00000002" + text("/a") + "01");
    }

    @Test
    void exists_and_getChildren_differ_from_getData_in_their_type_only() {
        var getData = hex(Requests.getData("/a", false));

        assertThat(hex(Requests.exists("/a", false))).isEqualTo(withType(getData, "00000003"));
        assertThat(hex(Requests.getChildren("/a"))).isEqualTo(withType(getData, "00000008"));
    }

    @Test
    void setData_carries_the_data_and_takes_any_version() {
        assertThat(hex(Requests.setData("/a", DATA)))
                .isEqualTo(
                        "00000018"
                                + "00000000"
                                + "00000005"
                                + ("00000002" + text("/a"))
                                + "000000020708"
                                + "ffffffff");
    }

    @Test
    void create_is_open_to_everybody_and_ephemeral_is_a_flag() {
        var body =
                "00000002"
                        + text("/a")
                        + "000000020708"
                        + ("00000001" + "0000001f")
                        + ("00000005" + text("world"))
                        + ("00000006" + text("anyone"));

        assertThat(hex(Requests.create("/a", DATA)))
                .isEqualTo("00000033" + "00000000" + "00000001" + body + "00000000");
        assertThat(hex(Requests.createEphemeral("/a", DATA))).endsWith(body + "00000001");
    }

    @Test
    void delete_takes_any_version() {
        assertThat(hex(Requests.delete("/a")))
                .isEqualTo(
                        "00000012"
                                + "00000000"
                                + "00000002"
                                + "00000002"
                                + text("/a")
                                + "ffffffff");
    }

    @Test
    void multi_puts_a_header_before_each_operation_and_one_at_the_end() {
        var setData = hex(Requests.setData("/a", DATA)).substring(24);
        var header = "00000005" + "00" + "ffffffff";

        assertThat(hex(Requests.multiSetData(List.of("/a", "/a"), DATA)).substring(16))
                .isEqualTo("0000000e" + header + setData + header + setData + "ffffffff01ffffffff");
    }

    @Test
    void replies_have_the_length_that_the_protocol_gives_them() {
        assertThat(Requests.getDataReplyBytes(100)).isEqualTo(16 + 4 + 100 + 68);
        assertThat(Requests.statReplyBytes()).isEqualTo(16 + 68);
        assertThat(Requests.createReplyBytes(2)).isEqualTo(16 + 4 + 2);
        assertThat(Requests.deleteReplyBytes()).isEqualTo(16);
        assertThat(Requests.getChildrenReplyBytes(3, 4)).isEqualTo(16 + 4 + 3 * 8);
        assertThat(Requests.multiSetDataReplyBytes(2)).isEqualTo(16 + 2 * (9 + 68) + 9);
    }

    private static String withType(String frame, String type) {
        return frame.substring(0, 16) + type + frame.substring(24);
    }

    private static String text(String value) {
        return hex(value.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
