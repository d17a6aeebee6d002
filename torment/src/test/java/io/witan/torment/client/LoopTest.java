package io.witan.torment.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

class LoopTest {

    private static final long STANDSTILL_MICROS = 20_000;
    private static final long NEVER_MICROS = Long.MAX_VALUE;

    private final List<String> heard = new ArrayList<>();

    @Test
    void what_is_due_happens_in_the_order_of_its_time() {
        try (Loop loop = loop(NEVER_MICROS)) {
            loop.after(2_000, () -> heard.add("second"));
            loop.after(1_000, () -> heard.add("first"));

            loop.runUntil(() -> heard.size() == 2);
        }
        assertThat(heard).containsExactly("first", "second");
    }

    @Test
    void a_standstill_is_told_before_anything_that_came_meanwhile() {
        try (Loop loop = loop(STANDSTILL_MICROS)) {
            loop.after(0, () -> standStill(loop));
            loop.after(1, () -> heard.add("what came meanwhile"));

            loop.runUntil(() -> heard.contains("what came meanwhile"));
        }
        assertThat(heard).startsWith("standstill").endsWith("what came meanwhile");
    }

    private Loop loop(long standstillMicros) {
        return new Loop(
                _ -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                standstillMicros,
                _ -> heard.add("standstill"));
    }

    private static void standStill(Loop loop) {
        long end = loop.nowMicros() + STANDSTILL_MICROS;
        while (loop.nowMicros() <= end) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
