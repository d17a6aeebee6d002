package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.FakeDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/// What a failing disk can do to a log is found and named, or it does no harm. No transaction that
/// was acknowledged is ever left out in silence: these are the holes that ZooKeeper leaves (safety,
/// section 2.3).
class DamagedLogTest {

    private static final Path DATA = Path.of("/data");
    private static final Path DIRECTORY = DATA.resolve("version-2");
    private static final Path FIRST = DIRECTORY.resolve("log.1");
    private static final Path LAST = DIRECTORY.resolve("log.5");

    private final FakeDisk disk = new FakeDisk();
    private final List<byte[]> payloads = new ArrayList<>();

    /// log.1 with transactions 1 to 4, log.5 with 5 to 8, padding behind both.
    @BeforeEach
    void writeTwoLogs() {
        for (long zxid = 1; zxid <= 8; zxid++) {
            payloads.add(Txns.create(zxid));
        }
        write(disk, payloads, 4);
    }

    @Test
    void every_flipped_bit_is_found_or_harmless() {
        int harmless = 0;
        for (Path file : List.of(FIRST, LAST)) {
            byte[] content = disk.content(file);
            int end = recordsEnd(file);
            for (int bit = 0; bit < (end + 40) * 8; bit++) {
                byte[] flipped = content.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                Outcome outcome = outcome(file, flipped);
                boolean mayMatter = bit / 8 < 4 || (bit / 8 >= 16 && bit / 8 < end);
                assertThat(outcome.isRefused())
                        .as("bit %d of byte %d of %s", bit % 8, bit / 8, file)
                        .isEqualTo(mayMatter);
                if (!mayMatter) {
                    assertThat(outcome.zxids).as("byte %d", bit / 8).isEqualTo(zxids(8));
                    harmless++;
                }
            }
        }
        assertThat(harmless).isEqualTo(2 * (12 + 40) * 8);
    }

    @Test
    void a_last_log_cut_anywhere_loses_only_what_is_cut() {
        byte[] content = disk.content(LAST);
        List<Integer> ends = recordEnds(LAST);
        for (int length = 0; length < ends.getLast() + 20; length++) {
            Outcome outcome = outcome(LAST, Arrays.copyOf(content, length));
            int cut = length;
            long whole = 4 + ends.stream().filter(end -> end <= cut).count();
            assertThat(outcome.zxids).as("cut at %d", length).isEqualTo(zxids(whole));
        }
    }

    /// The padding is there, the last writes are not.
    @Test
    void a_last_log_with_zeros_from_anywhere_loses_only_what_is_zero() {
        byte[] content = disk.content(LAST);
        List<Integer> ends = recordEnds(LAST);
        for (int from = 0; from < ends.getLast(); from++) {
            byte[] torn = content.clone();
            Arrays.fill(torn, from, torn.length, (byte) 0);
            int cut = from;
            long whole = 4 + ends.stream().filter(end -> end <= cut).count();
            Outcome outcome = outcome(LAST, torn);
            if (from > 0 && from < 4) {
                assertThat(outcome.refusal).as("half of the magic").isNotEmpty();
            } else {
                assertThat(outcome.zxids).as("zeros from %d", from).isEqualTo(zxids(whole));
            }
        }
    }

    @Test
    void an_older_log_cut_anywhere_is_a_hole_and_named() {
        byte[] content = disk.content(FIRST);
        int end = recordsEnd(FIRST);
        for (int length = 0; length < end + 20; length++) {
            Outcome outcome = outcome(FIRST, Arrays.copyOf(content, length));
            if (length < end) {
                assertThat(outcome.refusal).as("cut at %d", length).isNotEmpty();
                assertThat(outcome.refusal).contains("log.5", "0x5", "missing");
            } else {
                assertThat(outcome.zxids).isEqualTo(zxids(8));
            }
        }
    }

    @Test
    void every_record_overwritten_by_zeros_is_found_if_another_follows() {
        for (Path file : List.of(FIRST, LAST)) {
            byte[] content = disk.content(file);
            List<Integer> ends = recordEnds(file);
            for (int i = 0; i < ends.size(); i++) {
                byte[] zeroed = content.clone();
                int from = i == 0 ? 16 : ends.get(i - 1);
                Arrays.fill(zeroed, from, ends.get(i), (byte) 0);
                Outcome outcome = outcome(file, zeroed);
                if (file.equals(LAST) && i == ends.size() - 1) {
                    // Nobody can tell that from a record that was never written.
                    assertThat(outcome.zxids).isEqualTo(zxids(7));
                } else {
                    assertThat(outcome.refusal).as("record %d of %s", i, file).isNotEmpty();
                    assertThat(outcome.refusal).contains("missing");
                }
            }
        }
    }

