package io.witan.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

class ScriptsTest {

    private static final List<byte[]> TEN =
            IntStream.range(0, 10).mapToObj(i -> Requests.exists("/k" + i, false)).toList();

    @Test
    void a_request_carries_the_xid_it_was_asked_with() {
        var script = Scripts.each(TEN, 84);

        var first = frame(script, 41);
        var second = frame(script, 42);

        assertThat(first.getInt(4)).isEqualTo(41);
        assertThat(second.getInt(4)).isEqualTo(42);
        assertThat(path(first)).isEqualTo("/k0");
        assertThat(path(second)).isEqualTo("/k1");
    }

    @Test
    void anyOf_asks_about_all_keys_about_equally_often() {
        var counts = new int[10];
        var script = Scripts.anyOf(TEN, 84, 0);

        for (var i = 0; i < 10_000; i++) {
            counts[path(frame(script, i)).charAt(2) - '0']++;
        }

        assertThat(Arrays.stream(counts)).allMatch(count -> count > 850 && count < 1150);
    }

    @Test
    void two_connections_ask_in_different_orders_and_the_same_ones_in_each_run() {
        assertThat(paths(Scripts.anyOf(TEN, 84, 1))).isEqualTo(paths(Scripts.anyOf(TEN, 84, 1)));
        assertThat(paths(Scripts.anyOf(TEN, 84, 1))).isNotEqualTo(paths(Scripts.anyOf(TEN, 84, 2)));
    }

    @Test
    void a_mix_keeps_its_shares() {
        var script = Scripts.mix(90, Scripts.anyOf(TEN, 1, 0), Scripts.anyOf(TEN, 2, 0), 5);
        var replies = new ArrayList<Integer>();

        for (var i = 0; i < 10_000; i++) {
            replies.add(script.next(i, ByteBuffer.allocate(100)));
        }

        assertThat(Collections.frequency(replies, 1)).isBetween(8_850, 9_150);
    }

    @Test
    void numbered_nodes_count_upwards_and_delete_what_they_created() {
        var nodes = new NumberedNodes("/w", new byte[3], false);
        var creates = nodes.creates();

        assertThat(path(frame(creates, 1))).isEqualTo("/w/n0000000000");
        assertThat(path(frame(creates, 2))).isEqualTo("/w/n0000000001");
        assertThat(nodes.left()).isEqualTo(2);

        var deletes = nodes.deletes();
        assertThat(deletes.mayEnd()).isFalse();
        assertThat(path(frame(deletes, 3))).isEqualTo("/w/n0000000000");
        assertThat(path(frame(deletes, 4))).isEqualTo("/w/n0000000001");
        assertThat(deletes.mayEnd()).isTrue();
    }

    @Test
    void a_pair_of_create_and_delete_does_not_end_in_its_middle() {
        var script = new NumberedNodes("/w", new byte[3], true).createsAndDeletes();

        assertThat(script.mayEnd()).isTrue();
        assertThat(frame(script, 1).getInt(8)).isEqualTo(1);
        assertThat(script.mayEnd()).isFalse();
        assertThat(frame(script, 2).getInt(8)).isEqualTo(2);
        assertThat(script.mayEnd()).isTrue();
        assertThat(path(frame(script, 3))).isEqualTo("/w/n0000000001");
    }

    private static List<String> paths(Script script) {
        return IntStream.range(0, 20).mapToObj(i -> path(frame(script, i))).toList();
    }

    private static ByteBuffer frame(Script script, int xid) {
        var out = ByteBuffer.allocate(script.frameBytesMax());
        script.next(xid, out);
        return out.flip();
    }

    private static String path(ByteBuffer frame) {
        var path = new byte[frame.getInt(12)];
        frame.get(16, path);
        return new String(path, StandardCharsets.UTF_8);
    }
}
