package io.witan.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// What is to be done with a log beside appending takes its place between the transactions.
@Timeout(60)
class GroupCommitTest {

    private static final byte[] TXN = {1};

    /// The log refuses it.
    private static final long FAILS = -1;

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private long last;
    private final GroupCommit commits =
            new GroupCommit(
                    new RecordingLog(), (zxid, _, _) -> done.add("durable " + zxid), failures::add);

    private final class RecordingLog implements GroupCommit.Log {

        @Override
        public void append(long zxid, byte[] bytes, int offset, int length) {
            if (zxid == FAILS) {
                throw new UncheckedIOException(new FileSystemException("refused"));
            }
            done.add("append " + zxid);
        }

        @Override
        public void commit() {
            done.add("commit");
        }

        @Override
        public void close() {
            done.add("close");
        }
    }

    @BeforeEach
    void start() {
        commits.start();
    }

    @AfterEach
    void stop() {
        commits.close(10_000);
    }

    @Test
    void a_task_comes_when_what_was_before_it_is_durable_and_reported() {
        append(1);
        task("truncate");
        append(2);
        commits.flush();
        commits.close(10_000);
        assertThat(done)
                .containsExactly(
                        "append 1",
                        "commit",
                        "durable 1",
                        "truncate",
                        "append 2",
                        "commit",
                        "durable 2",
                        "close");
    }

    @Test
    void tasks_alone_are_done_in_order_and_sync_nothing() {
        task("first");
        task("second");
        commits.flush();
        commits.close(10_000);
        assertThat(done).containsExactly("first", "second", "close");
    }

