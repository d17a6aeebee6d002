package io.witan.torment.history;

import static io.witan.torment.history.Txns.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

class CommittedHistoryTest {

    private static final long FIRST = Zxids.startOf(1) + 1;
    private static final long NEXT_EPOCH = Zxids.startOf(3) + 1;

    @Test
    void logs_lie_over_each_other() {
        var history =
                CommittedHistory.of(
                        List.of(log(1, FIRST, FIRST + 1), log(2, FIRST + 1, FIRST + 2)), List.of());

        assertThat(history.txns()).containsOnlyKeys(FIRST, FIRST + 1, FIRST + 2);
    }

    @Test
    void two_servers_that_hold_different_transactions_of_one_zxid_are_a_violation() {
        NavigableMap<Long, byte[]> other = new TreeMap<>();
        other.put(FIRST, Txns.create(1, FIRST, "/a"));

        assertThatThrownBy(() ->
                        CommittedHistory.of(
                                List.of(log(1, FIRST), new ServerLog(2, other, 1)), List.of()))
                .isInstanceOf(DividedHistoryException.class)
                .hasMessageContaining("server 2")
                .hasMessageContaining(Zxids.hex(FIRST));
    }

    @Test
    void a_hole_within_an_epoch_leaves_the_history_unknown() {
        assertThatThrownBy(() -> CommittedHistory.of(List.of(log(1, FIRST, FIRST + 2)), List.of()))
                .isInstanceOf(UnknownHistoryException.class)
                .hasMessageContaining(Zxids.hex(FIRST + 2));
    }

    @Test
    void a_log_that_is_not_exact_fills_a_hole() {
        var history =
                CommittedHistory.of(List.of(log(1, FIRST, FIRST + 2)), List.of(log(2, FIRST + 1)));

        assertThat(history.txns()).containsOnlyKeys(FIRST, FIRST + 1, FIRST + 2);
    }

    @Test
    void what_only_a_log_that_is_not_exact_holds_was_not_committed_where_others_leave_no_room() {
        var led = log(3, FIRST, FIRST + 1, FIRST + 2, NEXT_EPOCH + 1);

        var history =
                CommittedHistory.of(
                        List.of(log(1, FIRST, NEXT_EPOCH, NEXT_EPOCH + 1), log(2, NEXT_EPOCH)),
                        List.of(led));

        assertThat(history.txns()).containsOnlyKeys(FIRST, NEXT_EPOCH, NEXT_EPOCH + 1);
    }

    @Test
    void what_only_a_log_that_is_not_exact_holds_is_the_history_before_and_behind_the_others() {
        var history =
                CommittedHistory.of(
                        List.of(log(1, FIRST + 1), log(2, FIRST + 1)),
                        List.of(log(3, FIRST, FIRST + 2)));

        assertThat(history.txns()).containsOnlyKeys(FIRST, FIRST + 1, FIRST + 2);
    }

    @Test
    void that_nothing_is_missing_where_an_epoch_ends_must_stand_in_some_log() {
        var together = List.of(log(1, FIRST, NEXT_EPOCH));
        var apart = List.of(log(1, FIRST), log(2, NEXT_EPOCH));

        assertThat(CommittedHistory.of(together, List.of()).txns()).hasSize(2);
        assertThatThrownBy(() -> CommittedHistory.of(apart, List.of()))
                .isInstanceOf(UnknownHistoryException.class);
    }

    @Test
    void sessions_live_from_their_first_to_their_last_transaction() {
        NavigableMap<Long, byte[]> txns = new TreeMap<>();
        txns.put(FIRST, Txns.createSession(FIRST));
        txns.put(FIRST + 1, Txns.closeSession(FIRST + 1));
        var history = CommittedHistory.of(List.of(new ServerLog(1, txns, 1)), List.of());

        assertThat(history.sessionsAt(FIRST)).containsEntry(Txns.SESSION, 4_000);
        assertThat(history.sessionsAt(FIRST + 1)).isEmpty();
    }
}
