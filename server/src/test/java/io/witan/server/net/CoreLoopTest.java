package io.witan.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioIoHandler;
import io.witan.replica.metrics.Summary;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// How long the core was busy at a stretch is known.
@Timeout(60)
class CoreLoopTest {

    private static final long NO_TICK = 3_600_000;

    private final BlockingQueue<Throwable> defects = new LinkedBlockingQueue<>();
    private final RelayedEventLoop loop =
            new RelayedEventLoop("loop", NioIoHandler.newFactory(), defects::add);
    private final CoreLoop core = new CoreLoop(loop, defects::add);

    /// Owned by the loop.
    private final Summary slices = new Summary();

    CoreLoopTest() {
        core.start(new NoClients(), () -> {}, () -> {}, NO_TICK, slices);
    }

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        assertThat(defects).isEmpty();
    }

    @Test
    void a_slice_ends_with_the_step_and_before_the_disk_is_waited_for() throws Exception {
        var counted = new CompletableFuture<Long>();

        core.execute(() -> core.waitAfterBatch(() -> counted.complete(slices.count())));

        assertThat(counted.get()).isEqualTo(1);
    }

    @Test
    void what_runs_a_little_later_is_a_slice_as_well() throws Exception {
        var ran = new CompletableFuture<Boolean>();

        core.later(1, () -> ran.complete(true));

        assertThat(ran.get()).isTrue();
        core.settle();
        assertThat(loop.submit(slices::count).get()).isEqualTo(1);
    }
}
