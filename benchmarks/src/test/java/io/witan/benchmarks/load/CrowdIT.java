package io.witan.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class CrowdIT {

    private static final byte[] EXISTS = Requests.exists("/k", true);

    private final AnsweringServer server = AnsweringServer.start(Requests.statReplyBytes());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void every_session_asks_once_and_ends_in_the_end() {
        try (var crowd = Crowd.connect(server.address(), 250)) {
            crowd.all(EXISTS, Requests.statReplyBytes());
            crowd.all(EXISTS, Requests.statReplyBytes());
        }

        assertThat(server.requests()).isEqualTo(500);
        assertThat(server.sessionsClosed()).isEqualTo(250);
    }

    @Test
    void in_turn_they_ask_as_often_as_they_should_altogether() {
        try (var crowd = Crowd.connect(server.address(), 3)) {
            crowd.inTurn(EXISTS, Requests.statReplyBytes(), 100, Duration.ofSeconds(1));
        }

        assertThat(server.requests()).isEqualTo(100);
    }

    @Test
    void more_bytes_than_were_asked_for_end_the_run() {
        try (var crowd = Crowd.connect(server.address(), 2)) {
            assertThatExceptionOfType(LoadFailureException.class)
                    .isThrownBy(() -> crowd.all(EXISTS, Requests.deleteReplyBytes()))
                    .withMessageContaining("that nobody asked for");
        }
    }

    @Test
    void a_server_that_hangs_up_ends_the_run() {
        server.hangUpAfter(5);
        try (var crowd = Crowd.connect(server.address(), 10)) {
            assertThatExceptionOfType(LoadFailureException.class)
                    .isThrownBy(() -> crowd.all(EXISTS, Requests.statReplyBytes()));
        }
    }
}
