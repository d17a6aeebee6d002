package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import io.witan.storage.testing.FakeDisk;
import io.witan.wire.data.Acl;
import io.witan.wire.file.LogFormat;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.TxnCodec;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Adler32;

/// Files of real servers with damage of all kinds: the readers say what is wrong, or read what is
/// right, and never anything else. The original's own blind spots are among what is found here
/// (a zeroed record, a flipped end byte).
///
/// Each build takes fresh random values, and a failure prints what to replay it with. A long run:
///
///     mvn -pl storage -am test -Dtest=FileFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
///         -Djqwik.tries.default=1000000
class FileFuzzTest {

    private static final Path ANY = Path.of("/any");

    private static final int[] NOTABLE_INTS = {
        -1,
        -2,
        0,
        1,
        2,
        16,
        128,
        65_536,
        2_097_151,
        1 << 20,
        1 << 30,
        Integer.MAX_VALUE - 4,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE
    };

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Bytes are overwritten, or the file ends early.
    ///
    /// @param at where, as a fraction of the file of 2^20 parts
    /// @param count bytes that are overwritten; 0: the file ends here
    record Damage(int at, int count, int value) {

        byte[] applyTo(byte[] file) {
            int position = (int) (((long) at * file.length) >>> 20);
            if (count == 0) {
                return Arrays.copyOf(file, position);
            }
            byte[] damaged = file.clone();
            for (int i = 0; i < count && position + i < damaged.length; i++) {
                damaged[position + i] = (byte) (value >>> (8 * ((3 - i) & 3)));
            }
            return damaged;
        }
    }

    @Property(seed = "2026")
    void a_damaged_snapshot_is_bad_or_has_all_its_content(
            @ForAll("snapshots") Sample snapshot, @ForAll("damages") List<Damage> damages) {
        byte[] damaged = damaged(snapshot.bytes, damages);

        try {
            readSnapshot(snapshot, damaged);
        } catch (BadSnapshotException e) {
            assertThat(e.getMessage()).startsWith("any");
        }
    }

    /// Such a length overflowed an int and ended the start with an ArithmeticException, when an
    /// older snapshot would have done.
    @Example
    void a_snapshot_with_a_length_near_two_gigabytes_is_bad() {
        for (Sample snapshot : samples("snapshot.0")) {
            for (int at = 16; at < snapshot.bytes.length - 4; at++) {
                byte[] damaged = snapshot.bytes.clone();
                ByteBuffer.wrap(damaged).putInt(at, Integer.MAX_VALUE - 4);

                assertThatThrownBy(() -> readSnapshot(snapshot, damaged))
                        .isInstanceOf(BadSnapshotException.class);
            }
        }
    }

    @Property(seed = "2026")
    void a_snapshot_costs_memory_by_its_size_and_not_by_what_it_claims(
            @ForAll("snapshots") Sample snapshot, @ForAll("damages") List<Damage> damages) {
        byte[] damaged = damaged(snapshot.bytes, damages);
        if (snapshot.compression() == SnapshotCompression.SNAPPY) {
            return; // A chunk may be as large as its length says.
        }

        long first = bytesAllocatedToRead(snapshot, damaged);
        long second = bytesAllocatedToRead(snapshot, damaged);

        // The first time classes are loaded too.
        assertThat(Math.min(first, second)).isLessThan((4L << 20) + 24L * damaged.length);
    }