    /// Groups of five, handed over one by one, teach the thread to wait for five.
    @Test
    void a_task_does_not_wait_for_company() throws Exception {
        long zxid = 0;
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < 5; i++) {
                append(++zxid);
                commits.flush();
            }
            await("durable " + zxid);
            append(++zxid);
            task("task " + round);
            commits.flush();
            await("task " + round);
        }
        assertThat(failures).isEmpty();
    }

    /// What is waited for when the core commits itself is not waited for afterwards.
    @Test
    void what_comes_behind_what_the_core_has_committed_does_not_wait_for_company()
            throws Exception {
        long zxid = 0;
        for (int round = 0; round < 300; round++) {
            for (int i = 0; i < 5; i++) {
                append(++zxid);
                commits.flush();
            }
            await("durable " + zxid);
            append(++zxid);
            if (commits.takeToCommit(true)) {
                commits.commitTaken();
            } else {
                commits.flush();
            }
            append(++zxid);
            commits.flush();
            await("durable " + zxid);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void a_failing_task_is_told_once_and_nothing_is_done_after_it() throws Exception {
        var refused = new UncheckedIOException(new FileSystemException("refused"));
        append(1);
        commits.then(() -> {
            throw refused;
        });
        append(2);
        commits.flush();
        assertThat(failures.take()).isSameAs(refused);
        append(3);
        commits.flush();
        commits.close(10_000);
        assertThat(done).containsExactly("append 1", "commit", "durable 1", "close");
        assertThat(failures).isEmpty();
    }

    @Test
    void what_is_handed_over_while_the_core_commits_itself_waits_for_that() throws Exception {
        append(1);
        assertThat(commits.takeToCommit(true)).isTrue();
        append(2);
        assertThat(commits.takeToCommit(true)).isFalse();
        commits.flush();
        task("roll");
        commits.flush();
        commits.commitTaken();
        commits.close(10_000);
        assertThat(done)
                .containsExactly(
                        "append 1",
                        "commit",
                        "durable 1",
                        "append 2",
                        "commit",
                        "durable 2",
                        "roll",
                        "close");
    }

    @Test
    void the_log_is_closed_when_the_core_has_committed_what_it_took() throws Exception {
        append(1);
        assertThat(commits.takeToCommit(true)).isTrue();
        Thread closing = Thread.ofPlatform().start(() -> commits.close(10_000));
        commits.commitTaken();
        closing.join();
        assertThat(done).containsExactly("append 1", "commit", "durable 1", "close");
    }

    @Test
    void tasks_and_large_groups_are_left_to_the_log_thread() throws Exception {
        assertThat(commits.takeToCommit(true)).isFalse();
        task("roll");
        assertThat(commits.takeToCommit(true)).isFalse();
        commits.flush();
        await("roll");
        for (int zxid = 1; zxid <= Gathering.TXNS_MAX + 1; zxid++) {
            append(zxid);
        }
        assertThat(commits.takeToCommit(true)).isFalse();
    }

    @Test
    void when_the_core_cannot_commit_that_is_told_once_and_nothing_is_done_after_it()
            throws Exception {
        append(FAILS);
        assertThat(commits.takeToCommit(true)).isTrue();
        append(2);
        commits.flush();
        commits.commitTaken();
        append(3);
        commits.flush();
        commits.close(10_000);
        assertThat(failures).hasSize(1);
        assertThat(done).containsExactly("close");
    }

    @Test
    void after_some_groups_for_which_every_client_waited_the_core_commits() throws Exception {
        for (int group = 0; group < GroupCommit.OFFERS_MIN; group++) {
            assertThat(commitsWithEveryClientWaiting()).isFalse();
        }
        awaitCoreCommits();
        assertThat(done).hasSize(7).endsWith("commit", "durable " + last);
    }

    @Test
    void groups_for_which_every_client_waits_now_and_then_stay_with_the_log_thread()
            throws Exception {
        for (int round = 0; round < 10 * GroupCommit.OFFERS_MIN; round++) {
            assertThat(commitsWithEveryClientWaiting()).isFalse();
            append(++last);
            commits.flush();
            await("durable " + last);
        }
    }

    @Test
    void while_the_core_gathers_it_takes_what_was_handed_over_too() throws Exception {
        gathersInTheCore();
        long first = last;
        append(++last);
        append(++last);
        assertThat(commits.takeToCommit(false)).isTrue();
        commits.commitTaken();
        assertThat(done)
                .containsExactly(
                        "append " + first,
                        "append " + (first + 1),
                        "append " + (first + 2),
                        "commit",
                        "durable " + (first + 2));
    }

    @Test
    void what_has_waited_for_company_long_enough_is_left_to_the_log_thread() throws Exception {
        gathersInTheCore();
        while (commits.endGathering() > 0) {
            assertThat(done).isEmpty();
        }
        await("durable " + last);
        assertThat(commits.endGathering()).isZero();
        // And its groups are the log thread's until every client waits again.
        append(++last);
        assertThat(commits.takeToCommit(false)).isFalse();
    }

    /// The disk is slow, so that the loop goes on without the thread that commits.
    @Test
    void what_comes_while_the_core_commits_for_all_is_left_to_the_log_thread() throws Exception {
        for (int round = 0; round < 200; round++) {
            awaitCoreCommits();
            append(++last);
            assertThat(commits.takeToCommit(false)).isTrue();
            append(++last);
            assertThat(commits.flush()).isZero();
            if (round % 2 == 0) {
                assertThat(commits.endGathering()).isZero();
            }
            commits.commitTaken();
            await("durable " + last);
        }
    }

    @Test
    void what_the_core_gathers_is_written_before_the_log_is_closed() throws Exception {
        gathersInTheCore();
        commits.close(10_000);
        assertThat(done).containsExactly("append " + last, "commit", "durable " + last, "close");
    }

    @Test
    void a_task_does_not_wait_until_the_core_has_gathered() throws Exception {
        gathersInTheCore();
        task("roll");
        commits.flush();
        await("roll");
    }

    /// Five clients wait for each of their writes. Returns whether the core commits them.
    private boolean commitsWithEveryClientWaiting() throws InterruptedException {
        awaitLogThread();
        for (int client = 0; client < 5; client++) {
            append(++last);
        }
        boolean byTheCore = commits.takeToCommit(false);
        if (byTheCore) {
            commits.commitTaken();
        } else {
            commits.flush();
        }
        await("durable " + last);
        return byTheCore;
    }

    /// It is done with a group a moment after it has told so.
    private void awaitLogThread() {
        while (!commits.isIdle()) {
            Thread.onSpinWait();
        }
    }

    /// When every client has waited for enough groups in a row.
    private void awaitCoreCommits() throws InterruptedException {
        boolean byTheCore = false;
        while (!byTheCore) {
            byTheCore = commitsWithEveryClientWaiting();
        }
        for (int client = 0; client < 5; client++) {
            append(++last);
        }
        assertThat(commits.takeToCommit(false)).isTrue();
        commits.commitTaken();
    }

    /// One transaction is handed over, and the core waits for others.
    private void gathersInTheCore() throws InterruptedException {
        long nanosLeft = 0;
        while (nanosLeft == 0) {
            awaitCoreCommits();
            await("durable " + last);
            append(++last);
            nanosLeft = commits.flush();
            if (nanosLeft == 0) {
                await("durable " + last);
            }
        }
        assertThat(done).isEmpty();
    }

    private void append(long zxid) {
        commits.append(zxid, TXN, 0, TXN.length);
    }

    private void task(String name) {
        commits.then(() -> done.add(name));
    }

    private void await(String event) throws InterruptedException {
        while (!done.take().equals(event)) {
            // An earlier one.
        }
    }
}
