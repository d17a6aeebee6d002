package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.xerial.snappy.SnappyInputStream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;

/// Against snappy-java, which ZooKeeper uses.
class SnappyTest {

    private final Random random = new Random(11);

    @Test
    void snappy_java_reads_what_we_write() throws IOException {
        for (int i = 0; i < 200; i++) {
            byte[] data = data(i);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (SnappyOutput snappy = new SnappyOutput(out)) {
                int half = data.length / 2;
                snappy.write(data, 0, half);
                snappy.write(data, half, data.length - half);
            }
            try (SnappyInputStream in =
                    new SnappyInputStream(new ByteArrayInputStream(out.toByteArray()))) {
                assertThat(in.readAllBytes()).isEqualTo(data);
            }
        }
    }

    @Test
    void we_read_what_snappy_java_writes() throws Exception {
        for (int i = 0; i < 200; i++) {
            byte[] data = data(i);
            byte[] block = org.xerial.snappy.Snappy.compress(data);
            byte[] out = new byte[Snappy.decompressedLength(block, 0, block.length)];
            assertThat(Snappy.decompress(block, 0, block.length, out)).isEqualTo(data.length);
            assertThat(out).isEqualTo(data);
        }
    }

    @Test
    void what_repeats_becomes_small() {
        byte[] data = new byte[32 << 10];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) "/a/path/to/a/znode".charAt(i % 18);
        }
        byte[] out = new byte[Snappy.compressedBytesMax(data.length)];
        assertThat(new Snappy().compress(data, data.length, out, 0)).isLessThan(data.length / 15);
    }

    @Test
    void noise_is_refused_or_read_but_never_overruns() throws Exception {
        byte[] block = org.xerial.snappy.Snappy.compress(data(7));
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = Arrays.copyOf(block, random.nextInt(block.length + 1));
            for (int hits = random.nextInt(5); hits > 0 && noise.length > 0; hits--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            try {
                int length = Snappy.decompressedLength(noise, 0, noise.length);
                if (length < 1 << 20) {
                    Snappy.decompress(noise, 0, noise.length, new byte[length]);
                }
            } catch (DataFormatException expected) {
                // Refused.
            }
        }
    }

    /// Texts with repetitions, runs and noise, of many lengths.
    private byte[] data(int i) {
        byte[] data = new byte[i < 40 ? i : random.nextInt(100_000)];
        int at = 0;
        while (at < data.length) {
            int count = Math.min(data.length - at, 1 + random.nextInt(300));
            switch (random.nextInt(3)) {
                case 0 -> Arrays.fill(data, at, at + count, (byte) random.nextInt(4));
                case 1 -> {
                    for (int j = at; j < at + count; j++) {
                        data[j] = (byte) random.nextInt(256);
                    }
                }
                default -> {
                    int from = random.nextInt(at + 1);
                    for (int j = 0; j < count; j++) {
                        data[at + j] = data[from + j];
                    }
                }
            }
            at += count;
        }
        return data;
    }
}