    private static long bytesAllocatedToRead(Sample snapshot, byte[] bytes) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            readSnapshot(snapshot, bytes);
        } catch (BadSnapshotException e) {
            // Its cost is what is measured.
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /// The one thing that must not happen: a record is gone, and nobody says so. Only zeros from
    /// there to the end of the file cannot be told from padding.
    @Property(seed = "2026")
    void a_damaged_log_gives_a_prefix_of_its_records_and_says_why_it_stops(
            @ForAll("logs") Sample log, @ForAll("damages") List<Damage> damages)
            throws IOException {
        byte[] damaged = damaged(log.bytes, damages);
        List<byte[]> whole = records(log.bytes).payloads;

        ReadLog read = records(damaged);

        assertThat(read.payloads.size()).isLessThanOrEqualTo(whole.size());
        for (int i = 0; i < read.payloads.size(); i++) {
            // Rarely, another payload has the same checksum: +1, -2 and +1 in bytes equally far
            // apart are enough for Adler-32, which is the format's.
            assertThat(adler(read.payloads.get(i))).isEqualTo(adler(whole.get(i)));
            assertThat(read.payloads.get(i)).hasSameSizeAs(whole.get(i));
        }
        boolean isClean = read.end.kind() == LogEnd.Kind.CLEAN;
        assertThat(isClean).isEqualTo(isZeroFrom(damaged, (int) read.end.offset()));
    }

    private static long adler(byte[] bytes) {
        Adler32 adler = new Adler32();
        adler.update(bytes);
        return adler.getValue();
    }

    private static boolean isZeroFrom(byte[] file, int offset) {
        for (int i = offset; i < file.length; i++) {
            if (file[i] != 0) {
                return false;
            }
        }
        return offset >= LogFormat.HEADER_BYTES;
    }

    @Property(seed = "2026")
    void one_overwritten_place_before_the_last_record_is_damage(
            @ForAll("logs") Sample log, @ForAll("overwrites") Damage damage) throws IOException {
        byte[] damaged = damage.applyTo(log.bytes);
        List<byte[]> whole = records(log.bytes).payloads;

        ReadLog read = records(damaged);

        // One place can hurt two records; a third one is then whole behind them.
        if (read.payloads.size() < whole.size() - 2) {
            assertThat(read.end.kind()).isEqualTo(LogEnd.Kind.DAMAGED);
        }
    }

    /// Payloads with right checksums that no server ever wrote.
    @Property(seed = "2026")
    void any_payload_is_decoded_or_refused(
            @ForAll("logs") Sample log, @ForAll("damages") List<Damage> damages)
            throws IOException {
        for (byte[] payload : records(log.bytes).payloads) {
            byte[] changed = damaged(payload, damages);
            JuteReader in = new JuteReader(Integer.MAX_VALUE).reset(changed, 0, changed.length);
            try {
                assertThat(TxnCodec.read(in)).isNotNull();
            } catch (DecodeException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static void readSnapshot(Sample snapshot, byte[] bytes) throws BadSnapshotException {
        SnapshotFile file = new SnapshotFile(ANY, 0, snapshot.compression(), bytes.length);
        Disk disk = diskWith(bytes);
        assertThat(SnapshotReader.looksWhole(disk, file)).isIn(true, false);
        SnapshotReader.read(disk, file, new Ignoring(), position -> {});
    }

    private record ReadLog(List<byte[]> payloads, LogEnd end) {}

    private static ReadLog records(byte[] bytes) throws IOException {
        List<byte[]> payloads = new ArrayList<>();
        try (LogReader reader = LogReader.open(diskWith(bytes), ANY)) {
            while (reader.next()) {
                int from = reader.payloadOffset();
                payloads.add(
                        Arrays.copyOfRange(reader.bytes(), from, from + reader.payloadLength()));
            }
            return new ReadLog(payloads, reader.end());
        }
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        return damage(Arbitraries.integers().between(0, 700)).list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<Damage> overwrites() {
        return damage(Arbitraries.integers().between(1, 12));
    }

    private static Arbitrary<Damage> damage(Arbitrary<Integer> count) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, (1 << 20) - 1),
                        count,
                        Arbitraries.oneOf(
                                Arbitraries.of(Arrays.stream(NOTABLE_INTS).boxed().toList()),
                                Arbitraries.integers()))
                .as(Damage::new);
    }

    @Provide
    Arbitrary<Sample> logs() {
        return Arbitraries.of(samples("log."));
    }

    @Provide
    Arbitrary<Sample> snapshots() {
        return Arbitraries.of(samples("snapshot."));
    }

    /// A file of a real server, without most of its padding.
    record Sample(String name, byte[] bytes) {

        SnapshotCompression compression() {
            return name.endsWith(".gz")
                    ? SnapshotCompression.GZIP
                    : name.endsWith(".snappy")
                            ? SnapshotCompression.SNAPPY
                            : SnapshotCompression.NONE;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Sample> samples(String prefix) {
        List<Sample> samples = new ArrayList<>();
        for (String folder : List.of("main", "small", "gzip", "snappy", "old", "dup", "v0")) {
            Path directory = Path.of("../testdata/vectors/disk", folder, "version-2");
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    if (file.getFileName().toString().startsWith(prefix)) {
                        byte[] bytes = withoutMostPadding(Files.readAllBytes(file));
                        samples.add(new Sample(folder + "/" + file.getFileName(), bytes));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return samples;
    }

    private static byte[] withoutMostPadding(byte[] file) {
        int end = file.length;
        while (end > LogFormat.HEADER_BYTES && file[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(file, Math.min(file.length, end + 1024));
    }

    private static byte[] damaged(byte[] file, List<Damage> damages) {
        byte[] damaged = file;
        for (Damage damage : damages) {
            damaged = damage.applyTo(damaged);
        }
        return damaged;
    }

    private static Disk diskWith(byte[] bytes) {
        FakeDisk disk = new FakeDisk();
        disk.put(ANY, bytes);
        return disk;
    }

    private static final class Ignoring implements SnapshotVisitor {

        @Override
        public void session(long id, int timeoutMillis) {}

        @Override
        public void acl(long key, @Nullable List<Acl> list) {}

        @Override
        public void znode(
                byte[] buffer,
                int pathOffset,
                int pathLength,
                int dataOffset,
                int dataLength,
                long aclKey,
                long czxid,
                long mzxid,
                long ctime,
                long mtime,
                int version,
                int cversion,
                int aversion,
                long ephemeralOwner,
                long pzxid) {
            assertThat(pathOffset + pathLength).isLessThanOrEqualTo(buffer.length);
            assertThat(dataOffset + dataLength).isLessThanOrEqualTo(buffer.length);
        }
    }
}
