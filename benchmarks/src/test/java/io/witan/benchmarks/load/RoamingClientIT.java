package io.witan.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

class RoamingClientIT {

    private static final byte[] REQUEST = Requests.exists("/k", false);

    private final AnsweringServer one = AnsweringServer.start(Requests.statReplyBytes());
    private final AnsweringServer other = AnsweringServer.start(Requests.statReplyBytes());

    @AfterEach
    void stop() {
        one.close();
        other.close();
    }

    @Test
    void goes_on_at_the_next_server_when_its_own_hangs_up() throws InterruptedException {
        one.hangUpAfter(5);
        var answers = new CountDownLatch(20);

        try (var client = start(answers)) {
            assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(client.sessionsLost()).isZero();
        }

        assertThat(other.requests()).isGreaterThan(10);
    }

    @Test
    void is_awaited_until_what_it_asks_is_answered() {
        try (var client = start(new CountDownLatch(1))) {
            client.awaitAnswer();

            // What it asks first, and what it asks from then on.
            assertThat(one.requests()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void ends_its_session_when_it_is_closed() throws InterruptedException {
        var answers = new CountDownLatch(1);

        try (var _ = start(answers)) {
            assertThat(answers.await(1, TimeUnit.MINUTES)).isTrue();
        }

        assertThat(one.sessionsClosed()).isEqualTo(1);
    }

    private RoamingClient start(CountDownLatch answers) {
        return RoamingClient.start(
                List.of(one.address(), other.address()),
                0,
                REQUEST,
                REQUEST,
                (_, _) -> answers.countDown());
    }
}