    @Test
    void every_record_in_a_place_not_its_own_is_found() {
        List<Integer> ends = recordEnds(LAST);
        byte[] last = disk.content(LAST);
        for (int to = 0; to < ends.size(); to++) {
            for (int from = 0; from < ends.size(); from++) {
                int fromStart = from == 0 ? 16 : ends.get(from - 1);
                int toStart = to == 0 ? 16 : ends.get(to - 1);
                byte[] misplaced = last.clone();
                System.arraycopy(last, fromStart, misplaced, toStart, ends.get(from) - fromStart);
                Outcome outcome = outcome(LAST, misplaced);
                assertThat(outcome.isRefused())
                        .as("record %d at the place of %d", from, to)
                        .isEqualTo(from != to);
            }
        }
    }

    @Test
    void a_failed_write_in_the_place_of_its_successor_is_found() {
        FakeDisk other = new FakeDisk();
        List<byte[]> failures = new ArrayList<>();
        for (long zxid = 1; zxid <= 3; zxid++) {
            failures.add(Txns.failed(zxid, -101));
        }
        write(other, failures, 8);
        byte[] content = other.content(FIRST);
        int length = 12 + failures.get(0).length + 1;
        // 1, 2, 2: the last could pass for the repeated zxid that ZooKeeper writes.
        System.arraycopy(content, 16 + length, content, 16 + 2 * length, length);
        other.put(FIRST, content);

        assertThatThrownBy(() -> recover(other, new Collected()))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("wrong place");
    }

    @Test
    void zeros_anywhere_are_found_if_a_whole_record_follows() {
        Random random = new Random(7);
        byte[] content = disk.content(LAST);
        List<Integer> ends = recordEnds(LAST);
        int lastStart = ends.get(ends.size() - 2);
        for (int i = 0; i < 2_000; i++) {
            int from = 16 + random.nextInt(lastStart - 16);
            int to = from + 1 + random.nextInt(lastStart - from);
            byte[] hurt = content.clone();
            Arrays.fill(hurt, from, to, (byte) 0);
            if (Arrays.equals(hurt, content)) {
                continue; // There were zeros before.
            }
            assertThat(outcome(LAST, hurt).refusal)
                    .as("zeros from %d to %d", from, to)
                    .isNotEmpty();
        }
    }

    @Test
    void a_missing_log_is_a_hole() {
        FakeDisk without = disk.copy();
        without.remove(FIRST);
        assertThatThrownBy(() -> recover(without, new Collected()))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("transactions 0x1 to 0x4 are missing");
    }

    @Test
    void a_missing_log_is_none_if_the_snapshot_covers_it() {
        FakeDisk without = disk.copy();
        without.remove(FIRST);
        Snapshots.write(without, DIRECTORY, 4, SnapshotCompression.NONE);

        Collected state = new Collected();
        assertThat(recover(without, state).lastZxid()).isEqualTo(8);
        assertThat(state.zxids).containsExactly(5L, 6L, 7L, 8L);
    }

    /// ZooKeeper goes on with the older snapshot and leaves out what the deleted log held.
    @Test
    void a_bad_snapshot_whose_logs_are_gone_is_a_hole() {
        FakeDisk purged = disk.copy();
        purged.remove(FIRST);
        SnapshotFile snapshot = Snapshots.write(purged, DIRECTORY, 4, SnapshotCompression.NONE);
        byte[] content = purged.content(snapshot.path());
        content[60] ^= 1;
        purged.put(snapshot.path(), content);

        assertThatThrownBy(() -> recover(purged, new Collected()))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("the snapshot ends with transaction 0x0");
    }

    @Test
    void a_log_under_the_name_of_another_is_found() {
        FakeDisk swapped = disk.copy();
        swapped.put(FIRST, disk.content(LAST));
        assertThatThrownBy(() -> recover(swapped, new Collected()))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("as its name says");
    }

    @Test
    void an_unreadable_sector_is_named() {
        FakeDisk failing = disk.copy();
        failing.makeUnreadable(LAST, 100, 200);
        assertThatThrownBy(() -> recover(failing, new Collected()))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("Input/output error");
    }

