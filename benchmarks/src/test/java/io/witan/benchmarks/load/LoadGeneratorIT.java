package io.witan.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class LoadGeneratorIT {

    private static final List<byte[]> KEYS =
            IntStream.range(0, 10).mapToObj(i -> Requests.exists("/k" + i, false)).toList();

    private final AnsweringServer server = AnsweringServer.start(Requests.statReplyBytes());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void send_asks_exactly_as_often_as_it_was_told() {
        try (var load = LoadGenerator.connect(server.address(), 3)) {
            load.send(_ -> existing(), 7, 100);
        }

        assertThat(server.requests()).isEqualTo(3 * 100);
        assertThat(server.sessionsClosed()).isEqualTo(3);
    }

    @Test
    void connections_are_spread_evenly_over_the_servers() {
        try (var other = AnsweringServer.start(Requests.statReplyBytes())) {
            try (var load = LoadGenerator.connect(List.of(server.address(), other.address()), 5)) {
                load.send(_ -> existing(), 1, 10);
            }

            assertThat(server.requests()).isEqualTo(3 * 10);
            assertThat(other.requests()).isEqualTo(2 * 10);
        }
    }

    @Test
    void measure_counts_what_was_answered_between_its_boundaries() {
        var boundary = new ArrayList<String>();
        try (var load = LoadGenerator.connect(server.address(), 2)) {
            var measured =
                    load.measure(
                            _ -> existing(),
                            10,
                            Duration.ofMillis(50),
                            Duration.ofMillis(500),
                            new LoadGenerator.Boundary() {
                                @Override
                                public void begin() {
                                    boundary.add("begin");
                                }

                                @Override
                                public void end() {
                                    boundary.add("end");
                                }
                            });

            assertThat(boundary).containsExactly("begin", "end");
            assertThat(measured.nanos()).isGreaterThanOrEqualTo(500_000_000);
            assertThat(measured.latency().getTotalCount()).isEqualTo(measured.requests());
            assertThat(measured.requests()).isPositive().isLessThan(server.requests());
        }
    }

    @Test
    void pace_asks_at_its_rate_and_counts_from_when_a_request_was_due() {
        var due = new ArrayList<Long>();
        try (var load = LoadGenerator.connect(server.address(), 2)) {
            load.pace(
                    _ -> existing(),
                    100,
                    1000,
                    Duration.ofMillis(200),
                    (dueNanos, answeredNanos) -> {
                        due.add(dueNanos);
                        assertThat(answeredNanos).isGreaterThan(dueNanos);
                    });
        }

        assertThat(due).hasSize(200);
        assertThat(due.stream().sorted().toList())
                .satisfies(sorted ->
                        assertThat(sorted.getLast() - sorted.getFirst()).isEqualTo(199_000_000L));
    }

    @Test
    void an_error_in_a_reply_ends_the_run() {
        server.answerWithError(-101);
        try (var load = LoadGenerator.connect(server.address(), 1)) {
            assertThatExceptionOfType(LoadFailureException.class)
                    .isThrownBy(() -> load.send(_ -> existing(), 1, 1))
                    .withMessageContaining("err -101");
        }
    }

    @Test
    void a_reply_of_another_length_ends_the_run() {
        try (var load = LoadGenerator.connect(server.address(), 1)) {
            assertThatExceptionOfType(LoadFailureException.class)
                    .isThrownBy(() -> load.send(_ -> Scripts.each(KEYS, 99), 1, 1))
                    .withMessageContaining("in 99 bytes");
        }
    }

    @Test
    void a_server_that_hangs_up_ends_the_run() {
        server.hangUpAfter(5);
        try (var load = LoadGenerator.connect(server.address(), 1)) {
            assertThatExceptionOfType(LoadFailureException.class)
                    .isThrownBy(() -> load.send(_ -> existing(), 1, 10));
        }
    }

    private static Script existing() {
        return Scripts.each(KEYS, Requests.statReplyBytes());
    }
}
