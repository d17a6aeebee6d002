package io.witan.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioIoHandler;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// One loop on two threads: it goes on while something is waited for, and nobody notices which
/// thread it is.
@Timeout(60)
class RelayedEventLoopTest {

    private final BlockingQueue<Throwable> defects = new LinkedBlockingQueue<>();
    private final RelayedEventLoop loop =
            new RelayedEventLoop("loop", NioIoHandler.newFactory(), defects::add);

    /// Owned by the loop.
    private final List<String> events = new ArrayList<>();

    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final CountDownLatch wentOn = new CountDownLatch(1);

    @BeforeEach
    void start() {
        loop.start(() -> {
            if (!events.isEmpty() && !events.getLast().equals("end")) {
                events.add("end");
            }
        });
    }

    @AfterEach
    void stop() {
        mayGoOn.countDown();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        assertThat(defects).isEmpty();
    }

    @Test
    void what_a_step_asked_to_wait_for_comes_after_its_end() throws Exception {
        loop.execute(() -> {
            loop.waitAfterStep(() -> {
                events.add("waited");
                wentOn.countDown();
            });
            events.add("task");
        });
        wentOn.await();
        assertThat(loop.submit(() -> List.copyOf(events)).get())
                .startsWith("task", "end", "waited");
    }

    @Test
    void a_task_that_gives_a_task_does_so_for_the_next_step() throws Exception {
        var done = new CountDownLatch(1);
        loop.execute(() -> {
            events.add("first");
            loop.execute(() -> {
                events.add("second");
                done.countDown();
            });
        });
        done.await();
        assertThat(loop.submit(() -> List.copyOf(events)).get())
                .startsWith("first", "end", "second");
    }

    @Test
    void it_goes_on_while_something_takes_long() throws Exception {
        Thread before = loop.submit(Thread::currentThread).get();
        standStill();

        Thread meanwhile = loop.submit(Thread::currentThread).get();

        assertThat(meanwhile).isNotSameAs(before);
        assertThat(loop.inEventLoop(before)).isFalse();
        assertThat(loop.inEventLoop(meanwhile)).isTrue();
        mayGoOn.countDown();
        wentOn.await();
        assertThat(loop.submit(Thread::currentThread).get()).isSameAs(meanwhile);
    }

    @Test
    void its_clock_goes_on_while_something_takes_long() throws Exception {
        standStill();
        var rang = new CountDownLatch(3);
        var clock = loop.scheduleAtFixedRate(rang::countDown, 1, 1, TimeUnit.MILLISECONDS);
        rang.await();
        clock.cancel(false);
    }

    @Test
    void what_a_thread_that_lost_its_turn_says_is_a_task_like_any_other() throws Exception {
        var said = new CountDownLatch(1);
        loop.execute(() ->
                loop.waitAfterStep(() -> {
                    waits.countDown();
                    awaitUninterrupted(mayGoOn);
                    loop.execute(said::countDown);
                }));
        waits.await();
        Thread meanwhile = loop.submit(Thread::currentThread).get();
        mayGoOn.countDown();
        said.await();
        assertThat(loop.inEventLoop(meanwhile)).isTrue();
    }

    @Test
    void it_ends_while_something_takes_long() throws Exception {
        standStill();
        assertThat(loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(50, TimeUnit.SECONDS))
                .isTrue();
        assertThat(loop.isTerminated()).isTrue();
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // its end is awaited below
    void it_waits_for_what_its_last_step_asked_for() throws Exception {
        loop.execute(() -> {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            loop.waitAfterStep(wentOn::countDown);
        });
        wentOn.await();
        assertThat(loop.terminationFuture().await(50, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tasks_after_its_end_are_refused() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void what_is_waited_for_may_not_throw() throws Exception {
        var thrown = new IllegalStateException("thrown");
        loop.execute(() ->
                loop.waitAfterStep(() -> {
                    throw thrown;
                }));
        assertThat(defects.take()).isSameAs(thrown);
        assertThat(loop.terminationFuture().await(50, TimeUnit.SECONDS)).isTrue();
    }

    private void standStill() throws InterruptedException {
        loop.execute(() ->
                loop.waitAfterStep(() -> {
                    waits.countDown();
                    awaitUninterrupted(mayGoOn);
                    wentOn.countDown();
                }));
        waits.await();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
