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
            if (commits.takeToCommit()) {
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
        assertThat(commits.takeToCommit()).isTrue();
        append(2);
        assertThat(commits.takeToCommit()).isFalse();
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
        assertThat(commits.takeToCommit()).isTrue();
        Thread closing = Thread.ofPlatform().start(() -> commits.close(10_000));
        commits.commitTaken();
        closing.join();
        assertThat(done).containsExactly("append 1", "commit", "durable 1", "close");
    }

    @Test
    void tasks_and_large_groups_are_left_to_the_log_thread() throws Exception {
        assertThat(commits.takeToCommit()).isFalse();
        task("roll");
        assertThat(commits.takeToCommit()).isFalse();
        commits.flush();
        await("roll");
        for (int zxid = 1; zxid <= Gathering.TXNS_MAX + 1; zxid++) {
            append(zxid);
        }
        assertThat(commits.takeToCommit()).isFalse();
    }

    @Test
    void when_the_core_cannot_commit_that_is_told_once_and_nothing_is_done_after_it()
            throws Exception {
        append(FAILS);
        assertThat(commits.takeToCommit()).isTrue();
        append(2);
        commits.flush();
        commits.commitTaken();
        append(3);
        commits.flush();
        commits.close(10_000);
        assertThat(failures).hasSize(1);
        assertThat(done).containsExactly("close");
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
