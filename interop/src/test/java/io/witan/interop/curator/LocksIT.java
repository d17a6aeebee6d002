package io.witan.interop.curator;

import static io.witan.interop.curator.Curators.client;
import static io.witan.interop.curator.Curators.inBackground;
import static io.witan.interop.curator.Curators.result;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstBoth;
import io.witan.interop.CuttableLine;
import io.witan.interop.Lab;

import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.recipes.locks.InterProcessReadWriteLock;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreMutex;
import org.apache.curator.framework.recipes.locks.InterProcessSemaphoreV2;
import org.apache.curator.framework.recipes.locks.Lease;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

@AgainstBoth
class LocksIT {

    private static final int PATIENCE_SECONDS = 60;

    @Test
    void a_mutex_lets_one_in_at_a_time(Lab lab) throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        List<CompletableFuture<Integer>> workers = new ArrayList<>();

        for (int worker = 0; worker < 4; worker++) {
            var mutex = new InterProcessMutex(client(lab), "/lock");
            workers.add(
                    inBackground(() -> {
                        int entered = 0;
                        for (; entered < 10; entered++) {
                            mutex.acquire();
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                            mutex.release();
                        }
                        return entered;
                    }));
        }

        for (var worker : workers) {
            assertThat(result(worker)).isEqualTo(10);
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void a_mutex_is_reentrant_and_can_be_waited_for_in_vain(Lab lab) throws Exception {
        var mine = new InterProcessMutex(client(lab), "/lock");
        var theirs = new InterProcessMutex(client(lab), "/lock");

        mine.acquire();
        assertThat(mine.acquire(1, SECONDS)).isTrue();
        mine.release();
        assertThat(theirs.acquire(100, MILLISECONDS)).isFalse();
        mine.release();

        assertThat(theirs.acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void a_lock_is_free_again_when_its_holder_has_gone(Lab lab) throws Exception {
        var holder = client(lab);
        new InterProcessMutex(holder, "/lock").acquire();
        var waiting = new InterProcessMutex(client(lab), "/lock");
        var acquired = inBackground(() -> waiting.acquire(PATIENCE_SECONDS, SECONDS));

        holder.close();

        assertThat(result(acquired)).isTrue();
    }

    @Test
    void a_lock_is_held_over_a_lost_connection(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var holder = new InterProcessMutex(client(lab, line.connectString() + lab.root()), "/lock");
        holder.acquire();

        line.cut();
        var waiting = new InterProcessMutex(client(lab), "/lock");
        assertThat(waiting.acquire(100, MILLISECONDS)).isFalse();
        line.mend();
        holder.release();

        assertThat(waiting.acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void readers_share_and_writers_do_not(Lab lab) throws Exception {
        var first = new InterProcessReadWriteLock(client(lab), "/lock");
        var second = new InterProcessReadWriteLock(client(lab), "/lock");

        first.readLock().acquire();
        assertThat(second.readLock().acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
        second.readLock().release();
        assertThat(second.writeLock().acquire(100, MILLISECONDS)).isFalse();
        first.readLock().release();
        assertThat(second.writeLock().acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(first.readLock().acquire(100, MILLISECONDS)).isFalse();
        second.writeLock().release();

        assertThat(first.readLock().acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void a_writer_may_go_on_as_a_reader(Lab lab) throws Exception {
        var lock = new InterProcessReadWriteLock(client(lab), "/lock");
        var other = new InterProcessReadWriteLock(client(lab), "/lock");

        lock.writeLock().acquire();
        lock.readLock().acquire();
        lock.writeLock().release();

        assertThat(other.readLock().acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void a_semaphore_has_so_many_leases(Lab lab) throws Exception {
        var client = client(lab);
        var semaphore = new InterProcessSemaphoreV2(client, "/semaphore", 2);
        var other = new InterProcessSemaphoreV2(client(lab), "/semaphore", 2);

        Lease one = semaphore.acquire();
        Lease two = other.acquire();
        assertThat(other.acquire(100, MILLISECONDS)).isNull();
        assertThat(semaphore.getParticipantNodes()).hasSize(2);
        semaphore.returnLease(one);

        Lease three = other.acquire(PATIENCE_SECONDS, SECONDS);
        assertThat(three).isNotNull();
        other.returnAll(List.of(two, three));
    }

    @Test
    void a_semaphore_can_grow(Lab lab) throws Exception {
        var client = client(lab);
        try (var count = new SharedCount(client, "/count", 1)) {
            count.start();
            var semaphore = new InterProcessSemaphoreV2(client, "/semaphore", count);
            semaphore.acquire();
            var second = inBackground(() -> semaphore.acquire(PATIENCE_SECONDS, SECONDS));

            count.setCount(2);

            assertThat(result(second)).isNotNull();
        }
    }

    @Test
    void a_semaphore_mutex_is_not_reentrant(Lab lab) throws Exception {
        var mutex = new InterProcessSemaphoreMutex(client(lab), "/lock");

        mutex.acquire();

        assertThat(mutex.acquire(100, MILLISECONDS)).isFalse();
        mutex.release();
        assertThat(mutex.acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
    }

    @Test
    void several_locks_are_taken_together_or_not_at_all(Lab lab) throws Exception {
        var client = client(lab);
        var both = new InterProcessMultiLock(client, List.of("/one", "/two"));
        var two = new InterProcessMutex(client(lab), "/two");
        var one = new InterProcessMutex(client(lab), "/one");

        two.acquire();
        assertThat(both.acquire(100, MILLISECONDS)).isFalse();
        assertThat(one.acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
        one.release();
        two.release();

        assertThat(both.acquire(PATIENCE_SECONDS, SECONDS)).isTrue();
        assertThat(both.isAcquiredInThisProcess()).isTrue();
    }
}
