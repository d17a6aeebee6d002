package io.witan.simulation.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Scheduler;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Set;

class NetworkTest {

    private static final Host ONE = Host.server(1);
    private static final Host TWO = Host.server(2);
    private static final long SECOND = 1_000_000;

    /// Delays that vary much, writes that are cut all the time.
    private static final Weather ROUGH = new Weather(10, 5_000, 0.1, 50_000, 1_000, 0.8, 0, 0);

    private final Scheduler scheduler = new Scheduler();
    private Network network = new Network(scheduler, Chance.of(1, "network"), ROUGH);
    private final End dialler = new End();
    private final End acceptor = new End();

    @Test
    void bytes_arrive_whole_and_in_order_however_they_are_cut() {
        for (int seed = 1; seed <= 30; seed++) {
            network = new Network(scheduler, Chance.of(seed, "network"), ROUGH);
            End from = new End();
            End to = new End();
            connect(from, to);
            byte[] sent = new byte[5000];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = (byte) (i * 31);
            }

            for (int i = 0; i < sent.length; i += 50) {
                from.stream().write(Arrays.copyOfRange(sent, i, i + 50));
            }
            pass(10 * SECOND);

            assertThat(to.bytes.toByteArray()).isEqualTo(sent);
        }
    }

    @Test
    void what_was_written_before_a_close_still_arrives() {
        connect(dialler, acceptor);

        dialler.stream().write(new byte[] {1, 2, 3});
        dialler.stream().close();
        pass(SECOND);

        assertThat(acceptor.bytes.toByteArray()).containsExactly(1, 2, 3);
        assertThat(acceptor.end).isEqualTo("closed by the other end");
        assertThat(dialler.end).isNull();
    }

    @Test
    void a_broken_connection_delivers_a_beginning_of_what_was_sent_and_both_ends_learn_of_it() {
        for (int seed = 1; seed <= 30; seed++) {
            network = new Network(scheduler, Chance.of(seed, "network"), ROUGH);
            End from = new End();
            End to = new End();
            connect(from, to);
            from.stream().write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

            network.connections().getFirst().sever(false);
            pass(60 * SECOND);

            byte[] arrived = to.bytes.toByteArray();
            assertThat(arrived)
                    .isEqualTo(Arrays.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, arrived.length));
            assertThat(from.end).isNotNull();
            assertThat(to.end).isNotNull();
        }
    }

    @Test
    void one_end_of_a_half_open_connection_learns_of_it_only_when_it_writes() {
        connect(dialler, acceptor);

        network.connections().getFirst().sever(true);
        pass(600 * SECOND);

        assertThat(dialler.end == null).isNotEqualTo(acceptor.end == null);
        End deaf = dialler.end == null ? dialler : acceptor;
        deaf.stream().write(new byte[1]);
        pass(60 * SECOND);
        assertThat(deaf.end).isEqualTo("connection reset");
    }

    @Test
    void behind_a_barrier_bytes_wait_and_come_when_it_is_lifted() {
        connect(dialler, acceptor);
        var barrier = new Barrier(Set.of(ONE), Set.of(TWO), Set.of(Port.QUORUM));

        network.raise(barrier);
        dialler.stream().write(new byte[] {1});
        acceptor.stream().write(new byte[] {2});
        pass(60 * SECOND);
        assertThat(acceptor.bytes.size()).isZero();
        assertThat(dialler.bytes.toByteArray()).containsExactly(2);

        network.lift(barrier);
        pass(SECOND);
        assertThat(acceptor.bytes.toByteArray()).containsExactly(1);
    }

    @Test
    void a_port_where_nobody_listens_refuses() {
        dial(10 * SECOND);
        pass(SECOND);

        assertThat(dialler.end).isEqualTo("connection refused");
    }

    @Test
    void a_dial_that_gets_no_answer_times_out() {
        listen(acceptor);
        network.raise(new Barrier(Set.of(TWO), Set.of(), Set.of()));

        dial(3 * SECOND);
        pass(2 * SECOND);
        assertThat(dialler.end).isNull();
        pass(2 * SECOND);
        assertThat(dialler.end).isEqualTo("timed out");
    }

    @Test
    void a_killed_process_says_good_bye_and_a_machine_without_power_does_not() {
        connect(dialler, acceptor);
        network.died(TWO, false);
        pass(SECOND);
        assertThat(dialler.end).isNotNull();

        End patient = new End();
        End powerless = new End();
        connect(patient, powerless);
        network.died(TWO, true);
        pass(600 * SECOND);
        assertThat(patient.end).isNull();
    }

    @Test
    void bytes_of_an_earlier_connection_never_come_through_a_later_one() {
        connect(dialler, acceptor);
        dialler.stream().write(new byte[] {1});
        network.died(ONE, true);

        End newDialler = new End();
        End newAcceptor = new End();
        connect(newDialler, newAcceptor);
        newDialler.stream().write(new byte[] {2});
        pass(SECOND);

        assertThat(newAcceptor.bytes.toByteArray()).containsExactly(2);
    }

    // ---- words

    private void pass(long micros) {
        scheduler.runUntil(scheduler.nowMicros() + micros);
    }

    private void listen(End end) {
        network.listen(TWO, Port.QUORUM, _ -> end);
    }

    private void connect(End from, End to) {
        listen(to);
        network.dial(ONE, TWO, Port.QUORUM, 10 * SECOND, from);
        pass(5 * SECOND);
        assertThat(from.stream).isNotNull();
    }

    private void dial(long timeoutMicros) {
        network.dial(ONE, TWO, Port.QUORUM, timeoutMicros, dialler);
    }

    private static final class End implements StreamHandler {

        private @Nullable ByteStream stream;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private @Nullable String end;

        ByteStream stream() {
            if (stream == null) {
                throw new AssertionError("not connected");
            }
            return stream;
        }

        @Override
        public void opened(ByteStream opened) {
            stream = opened;
        }

        @Override
        public void received(byte[] more) {
            bytes.writeBytes(more);
        }

        @Override
        public void closed(String reason) {
            end = reason;
        }
    }
}
