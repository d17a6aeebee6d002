package io.witan.storage;

import static io.witan.storage.MemberDisk.append;
import static io.witan.storage.MemberDisk.snapshot;
import static io.witan.storage.MemberDisk.zxid;
import static io.witan.storage.MemberDisk.zxids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults.Operation;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/// Defects of the original in which the disk of a member plays the main part (safety, sections 2.1
/// and 2.3), each as the story that led to it. `ZK_n` is ZOOKEEPER-n.
class StorageDefectsTest {

    private static final long MUCH = 1 << 30;

    private final MemberDisk member = new MemberDisk();

    /// Transactions 1 to 30 in three files.
    @BeforeEach
    void fill() {
        member.fill(30, 10);
    }

    /// Behind the cut there were bytes of what had been taken back; the next start took them for
    /// damage, or for transactions.
    @Test
    void ZK_1489_what_is_written_behind_a_truncation_is_all_there_is() {
        for (int seed = 0; seed < 20; seed++) {
            MemberDisk cut = member.copy();
            cut.live((store, state) -> {
                store.truncate(zxid(1, 14));
                store.storeCurrentEpoch(2);
                append(store, zxid(2, 1), zxid(2, 2));
            });
            cut.disk.crash(new Random(seed));

            StoredState state =
                    cut.live((store, started) ->
                            assertThat(zxids(store.readLog(zxid(1, 12), zxid(2, 2), MUCH)))
                                    .containsExactly(
                                            zxid(1, 13), zxid(1, 14), zxid(2, 1), zxid(2, 2)));
            assertThat(state.mayVote()).as("seed %d", seed).isTrue();
            assertThat(state.lastZxid()).isEqualTo(zxid(2, 2));
        }
    }

    /// The end of the log was taken for the end of the history, and an older server was elected.
    @Test
    void ZK_582_a_snapshot_without_logs_is_as_new_as_it_is() {
        member.live((store, state) -> snapshot(store, zxid(1, 30)));
        for (String name : member.names()) {
            if (name.startsWith("log.")) {
                member.disk.remove(MemberDisk.FILES.resolve(name));
            }
        }

        StoredState state = member.live((store, started) -> append(store, zxid(1, 31)));
        assertThat(state.lastZxid()).isEqualTo(zxid(1, 30));
        assertThat(state.currentEpoch()).isEqualTo(1);
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 31));
    }

    /// The zxid that is voted with was read from the file that was damaged.
    @Test
    void ZK_596_who_cannot_read_the_end_of_its_history_votes_for_nobody() {
        String last = "log." + Long.toHexString(zxid(1, 21));
        for (int at : new int[] {2, 20, 40, 200, 700}) {
            MemberDisk hurt = member.copy();
            hurt.hurt(last, at);
            StoredState state = hurt.start();
            assertThat(state.mayVote()).as("byte %d", at).isFalse();
            assertThat(state.acceptedEpoch()).isEqualTo(3);
            assertThat(state.currentEpoch()).isEqualTo(1);
            assertThat(hurt.start().mayVote()).isFalse();
        }
    }

    /// The original went on as if it had been done.
    @Test
    void ZK_3701_a_truncation_that_the_disk_refuses_ends_the_server() {
        for (Operation refused :
                List.of(
                        Operation.SET_SIZE,
                        Operation.DELETE,
                        Operation.FORCE,
                        Operation.SYNC_DIRECTORY)) {
            MemberDisk full = member.copy();
            assertThatThrownBy(() ->
                            full.live((store, state) -> {
                                full.disk.faults((operation, path) -> {
                                    if (operation == refused) {
                                        throw new IOException("No space left on device");
                                    }
                                });
                                store.truncate(zxid(1, 14));
                            }))
                    .as("%s refused", refused)
                    .isInstanceOf(DataDirectoryException.class)
                    .hasMessageContaining("No space left on device");

            full.disk.restart();
            StoredState state =
                    full.live((store, started) -> {
                        store.truncate(zxid(1, 14));
                        append(store, zxid(1, 15));
                    });
            assertThat(state.mayVote()).isTrue();
            assertThat(state.lastZxid()).isGreaterThanOrEqualTo(zxid(1, 14));
            assertThat(full.start().lastZxid()).isEqualTo(zxid(1, 15));
        }
    }

    /// An epoch file that the power cut had left empty kept the original from starting for good.
    @Test
    void ZK_1621_1653_2307_a_power_cut_in_a_new_epoch_leaves_a_server_that_starts() {
        for (int step = 0; step < 40; step++) {
            for (int seed = 0; seed < 5; seed++) {
                MemberDisk cut = member.copy();
                int[] left = {step};
                try {
                    cut.live((store, state) -> {
                        cut.disk.faults((operation, path) -> {
                            if (left[0]-- <= 0) {
                                throw new PowerCut();
                            }
                        });
                        store.storeAcceptedEpoch(4);
                        store.storeCurrentEpoch(4);
                        append(store, zxid(4, 1));
                    });
                } catch (PowerCut e) {
                    // The machine is off.
                }
                cut.disk.crash(new Random(seed));

                StoredState state = cut.start();
                assertThat(state.mayVote()).as("step %d, seed %d", step, seed).isTrue();
                assertThat(state.acceptedEpoch()).isBetween(3L, 4L);
                assertThat(state.currentEpoch()).isLessThanOrEqualTo(state.acceptedEpoch());
                assertThat(state.lastZxid() >>> 32).isLessThanOrEqualTo(state.currentEpoch());
            }
        }
    }

    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
