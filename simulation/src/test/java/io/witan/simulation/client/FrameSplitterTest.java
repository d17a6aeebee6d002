package io.witan.simulation.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class FrameSplitterTest {

    @Test
    void frames_come_out_whole_however_the_stream_is_cut() {
        byte[] stream =
                ByteBuffer.allocate(4 + 3 + 4 + 4 + 1)
                        .putInt(3)
                        .put(new byte[] {1, 2, 3})
                        .putInt(0)
                        .putInt(1)
                        .put((byte) 9)
                        .array();

        for (int cut = 0; cut <= stream.length; cut++) {
            List<byte[]> frames = new ArrayList<>();
            var splitter = new FrameSplitter(frames::add);
            splitter.received(Arrays.copyOfRange(stream, 0, cut));
            splitter.received(Arrays.copyOfRange(stream, cut, stream.length));

            assertThat(frames).containsExactly(new byte[] {1, 2, 3}, new byte[0], new byte[] {9});
        }
    }
}