    @Test
    void a_torn_tail_of_an_older_log_is_passed_over_if_nothing_is_missing() {
        byte[] content = disk.content(FIRST);
        byte[] tail = frameOf(Txns.create(5, new byte[] {1}));
        FakeDisk crashedBefore = disk.copy();
        int end = recordsEnd(FIRST);
        System.arraycopy(tail, 0, content, end, tail.length - 3);
        crashedBefore.put(FIRST, content);

        Collected state = new Collected();
        Recovered recovered = recover(crashedBefore, state);

        assertThat(state.zxids).isEqualTo(zxids(8));
        assertThat(recovered.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("nothing is missing"));
    }

    @Test
    void a_tail_torn_in_the_middle_of_a_large_record_is_cut() {
        FakeDisk large = new FakeDisk();
        write(large, List.of(Txns.create(1), Txns.createLarge(2, 4_000)), 8);
        byte[] content = large.content(FIRST);
        for (int sector = 1; sector < 8; sector++) {
            byte[] torn = content.clone();
            Arrays.fill(torn, sector * 512, sector * 512 + 512, (byte) 0);
            large.put(FIRST, torn);
            Collected state = new Collected();
            assertThat(recover(large.copy(), state).lastZxid())
                    .as("sector %d", sector)
                    .isEqualTo(1);
        }
    }

    @Test
    void a_record_longer_than_any_limit_is_read_if_it_is_there() {
        FakeDisk large = new FakeDisk();
        write(large, List.of(Txns.create(1), Txns.createLarge(2, 5 << 20), Txns.create(3)), 8);
        assertThat(recover(large, new Collected()).lastZxid()).isEqualTo(3);
    }

    @Test
    void a_transaction_of_an_unknown_type_is_refused_with_its_type() {
        byte[] unknown = Txns.create(2);
        unknown[31] = 99;
        FakeDisk newer = new FakeDisk();
        write(newer, List.of(Txns.create(1), unknown), 8);
        assertThatThrownBy(() -> recover(newer, new Collected()))
                .isInstanceOf(DamagedLogException.class)
                .hasMessageContaining("unknown transaction type 99")
                .hasMessageContaining("0x2");
    }

    /// `refusal` is empty if the log was accepted.
    private record Outcome(List<Long> zxids, String refusal) {

        boolean isRefused() {
            return !refusal.isEmpty();
        }
    }

    private Outcome outcome(Path file, byte[] content) {
        FakeDisk copy = disk.copy();
        copy.put(file, content);
        Collected state = new Collected();
        try {
            recover(copy, state);
        } catch (DamagedLogException e) {
            return new Outcome(List.of(), e.toString());
        }
        for (int i = 0; i < state.payloads.size(); i++) {
            assertThat(state.payloads.get(i)).isEqualTo(payloads.get(i));
        }
        return new Outcome(state.zxids, "");
    }

    private List<Integer> recordEnds(Path file) {
        List<Integer> ends = new ArrayList<>();
        int position = 16;
        int first = file.equals(FIRST) ? 0 : 4;
        for (byte[] payload : payloads.subList(first, first + 4)) {
            position += 12 + payload.length + 1;
            ends.add(position);
        }
        return ends;
    }

    private int recordsEnd(Path file) {
        return recordEnds(file).getLast();
    }

    private static byte[] frameOf(byte[] payload) {
        FakeDisk scratch = new FakeDisk();
        write(scratch, List.of(payload), 8, 4);
        byte[] log = scratch.content(DIRECTORY.resolve("log.5"));
        return Arrays.copyOfRange(log, 16, 16 + 12 + payload.length + 1);
    }

    private static List<Long> zxids(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static void write(FakeDisk disk, List<byte[]> payloads, int rollAfter) {
        write(disk, payloads, rollAfter, 0);
    }

    private static void write(FakeDisk disk, List<byte[]> payloads, int rollAfter, long lastZxid) {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true);
                LogWriter writer =
                        new LogWriter(
                                disk,
                                directory.logDirectory(),
                                LogSettings.DEFAULT.withPreallocBytes(4096),
                                LogListener.NONE,
                                lastZxid)) {
            Snapshots.write(disk, DIRECTORY, 0, SnapshotCompression.NONE);
            int count = 0;
            for (byte[] payload : payloads) {
                writer.append(payload, 0, payload.length);
                writer.commit();
                if (++count % rollAfter == 0) {
                    writer.roll();
                }
            }
        }
    }

    private static Recovered recover(FakeDisk disk, RecoveryVisitor visitor) {
        try (DataDirectory directory = DataDirectory.open(disk, DATA, DATA, true)) {
            return Recovery.recover(directory, RecoverySettings.DEFAULT, visitor);
        }
    }
}
