package io.witan.storage;

import static io.witan.storage.MemberDisk.append;
import static io.witan.storage.MemberDisk.replace;
import static io.witan.storage.MemberDisk.snapshot;
import static io.witan.storage.MemberDisk.zxid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.storage.testing.DiskFaults;
import io.witan.storage.testing.DiskFaults.Operation;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A member that cannot tell what it acknowledged helps to elect nobody until a leader has
/// synchronised it; nothing of what it had is deleted.
class DamagedMemberTest {

    private static final String LOG = "log." + Long.toHexString(zxid(1, 11));

    private static final class PowerCut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final MemberDisk member = new MemberDisk();

    /// Transactions 1 to 30 in three files.
    @BeforeEach
    void fill() {
        member.fill(30, 10);
    }

    @Test
    void damage_moves_everything_aside_and_costs_the_vote() {
        member.hurt(LOG, 500);
        StoredState state = member.start();
        assertThat(state.mayVote()).isFalse();
        assertThat(state.damage()).contains(LOG, "damaged at byte");
        assertThat(state.lastZxid()).isZero();
        assertThat(state.snapshotNeeded()).isTrue();
        assertThat(state.acceptedEpoch()).isEqualTo(3);
        assertThat(state.currentEpoch()).isEqualTo(1);
        assertThat(state.findings()).anyMatch(finding -> finding.text().contains("without a vote"));
        assertThat(member.names())
                .contains("witan.damaged", "damaged-1.snapshot.0", "damaged-1." + LOG, "snapshot.0")
                .doesNotContain(LOG);
        assertThat(member.text("witan.damaged")).contains("without a vote", LOG);
    }

    @Test
    void the_mark_stays_until_a_leader_has_synchronised_the_server() {
        member.hurt(LOG, 500);
        member.start();
        StoredState again =
                member.live((store, state) -> {
                    store.storeAcceptedEpoch(4);
                    replace(store, zxid(3, 9));
                    append(store, zxid(3, 10));
                });
        assertThat(again.mayVote()).isFalse();
        StoredState synchronised =
                member.live((store, state) -> {
                    store.storeCurrentEpoch(4);
                    store.clearDamageMark();
                });
        assertThat(synchronised.mayVote()).isFalse();
        StoredState whole = member.start();
        assertThat(whole.mayVote()).isTrue();
        assertThat(whole.lastZxid()).isEqualTo(zxid(3, 10));
        assertThat(member.names()).contains("damaged-1." + LOG).doesNotContain("witan.damaged");
    }

    @Test
    void a_mark_set_before_a_snapshot_stays_until_the_rest_has_come() {
        StoredState before =
                member.live((store, state) -> {
                    store.storeDamageMark("a snapshot has replaced a longer log");
                    replace(store, zxid(1, 20));
                });
        assertThat(before.mayVote()).isTrue();
        StoredState crashed =
                member.live((store, state) -> {
                    append(store, zxid(1, 21));
                    store.clearDamageMark();
                });
        assertThat(crashed.mayVote()).isFalse();
        assertThat(crashed.lastZxid()).isEqualTo(zxid(1, 20));
        assertThat(member.start().mayVote()).isTrue();
    }

    /// It has all that it ever acknowledged, and the others may need its vote.
    @Test
    void a_mark_set_before_a_snapshot_is_void_if_the_snapshot_was_never_stored() {
        member.live((store, state) -> {
            store.storeDamageMark("a snapshot has replaced a longer log");
            store.beginReplacement(zxid(1, 20)).close();
        });
        StoredState again = member.start();
        assertThat(again.mayVote()).isTrue();
        assertThat(again.lastZxid()).isEqualTo(zxid(1, 30));
        assertThat(member.names()).doesNotContain("witan.damaged");
    }

