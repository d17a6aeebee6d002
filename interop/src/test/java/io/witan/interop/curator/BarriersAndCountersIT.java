package io.witan.interop.curator;

import static io.witan.interop.curator.Curators.client;
import static io.witan.interop.curator.Curators.inBackground;
import static io.witan.interop.curator.Curators.result;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Lab;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicInteger;
import org.apache.curator.framework.recipes.atomic.DistributedAtomicLong;
import org.apache.curator.framework.recipes.barriers.DistributedBarrier;
import org.apache.curator.framework.recipes.barriers.DistributedDoubleBarrier;
import org.apache.curator.framework.recipes.shared.SharedCount;
import org.apache.curator.framework.recipes.shared.SharedCountListener;
import org.apache.curator.framework.recipes.shared.SharedCountReader;
import org.apache.curator.framework.recipes.shared.SharedValue;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryNTimes;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

@AgainstBoth
class BarriersAndCountersIT {

    private static final int PATIENCE_SECONDS = 60;

    @Test
    void a_barrier_holds_until_it_is_removed(Lab lab) throws Exception {
        var barrier = new DistributedBarrier(client(lab), "/barrier");
        barrier.setBarrier();
        var other = new DistributedBarrier(client(lab), "/barrier");

        assertThat(other.waitOnBarrier(100, MILLISECONDS)).isFalse();
        var through = inBackground(() -> other.waitOnBarrier(PATIENCE_SECONDS, SECONDS));
        barrier.removeBarrier();

        assertThat(result(through)).isTrue();
    }

    @Test
    void a_double_barrier_is_entered_and_left_together(Lab lab) throws Exception {
        List<CompletableFuture<Boolean>> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var barrier = new DistributedDoubleBarrier(client(lab), "/double", 3);
            members.add(
                    inBackground(() ->
                            barrier.enter(PATIENCE_SECONDS, SECONDS)
                                    && barrier.leave(PATIENCE_SECONDS, SECONDS)));
        }

        for (var member : members) {
            assertThat(result(member)).isTrue();
        }
    }

    @Test
    void an_atomic_number_loses_no_increment(Lab lab) throws Exception {
        List<CompletableFuture<Integer>> counting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var number =
                    new DistributedAtomicLong(client(lab), "/number", new RetryNTimes(1000, 1));
            counting.add(
                    inBackground(() -> {
                        int done = 0;
                        for (int n = 0; n < 25; n++) {
                            done += number.increment().succeeded() ? 1 : 0;
                        }
                        return done;
                    }));
        }

        for (var counter : counting) {
            assertThat(result(counter)).isEqualTo(25);
        }
        var number = new DistributedAtomicLong(client(lab), "/number", new RetryNTimes(1, 1));
        assertThat(number.get().postValue()).isEqualTo(100L);
    }

    @Test
    void an_atomic_number_compares_and_sets(Lab lab) throws Exception {
        var number = new DistributedAtomicInteger(client(lab), "/number", new RetryNTimes(3, 10));

        assertThat(number.initialize(5)).isTrue();
        assertThat(number.initialize(6)).isFalse();
        assertThat(number.compareAndSet(4, 7).succeeded()).isFalse();
        assertThat(number.compareAndSet(5, 7).succeeded()).isTrue();

        assertThat(number.get().postValue()).isEqualTo(7);
    }

    @Test
    void a_shared_count_tells_its_listeners(Lab lab) throws Exception {
        try (var mine = new SharedCount(client(lab), "/count", 10);
                var theirs = new SharedCount(client(lab), "/count", 10)) {
            BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
            theirs.addListener(
                    new SharedCountListener() {
                        @Override
                        public void countHasChanged(SharedCountReader count, int value) {
                            seen.add(value);
                        }

                        @Override
                        public void stateChanged(CuratorFramework client, ConnectionState state) {}
                    });
            mine.start();
            theirs.start();

            mine.setCount(11);

            // The news of the connection makes a counter read its value, too: the first told may
            // still be 10.
            var last = seen.poll(PATIENCE_SECONDS, SECONDS);
            while (Integer.valueOf(10).equals(last)) {
                last = seen.poll(PATIENCE_SECONDS, SECONDS);
            }
            assertThat(last).isEqualTo(11);
            assertThat(theirs.trySetCount(theirs.getVersionedValue(), 12)).isTrue();
        }
    }

    @Test
    void a_shared_value_is_set_only_if_it_is_still_the_one_seen(Lab lab) throws Exception {
        try (var first = new SharedValue(client(lab), "/value", new byte[] {1});
                var second = new SharedValue(client(lab), "/value", new byte[] {1})) {
            first.start();
            second.start();
            var old = second.getVersionedValue();

            first.setValue(new byte[] {2});

            assertThat(second.trySetValue(old, new byte[] {3})).isFalse();
            assertThat(second.getValue()).containsExactly(2);
        }
    }
}
