package io.witan.storage;

import static io.witan.storage.MemberDisk.append;
import static io.witan.storage.MemberDisk.replace;
import static io.witan.storage.MemberDisk.snapshot;
import static io.witan.storage.MemberDisk.zxid;
import static io.witan.storage.MemberDisk.zxids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class EnsembleStoreTest {

    private static final long MUCH = 1 << 30;

    private final MemberDisk member = new MemberDisk();

    // ---- start

    @Test
    void a_new_member_has_promised_nothing_and_may_vote() {
        StoredState state = member.start();
        assertThat(state.mayVote()).isTrue();
        assertThat(state.snapshotNeeded()).isTrue();
        assertThat(state.lastZxid()).isZero();
        assertThat(member.names()).containsExactly("acceptedEpoch", "currentEpoch", "snapshot.0");
        assertThat(member.start().snapshotNeeded()).isFalse();
    }

    @Test
    void nothing_is_stored_before_the_first_snapshot() {
        try (DataDirectory directory =
                        DataDirectory.open(member.disk, MemberDisk.DATA, MemberDisk.DATA, true);
                EnsembleStore store =
                        new EnsembleStore(directory, member.settings, LogListener.NONE)) {
            store.load(new HashedState());
            assertThatThrownBy(() -> append(store, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.storeAcceptedEpoch(1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void the_end_of_the_log_is_given_within_its_bounds() {
        member.fill(30, 10);
        member.settings = member.settings.withRecent(4, MUCH);
        StoredState state = member.start();
        assertThat(zxids(state.recent()))
                .containsExactly(zxid(1, 27), zxid(1, 28), zxid(1, 29), zxid(1, 30));
        assertThat(state.recent().getLast().bytes()).isEqualTo(Txns.create(zxid(1, 30)));

        member.settings = member.settings.withRecent(100, 2L * Txns.create(zxid(1, 30)).length + 1);
        assertThat(zxids(member.start().recent())).containsExactly(zxid(1, 29), zxid(1, 30));
    }

    @Test
    void loading_again_gives_what_is_on_the_disk() {
        member.fill(5, 10);
        member.live((store, state) -> {
            append(store, zxid(1, 6));
            store.append(zxid(1, 7), Txns.create(zxid(1, 7)));
            assertThat(store.load(new HashedState()).lastZxid()).isEqualTo(zxid(1, 7));
            append(store, zxid(1, 8));
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 8));
    }

    // ---- epochs

    @Test
    void epochs_are_remembered_and_never_fall() {
        member.live((store, state) -> {
            store.storeAcceptedEpoch(7);
            store.storeCurrentEpoch(5);
            assertThatThrownBy(() -> store.storeAcceptedEpoch(6))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.storeCurrentEpoch(4))
                    .isInstanceOf(IllegalStateException.class);
        });
        StoredState state = member.start();
        assertThat(state.acceptedEpoch()).isEqualTo(7);
        assertThat(state.currentEpoch()).isEqualTo(5);
    }

    @Test
    void no_history_is_newer_than_the_current_epoch_and_that_not_than_the_accepted_one() {
        member.live((store, state) -> {
            store.storeAcceptedEpoch(2);
            assertThatThrownBy(() -> store.storeCurrentEpoch(3))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> append(store, zxid(1, 1)))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.beginReplacement(zxid(3, 1)))
                    .isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void a_directory_without_epoch_files_has_those_of_its_last_transaction() {
        member.fill(3, 10);
        member.disk.remove(MemberDisk.FILES.resolve("acceptedEpoch"));
        member.disk.remove(MemberDisk.FILES.resolve("currentEpoch"));
        StoredState state = member.start();
        assertThat(state.mayVote()).isTrue();
        assertThat(state.acceptedEpoch()).isEqualTo(1);
        assertThat(state.currentEpoch()).isEqualTo(1);
        assertThat(member.text("acceptedEpoch")).isEqualTo("1");
        assertThat(member.text("currentEpoch")).isEqualTo("1");
    }

    @Test
    void the_first_start_may_end_between_the_two_files() {
        member.fill(3, 10);
        member.put("acceptedEpoch", "1");
        member.disk.remove(MemberDisk.FILES.resolve("currentEpoch"));
        StoredState state = member.start();
        assertThat(state.mayVote()).isTrue();
        assertThat(state.currentEpoch()).isEqualTo(1);
    }

    @Test
    void a_lost_or_unreadable_epoch_costs_the_vote_and_nothing_else() {
        for (String name : List.of("acceptedEpoch", "currentEpoch")) {
            for (boolean lost : List.of(true, false)) {
                MemberDisk hurt = new MemberDisk();
                hurt.fill(3, 10);
                if (lost) {
                    hurt.disk.remove(MemberDisk.FILES.resolve(name));
                } else {
                    hurt.put(name, "");
                }
                StoredState state = hurt.start();
                assertThat(state.damage()).as("%s %s", name, lost).contains(name);
                assertThat(state.lastZxid()).isEqualTo(zxid(1, 3));
                assertThat(state.currentEpoch()).isEqualTo(1);
                assertThat(state.acceptedEpoch()).isGreaterThanOrEqualTo(1);
                assertThat(hurt.names().contains("damaged-1." + name)).isEqualTo(!lost);

                assertThat(hurt.start().mayVote()).isFalse();
                hurt.live((store, again) -> store.clearDamageMark());
                assertThat(hurt.start().mayVote()).isTrue();
            }
        }
    }

    @Test
    void a_history_that_is_newer_than_the_current_epoch_raises_it() {
        member.fill(3, 10);
        member.put("currentEpoch", "0");
        assertThat(member.start().currentEpoch()).isEqualTo(1);

        member.put("currentEpoch", "0");
        member.put("currentEpoch.tmp", "3");
        assertThat(member.start().currentEpoch()).isEqualTo(3);
        assertThat(member.names()).doesNotContain("currentEpoch.tmp");
    }

    @Test
    void what_an_interrupted_write_left_is_no_epoch_where_none_is_missing() {
        member.fill(3, 10);
        member.put("currentEpoch.tmp", "3");
        assertThat(member.start().currentEpoch()).isEqualTo(1);
        assertThat(member.names()).doesNotContain("currentEpoch.tmp");
    }

    @Test
    void an_accepted_epoch_below_the_current_one_is_refused() {
        member.fill(3, 10);
        member.put("acceptedEpoch", "0");
        assertThatThrownBy(member::start)
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("acceptedEpoch")
                .hasMessageContaining("epoch 1");
    }

    // ---- truncation

    @Test
    void a_truncated_log_goes_on_where_it_was_cut() {
        member.fill(30, 10);
        member.live((store, state) -> {
            store.truncate(zxid(1, 14));
            store.storeCurrentEpoch(2);
            append(store, zxid(2, 1), zxid(2, 2));
            assertThat(zxids(store.readLog(zxid(1, 13), zxid(2, 2), MUCH)))
                    .containsExactly(zxid(1, 14), zxid(2, 1), zxid(2, 2));
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(2, 2));
    }

    /// ZOOKEEPER-4837: the original starts from the snapshot that is newer than the point.
    @Test
    void no_snapshot_brings_back_what_was_truncated() {
        member.fill(30, 10);
        member.live((store, state) -> {
            snapshot(store, zxid(1, 30));
            store.truncate(zxid(1, 25));
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 25));
        assertThat(member.names()).doesNotContain("snapshot." + Long.toHexString(zxid(1, 30)));
    }

    @Test
    void a_snapshot_that_was_begun_before_a_truncation_never_counts() {
        member.fill(30, 10);
        member.live((store, state) -> {
            TreeSnapshot begun = store.beginSnapshot(zxid(1, 30));
            HashedState.write(begun, 0);
            store.truncate(zxid(1, 25));
            assertThat(begun.finish(SnapshotTrailer.NONE)).isFalse();
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 25));
        assertThat(member.names()).noneMatch(name -> name.startsWith("unfinished"));
    }

    @Test
    void a_log_is_truncated_only_to_where_it_leads() {
        member.fill(10, 20);
        member.live((store, state) -> {
            replace(store, zxid(1, 20));
            append(store, zxid(1, 21));
            assertThat(store.leadsTo(zxid(1, 15))).isFalse();
            assertThat(store.leadsTo(zxid(1, 22))).isFalse();
            append(store, zxid(1, 22));
            store.truncate(zxid(1, 20));
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 20));
    }

    // ---- a tree from the leader

    @Test
    void a_tree_from_the_leader_replaces_all_there_was() {
        member.fill(30, 10);
        member.live((store, state) -> {
            replace(store, zxid(2, 7));
            assertThat(store.currentEpoch()).isEqualTo(2);
            append(store, zxid(2, 8));
        });
        assertThat(member.names())
                .containsExactly(
                        "acceptedEpoch", "currentEpoch", "log.200000008", "snapshot.200000007");
        StoredState state = member.start();
        assertThat(state.lastZxid()).isEqualTo(zxid(2, 8));
        assertThat(state.currentEpoch()).isEqualTo(2);
    }

    @Test
    void a_tree_from_the_leader_may_be_older_than_what_there_was() {
        member.fill(30, 10);
        member.live((store, state) -> replace(store, zxid(1, 12)));
        assertThat(member.names())
                .containsExactly("acceptedEpoch", "currentEpoch", "snapshot.10000000c");
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 12));
    }

    @Test
    void a_tree_that_was_given_up_leaves_what_there_was() {
        member.fill(30, 10);
        List<String> before = member.names();
        member.live((store, state) -> {
            try (TreeSnapshot snapshot = store.beginReplacement(zxid(2, 7))) {
                HashedState.write(snapshot, 1);
            }
            append(store, zxid(1, 31));
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 31));
        assertThat(member.names()).containsAll(before).hasSize(before.size() + 1);
    }

    // ---- reading back

    @Test
    void the_log_is_read_back_across_files() {
        member.fill(30, 10);
        member.live((store, state) -> {
            append(store, zxid(1, 31));
            List<StoredTxn> read = store.readLog(zxid(1, 8), zxid(1, 31), MUCH);
            assertThat(zxids(read)).startsWith(zxid(1, 9)).endsWith(zxid(1, 31)).hasSize(23);
            assertThat(store.readLog(zxid(1, 31), zxid(1, 31), MUCH)).isEmpty();
        });
    }

    @Test
    void the_log_gives_all_that_was_asked_for_or_nothing() {
        member.fill(30, 10);
        member.live((store, state) -> {
            assertThat(store.readLog(zxid(1, 8), zxid(1, 31), MUCH)).isNull();
            assertThat(store.readLog(0, zxid(1, 30), MUCH)).isNull();
            assertThat(store.readLog(zxid(1, 9), zxid(1, 8), MUCH)).isNull();
            long each = Txns.create(zxid(1, 9)).length;
            assertThat(store.readLog(zxid(1, 8), zxid(1, 12), 4 * each)).hasSize(4);
            assertThat(store.readLog(zxid(1, 8), zxid(1, 12), 4 * each - 1)).isNull();
        });
    }

    /// ZOOKEEPER-2846. The original keeps its old logs when it takes over a snapshot.
    @Test
    void a_hole_that_only_a_snapshot_tells_of_is_seen() {
        MemberDisk later = new MemberDisk();
        later.live((store, state) -> {
            store.storeAcceptedEpoch(4);
            store.storeCurrentEpoch(4);
            replace(store, zxid(3, 7));
            append(store, zxid(4, 1), zxid(4, 2));
        });
        member.fill(30, 10);
        member.put("acceptedEpoch", "4");
        member.put("currentEpoch", "4");
        for (String name : List.of("snapshot.300000007", "log.400000001")) {
            member.disk.put(
                    MemberDisk.FILES.resolve(name),
                    later.disk.content(MemberDisk.FILES.resolve(name)));
        }
        member.live((store, state) -> {
            assertThat(state.lastZxid()).isEqualTo(zxid(4, 2));
            assertThat(store.readLog(zxid(1, 29), zxid(4, 2), MUCH)).isNull();
            assertThat(zxids(store.readLog(zxid(4, 1), zxid(4, 2), MUCH)))
                    .containsExactly(zxid(4, 2));
            store.truncate(zxid(1, 20));
        });
        assertThat(member.start().lastZxid()).isEqualTo(zxid(1, 20));
    }

    @Test
    void purging_keeps_what_the_newest_snapshots_need() {
        member.fill(30, 10);
        member.live((store, state) -> {
            snapshot(store, zxid(1, 30));
            append(store, zxid(1, 31));
            snapshot(store, zxid(1, 31));
            assertThat(store.purge(2)).isNotEmpty();
        });
        assertThat(member.names())
                .containsExactly(
                        "acceptedEpoch",
                        "currentEpoch",
                        "log.100000015",
                        "log.10000001f",
                        "snapshot.10000001e",
                        "snapshot.10000001f");
    }
}