    @Test
    void a_mark_set_before_a_snapshot_is_void_when_the_log_ends_where_it_did() {
        member.live((store, state) -> {
            store.storeDamageMark("a snapshot has replaced a longer log");
            replace(store, zxid(1, 29));
        });
        StoredState less = member.live((store, state) -> append(store, zxid(1, 30)));
        assertThat(less.mayVote()).isFalse();
        assertThat(member.start().mayVote()).isTrue();
    }

    @Test
    void a_crash_around_a_snapshot_never_leaves_a_vote_with_a_part_of_the_log() {
        for (int step = 0; step < 60; step++) {
            for (int seed = 0; seed < 5; seed++) {
                MemberDisk crashing = member.copy();
                int[] left = {step};
                crashing.disk.faults((operation, path) -> {
                    if (left[0]-- <= 0) {
                        throw new PowerCut();
                    }
                });
                try {
                    crashing.live((store, state) -> {
                        store.storeDamageMark("a snapshot has replaced a longer log");
                        replace(store, zxid(1, 20));
                    });
                } catch (PowerCut e) {
                    // The machine is off.
                }
                crashing.disk.crash(new Random(seed));
                StoredState state = crashing.start();
                assertThat(state.mayVote())
                        .as("step %d, log to %x", step, state.lastZxid())
                        .isEqualTo(state.lastZxid() == zxid(1, 30));
            }
        }
    }

    @Test
    void a_crash_while_files_are_moved_aside_never_gives_back_the_vote() {
        member.hurt(LOG, 500);
        for (int step = 0; step < 60; step++) {
            for (int seed = 0; seed < 5; seed++) {
                MemberDisk crashing = member.copy();
                int[] left = {step};
                crashing.disk.faults((operation, path) -> {
                    if (left[0]-- <= 0) {
                        throw new PowerCut();
                    }
                });
                try {
                    crashing.start();
                } catch (PowerCut e) {
                    // The machine is off.
                }
                crashing.disk.crash(new Random(seed));
                StoredState state = crashing.start();
                assertThat(state.mayVote()).as("step %d", step).isFalse();
                assertThat(state.lastZxid()).isZero();
                assertThat(state.acceptedEpoch()).isEqualTo(3);
            }
        }
    }

    @Test
    void an_unreadable_sector_is_damage() {
        member.disk.makeUnreadable(MemberDisk.FILES.resolve(LOG), 512, 1024);
        assertThat(member.start().damage()).contains("cannot be read");
    }

    @Test
    void damage_after_damage_is_moved_aside_under_another_name() {
        member.hurt(LOG, 500);
        member.live((store, state) -> {
            replace(store, zxid(1, 10));
            for (int i = 11; i <= 30; i++) {
                append(store, zxid(1, i));
            }
        });
        member.hurt(LOG, 500);
        StoredState state = member.start();
        assertThat(state.mayVote()).isFalse();
        assertThat(state.lastZxid()).isZero();
        assertThat(member.names()).contains("damaged-1." + LOG, "damaged-2." + LOG);
    }

    @Test
    void bad_snapshots_are_damage_if_the_log_does_not_make_up_for_them() {
        member.hurt("snapshot.0", 20);
        StoredState state = member.start();
        assertThat(state.damage()).contains("snapshot.0");
        assertThat(member.names()).contains("damaged-1.snapshot.0", "damaged-1." + LOG);
    }

    @Test
    void a_bad_snapshot_is_none_if_the_log_makes_up_for_it() {
        member.live((store, state) -> snapshot(store, zxid(1, 30)));
        member.hurt("snapshot.10000001e", 20);
        StoredState state = member.start();
        assertThat(state.mayVote()).isTrue();
        assertThat(state.lastZxid()).isEqualTo(zxid(1, 30));
    }

