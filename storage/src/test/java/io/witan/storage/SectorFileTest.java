package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class SectorFileTest {

    private static final int SIZE = 1 << 20;

    private final FakeDisk disk = new FakeDisk();
    private final Path path = Path.of("/data/log");
    private final byte[] content = new byte[SIZE];

    @BeforeEach
    void createDirectory() throws IOException {
        disk.createDirectories(Path.of("/data"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void holds_what_was_written_wherever_the_system_stops_taking_sectors(long seed)
            throws IOException {
        Random random = new Random(seed);
        random.nextBytes(content);
        try (DiskFile cached = disk.create(path)) {
            Sectors sectors = new Sectors(cached, seed % 2 == 0 ? random.nextInt(40) : 1 << 30);
            SectorFile file = new SectorFile(path, cached, () -> sectors);
            file.setSize(SIZE);
            int end = 0;
            while (end < SIZE) {
                int bound = random.nextInt(20) == 0 ? 300_000 : 3_000;
                int count = Math.min(1 + random.nextInt(bound), SIZE - end);
                file.write(ByteBuffer.wrap(content, end, count), end);
                end += count;
                assertBegins(read(cached), end);
            }
            assertThat(file.isWrittenInSectors()).isEqualTo(seed % 2 != 0);
            assertThat(sectors.written).hasSizeGreaterThan(seed % 2 == 0 ? 0 : 50);
            assertThat(cached.size()).isEqualTo(SIZE);
        }
    }

    @Test
    void a_piece_is_written_with_the_beginning_of_its_sector_and_zeros_to_the_end_of_its_last()
            throws IOException {
        try (DiskFile cached = disk.create(path)) {
            Sectors sectors = new Sectors(cached, 1 << 30);
            SectorFile file = new SectorFile(path, cached, () -> sectors);
            file.setSize(SIZE);
            file.write(ByteBuffer.allocate((int) SectorFile.SECTORS_FROM), 0);
            assertThat(sectors.written).isEmpty();
            file.write(ByteBuffer.allocate(200), SectorFile.SECTORS_FROM);
            file.write(ByteBuffer.allocate(400), SectorFile.SECTORS_FROM + 200);
            file.write(ByteBuffer.allocate(424), SectorFile.SECTORS_FROM + 600);
            file.write(ByteBuffer.allocate(1), SectorFile.SECTORS_FROM + 1024);
            assertThat(sectors.written)
                    .containsExactly("65536+512", "65536+1024", "66048+512", "66560+512");
        }
    }

    @Test
    void never_makes_the_file_longer_than_its_bytes_and_what_was_asked_for() throws IOException {
        new Random(1).nextBytes(content);
        try (DiskFile cached = disk.create(path)) {
            Sectors sectors = new Sectors(cached, 1 << 30);
            SectorFile file = new SectorFile(path, cached, () -> sectors);
            int end = 0;
            for (int i = 0; end < 70_000; i++) {
                int count = 100 + i % 7;
                file.write(ByteBuffer.wrap(content, end, count), end);
                end += count;
                assertThat(file.size()).isEqualTo(end);
            }
            file.setSize(end + 700);
            file.write(ByteBuffer.wrap(content, end, 300), end);
            assertThat(file.size()).isEqualTo(end + 700);
            assertBegins(read(cached), end + 300);
            assertThat(sectors.written).isNotEmpty();
        }
    }

    @Test
    void where_there_is_no_way_past_the_cache_all_goes_through_it() throws IOException {
        new Random(1).nextBytes(content);
        try (DiskFile cached = disk.create(path);
                SectorFile file = new SectorFile(path, cached, () -> null)) {
            file.setSize(SIZE);
            file.write(ByteBuffer.wrap(content, 0, 100_000), 0);
            file.write(ByteBuffer.wrap(content, 100_000, 1), 100_000);
            assertThat(file.isWrittenInSectors()).isFalse();
            assertBegins(read(cached), 100_001);
        }
    }

    @Test
    void refuses_a_gap() throws IOException {
        try (DiskFile cached = disk.create(path)) {
            SectorFile file = new SectorFile(path, cached, () -> null);
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("position 1, end 0");
        }
    }

    private void assertBegins(byte[] actual, int end) {
        assertThat(Arrays.mismatch(actual, 0, end, content, 0, end)).isEqualTo(-1);
        for (int i = end; i < actual.length; i++) {
            if (actual[i] != 0) {
                throw new AssertionError("not zero behind " + end + ": " + i);
            }
        }
    }

    private static byte[] read(DiskFile file) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) file.size());
        file.read(all, 0);
        return all.array();
    }

    /// Takes so many writes, of whole sectors at whole places within the file, and the next in
    /// part.
    private static final class Sectors implements DirectWrites {

        final List<String> written = new ArrayList<>();
        private final DiskFile file;
        private final int writesMax;

        Sectors(DiskFile file, int writesMax) {
            this.file = file;
            this.writesMax = writesMax;
        }

        @Override
        public int openDirect(Path path) {
            return 7;
        }

        @Override
        public long write(int descriptor, MemorySegment source, long length, long position) {
            assertThat(descriptor).isEqualTo(7);
            assertThat(length % SectorFile.SECTOR_BYTES).isZero();
            assertThat(position % SectorFile.SECTOR_BYTES).isZero();
            assertThat(source.address() % 4096).isZero();
            boolean refused = written.size() == writesMax;
            long count = refused ? length / 1024 * 512 : length;
            try {
                assertThat(position + length).isLessThanOrEqualTo(file.size());
                file.write(source.asSlice(0, count).asByteBuffer(), position);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            written.add(position + "+" + length);
            return refused ? count - 1 : count;
        }

        @Override
        public void close(int descriptor) {
            assertThat(descriptor).isEqualTo(7);
        }
    }
}
