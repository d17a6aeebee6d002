package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults.Operation;
import io.witan.storage.testing.FakeDisk;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

class SnapshotTest {

    private static final Path DIRECTORY = Path.of("/data/version-2");

    private final FakeDisk disk = new FakeDisk();

    SnapshotTest() throws IOException {
        disk.createDirectories(DIRECTORY);
    }

    /// The stream between header and end of nodes, written again, gives the recorded file.
    @Test
    void writes_what_the_original_wrote() {
        for (String recorded : new String[] {"small/snapshot.a", "main/snapshot.25"}) {
            String directory = recorded.substring(0, recorded.indexOf('/'));
            String name = recorded.substring(recorded.indexOf('/') + 1);
            byte[] original = Vectors.disk(directory).content(DIRECTORY.resolve(name));
            int trailer = 5 + 13 + 33 + 21;
            byte[] stream = Arrays.copyOfRange(original, 16, original.length - trailer);
            long zxid = LogFiles.zxid(name, "snapshot");
            long digest = ByteBuffer.wrap(original).getLong(original.length - 21 - 33 + 12);
            try (SnapshotWriter writer =
                    new SnapshotWriter(disk, DIRECTORY, zxid, SnapshotCompression.NONE)) {
                writer.write(stream, 0, stream.length);
                writer.finish(
                        new SnapshotTrailer(new SnapshotTrailer.Digest(zxid, 2, digest), zxid));
            }
            assertThat(disk.content(DIRECTORY.resolve(name))).isEqualTo(original);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_written_can_be_read(SnapshotCompression compression) throws Exception {
        for (int znodes : new int[] {0, 1, 100, 20_000}) {
            byte[] stream = Snapshots.stream(znodes);
            SnapshotFile file = Snapshots.write(disk, DIRECTORY, znodes, compression, stream);
            assertThat(file.bytes()).isEqualTo(disk.size(file.path()));
            assertThat(file.path().getFileName())
                    .hasToString("snapshot." + Integer.toHexString(znodes) + compression.suffix());
            Collected state = new Collected();

            SnapshotTrailer trailer = SnapshotReader.read(disk, file, state, position -> {});

            assertThat(trailer).isEqualTo(Snapshots.trailer(znodes));
            assertThat(state.znodes).hasSize(znodes + 1).isEqualTo(Snapshots.znodes(stream));
            assertThat(state.sessions).containsExactly("0x1234 30000");
            assertThat(SnapshotReader.looksWhole(disk, file)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_file_cut_anywhere_is_bad_or_an_older_one(SnapshotCompression compression) {
        SnapshotFile file = Snapshots.write(disk, DIRECTORY, 7, compression);
        byte[] content = disk.content(file.path());
        Set<Integer> olderVersions =
                compression == SnapshotCompression.NONE
                        ? Set.of(content.length - 21, content.length - 21 - 33)
                        : Set.of();
        for (int length = 0; length < content.length; length++) {
            disk.put(file.path(), Arrays.copyOf(content, length));
            String problem = SnapshotReader.problemOf(disk, file);
            if (olderVersions.contains(length)) {
                assertThat(problem).isNull();
            } else {
                assertThat(problem).as("cut at %d", length).contains("snapshot.7");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_flipped_bit_anywhere_is_found_or_changes_nothing(SnapshotCompression compression)
            throws Exception {
        SnapshotFile file = Snapshots.write(disk, DIRECTORY, 7, compression);
        byte[] content = disk.content(file.path());
        Collected original = new Collected();
        SnapshotReader.read(disk, file, original, position -> {});
        for (int bit = 0; bit < content.length * 8; bit++) {
            byte[] flipped = content.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            disk.put(file.path(), flipped);
            Collected state = new Collected();
            try {
                SnapshotReader.read(disk, file, state, position -> {});
            } catch (BadSnapshotException found) {
                continue;
            }
            // Different compressed bytes can mean the same.
            assertThat(compression != SnapshotCompression.NONE).as("byte %d", bit / 8).isTrue();
            assertThat(state.znodes).as("byte %d", bit / 8).isEqualTo(original.znodes);
            assertThat(state.sessions).isEqualTo(original.sessions);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noise_is_bad_and_costs_no_memory(SnapshotCompression compression) {
        Random random = new Random(1);
        SnapshotFile file = Snapshots.write(disk, DIRECTORY, 7, compression);
        byte[] content = disk.content(file.path());
        for (int i = 0; i < 3_000; i++) {
            byte[] noise = content.clone();
            for (int hits = 1 + random.nextInt(20); hits > 0; hits--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            }
            disk.put(file.path(), noise);
            if (!Arrays.equals(noise, content)) {
                SnapshotReader.problemOf(disk, file); // Whatever it says, it does not throw.
            }
        }
    }

    @Test
    void sections_are_told_by_their_length() throws Exception {
        byte[] stream = Snapshots.stream(3);
        for (SnapshotTrailer trailer :
                List.of(
                        SnapshotTrailer.NONE,
                        new SnapshotTrailer(new SnapshotTrailer.Digest(9, 2, 99), null),
                        new SnapshotTrailer(null, 12L),
                        new SnapshotTrailer(new SnapshotTrailer.Digest(9, 2, 99), 12L))) {
            SnapshotFile file;
            try (SnapshotWriter writer =
                    new SnapshotWriter(disk, DIRECTORY, 9, SnapshotCompression.NONE)) {
                writer.write(stream, 0, stream.length);
                file = writer.finish(trailer);
            }
            assertThat(SnapshotReader.read(disk, file, new Collected(), position -> {}))
                    .isEqualTo(trailer);
        }
    }

    @Test
    void a_znode_larger_than_the_buffer_is_read() throws Exception {
        JuteWriter out = new JuteWriter();
        out.writeInt(0).writeInt(0);
        byte[] data = new byte[5 << 20];
        new Random(3).nextBytes(data);
        for (String path : List.of("", "/large", "/after")) {
            out.writeBuffer(path.getBytes(StandardCharsets.UTF_8));
            out.writeBuffer(path.equals("/large") ? data : null).writeLong(-1);
            StoredStat.ZERO.write(out);
        }
        SnapshotFile file =
                Snapshots.write(disk, DIRECTORY, 1, SnapshotCompression.SNAPPY, out.toByteArray());
        Collected state = new Collected();
        SnapshotReader.read(disk, file, state, position -> {});
        assertThat(state.znodes).hasSize(3);
        assertThat(state.znodes.get(1)).hasSizeGreaterThan(10 << 20);
        assertThat(state.znodes.get(2)).startsWith("/after null");
    }

    @Test
    void nothing_has_the_name_of_a_snapshot_before_it_is_durable() {
        byte[] stream = Snapshots.stream(50);
        for (int step = 0; step < 12; step++) {
            for (int seed = 0; seed < 20; seed++) {
                FakeDisk crashing = new FakeDisk();
                Snapshots.write(prepared(crashing), DIRECTORY, 7, SnapshotCompression.NONE);
                byte[] old = crashing.content(DIRECTORY.resolve("snapshot.7"));
                int[] left = {step};
                crashing.faults((operation, path) -> {
                    if (left[0]-- == 0) {
                        throw new IllegalStateException("power cut");
                    }
                });
                boolean finished = false;
                try {
                    Snapshots.write(crashing, DIRECTORY, 7, SnapshotCompression.NONE, stream);
                    finished = true;
                } catch (IllegalStateException expected) {
                    // The machine is off.
                }
                crashing.crash(new Random(seed));
                SnapshotFile file =
                        new SnapshotFile(
                                DIRECTORY.resolve("snapshot.7"), 7, SnapshotCompression.NONE, 0);
                assertThat(SnapshotReader.problemOf(crashing, file))
                        .as("step %d, seed %d", step, seed)
                        .isNull();
                if (finished) {
                    assertThat(crashing.content(file.path())).isNotEqualTo(old);
                }
            }
        }
    }

    @Test
    void a_snapshot_that_cannot_be_written_leaves_nothing_behind() throws IOException {
        disk.capacityBytes(3_000);
        byte[] stream = Snapshots.stream(1_000);
        assertThatThrownBy(
                        () -> Snapshots.write(disk, DIRECTORY, 7, SnapshotCompression.NONE, stream))
                .isInstanceOf(SnapshotWriteException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("The server goes on");
        assertThat(disk.list(DIRECTORY)).isEmpty();
    }

    @Test
    void a_snapshot_given_up_leaves_nothing_behind() throws IOException {
        try (SnapshotWriter writer =
                new SnapshotWriter(disk, DIRECTORY, 7, SnapshotCompression.GZIP)) {
            writer.write(new byte[1000], 0, 1000);
        }
        assertThat(disk.list(DIRECTORY)).isEmpty();
    }

    @Test
    void a_large_snapshot_is_flushed_in_pieces() {
        int[] forces = new int[1];
        disk.faults((operation, path) -> {
            if (operation == Operation.FORCE) {
                forces[0]++;
            }
        });
        try (SnapshotWriter writer =
                new SnapshotWriter(disk, DIRECTORY, 7, SnapshotCompression.NONE)) {
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < 20; i++) {
                writer.write(piece, 0, piece.length);
            }
            writer.finish(SnapshotTrailer.NONE);
        }
        assertThat(forces[0]).isEqualTo(20);
    }

    private static FakeDisk prepared(FakeDisk disk) {
        disk.put(DIRECTORY.resolve("other"), new byte[0]);
        return disk;
    }
}