    /// The zxids join: 0x400000001 may follow 0x10000001e.
    @Test
    void a_bad_snapshot_from_a_leader_is_never_passed_over() {
        MemberDisk later = new MemberDisk();
        later.live((store, state) -> {
            store.storeAcceptedEpoch(4);
            store.storeCurrentEpoch(4);
            replace(store, zxid(3, 7));
            append(store, zxid(4, 1));
        });
        for (String name : List.of("snapshot.300000007", "log.400000001")) {
            Path path = MemberDisk.FILES.resolve(name);
            member.disk.put(path, later.disk.content(path));
        }
        member.put("acceptedEpoch", "4");
        member.put("currentEpoch", "4");
        member.hurt("snapshot.300000007", 20);
        assertThat(member.start().damage()).contains("0x300000007", "hole");
    }

    @Test
    void a_bad_snapshot_is_damage_if_the_log_ends_before_it() {
        member.live((store, state) -> snapshot(store, zxid(1, 30)));
        member.hurt("snapshot.10000001e", 20);
        member.disk.remove(MemberDisk.FILES.resolve("log." + Long.toHexString(zxid(1, 21))));
        assertThat(member.start().damage()).contains("snapshot.10000001e", "does not reach");
    }

    @Test
    void a_missing_snapshot_is_rather_a_wrong_directory() {
        member.disk.remove(MemberDisk.FILES.resolve("snapshot.0"));
        List<String> before = member.names();
        assertThatThrownBy(member::start)
                .isInstanceOf(NoUsableSnapshotException.class)
                .hasMessageContaining("There is no snapshot");
        assertThat(member.names()).isEqualTo(before);
    }

    @Test
    void a_server_that_lost_all_but_its_promise_does_not_begin_anew() {
        for (String name : member.names()) {
            if (!name.endsWith("Epoch")) {
                member.disk.remove(MemberDisk.FILES.resolve(name));
            }
        }
        StoredState state = member.start();
        assertThat(state.damage()).contains("neither a snapshot nor a log");
        assertThat(state.acceptedEpoch()).isEqualTo(3);
        assertThat(member.start().mayVote()).isFalse();
    }

    @Test
    void a_server_that_may_not_begin_by_itself_does_not_vote() {
        MemberDisk empty = new MemberDisk();
        empty.settings = empty.settings.withRecovery(new RecoverySettings(false, false));
        StoredState state = empty.start();
        assertThat(state.mayVote()).isFalse();
        assertThat(state.lastZxid()).isZero();
        assertThat(empty.start().mayVote()).isFalse();
    }

    @Test
    void a_server_that_was_told_to_begin_votes() {
        MemberDisk empty = new MemberDisk();
        empty.settings = empty.settings.withRecovery(new RecoverySettings(false, false));
        try (DataDirectory directory =
                        DataDirectory.open(empty.disk, MemberDisk.DATA, MemberDisk.DATA, true);
                EnsembleStore store =
                        new EnsembleStore(directory, empty.settings, LogListener.NONE)) {
            assertThat(store.load(new HashedState()).mayVote()).isFalse();
        }
        empty.disk.put(MemberDisk.DATA.resolve("initialize"), new byte[0]);
        assertThat(empty.start().mayVote()).isTrue();
    }

    @Test
    void the_permission_to_begin_outlives_a_first_start_that_failed() {
        MemberDisk empty = new MemberDisk();
        empty.settings = empty.settings.withRecovery(new RecoverySettings(false, false));
        empty.disk.put(MemberDisk.DATA.resolve("initialize"), new byte[0]);
        empty.disk.faults((operation, path) -> {
            if (operation == Operation.FORCE) {
                throw new IOException("Input/output error");
            }
        });
        assertThatThrownBy(empty::start).hasMessageContaining("Input/output error");

        empty.disk.faults(DiskFaults.NONE);
        assertThat(empty.start().mayVote()).isTrue();
    }

    @Test
    void files_that_do_not_lead_to_where_the_leader_is_are_moved_aside() {
        member.live((store, state) -> replace(store, zxid(2, 7)));
        assertThatThrownBy(() -> member.live((store, state) -> store.truncate(zxid(1, 25))))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("0x100000019", "without a vote");
        StoredState state = member.start();
        assertThat(state.mayVote()).isFalse();
        assertThat(state.lastZxid()).isZero();
    }

