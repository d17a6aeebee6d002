package io.witan.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// Who has the turn, when it is laid down.
@Timeout(60)
class LoopTurnTest {

    private final LoopTurn turn = new LoopTurn(Thread.currentThread());
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void it_is_of_the_first_thread_until_that_lays_it_down() {
        assertThat(turn.isOf(Thread.currentThread())).isTrue();
        turn.layDown();
        assertThat(turn.isOf(Thread.currentThread())).isFalse();
        assertThat(turn.isLaidDown()).isTrue();
    }

    @Test
    void who_laid_it_down_takes_it_up_again() {
        turn.layDown();
        assertThat(turn.takeUp()).isTrue();
        assertThat(turn.isOf(Thread.currentThread())).isTrue();
    }

    @Test
    void when_nobody_takes_it_up_the_thread_that_stands_by_does() throws Exception {
        Thread other = Thread.ofPlatform().start(() -> turn.standBy(over::get));
        turn.layDown();
        other.join();
        assertThat(turn.isOf(other)).isTrue();
        assertThat(turn.takeUp()).isFalse();
    }

    @Test
    void it_goes_back_and_forth() throws Exception {
        for (int i = 0; i < 5; i++) {
            var mayGo = new CountDownLatch(1);
            Thread other =
                    Thread.ofPlatform()
                            .start(() -> {
                                turn.standBy(over::get);
                                turn.layDown();
                                mayGo.countDown();
                            });
            turn.layDown();
            mayGo.await();
            turn.standBy(over::get);
            assertThat(turn.isOf(Thread.currentThread())).isTrue();
            other.join();
        }
    }

    @Test
    void the_thread_that_sleeps_is_told_when_all_is_over() throws Exception {
        Thread other = Thread.ofPlatform().start(() -> turn.standBy(over::get));
        while (other.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        over.set(true);
        turn.wake();
        other.join();
        assertThat(turn.isOf(Thread.currentThread())).isTrue();
    }
}