    @Test
    void a_server_that_finds_damage_while_it_runs_stops_first() {
        assertThatThrownBy(() ->
                        member.live((store, state) -> {
                            member.hurt(LOG, 500);
                            store.load(new HashedState());
                        }))
                .isInstanceOf(DataDirectoryException.class)
                .hasMessageContaining("damaged at byte");
        assertThat(member.start().mayVote()).isFalse();
    }

    // ---- the operator's override

    @Test
    void the_override_cuts_the_log_at_the_damage_and_votes() {
        member.hurt(LOG, 500);
        member.settings = member.settings.withRecoverDamaged(true);
        byte[] damaged = member.disk.content(MemberDisk.FILES.resolve(LOG));
        StoredState state = member.live((store, at) -> append(store, at.lastZxid() + 1));
        assertThat(state.mayVote()).isTrue();
        assertThat(state.lastZxid()).isBetween(zxid(1, 10), zxid(1, 19));
        assertThat(state.findings())
                .anyMatch(finding ->
                        finding.severity() == Finding.Severity.WARN
                                && finding.text().contains(EnsembleStoreSettings.RECOVER_DAMAGED));
        assertThat(member.names()).anyMatch(name -> name.endsWith(".log.100000015"));
        assertThat(member.names().stream().filter(name -> name.endsWith("." + LOG)))
                .singleElement()
                .satisfies(copy ->
                        assertThat(member.disk.content(MemberDisk.FILES.resolve(copy)))
                                .isEqualTo(damaged));

        member.settings = member.settings.withRecoverDamaged(false);
        assertThat(member.start().lastZxid()).isEqualTo(state.lastZxid() + 1);
    }

    @Test
    void the_override_finds_what_was_moved_aside_before() {
        member.hurt(LOG, 500);
        member.start();
        assertThat(member.start().mayVote()).isFalse();
        member.settings = member.settings.withRecoverDamaged(true);
        StoredState state = member.start();
        assertThat(state.mayVote()).isTrue();
        assertThat(state.lastZxid()).isBetween(zxid(1, 10), zxid(1, 19));
        assertThat(member.names()).doesNotContain("witan.damaged");
    }

    @Test
    void the_override_leaves_alone_what_a_leader_has_sent_since() {
        member.hurt(LOG, 500);
        member.live((store, state) -> replace(store, zxid(3, 1)));
        member.settings = member.settings.withRecoverDamaged(true);
        StoredState state = member.start();
        assertThat(state.mayVote()).isTrue();
        assertThat(state.lastZxid()).isEqualTo(zxid(3, 1));
    }

    @Test
    void the_override_cuts_every_kind_of_damage() {
        for (int at : new int[] {2, 17, 300, 700}) {
            for (String name : List.of("log.100000001", LOG, "log.100000015")) {
                MemberDisk hurt = member.copy();
                hurt.hurt(name, at);
                hurt.settings = hurt.settings.withRecoverDamaged(true);
                StoredState state = hurt.start();
                assertThat(state.mayVote()).isTrue();
                assertThat(state.lastZxid()).isLessThan(zxid(1, 30));
                assertThat(hurt.start().lastZxid()).isEqualTo(state.lastZxid());
            }
            MemberDisk unreadable = member.copy();
            unreadable.disk.makeUnreadable(MemberDisk.FILES.resolve(LOG), at, at + 1);
            unreadable.settings = unreadable.settings.withRecoverDamaged(true);
            assertThat(unreadable.start().lastZxid()).isLessThan(zxid(1, 30));
        }
    }

    @Test
    void the_override_cannot_make_something_of_nothing() {
        member.hurt("snapshot.0", 20);
        member.settings = member.settings.withRecoverDamaged(true);
        assertThat(member.start().mayVote()).isFalse();
    }
}
