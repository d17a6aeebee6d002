package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryFactTest {

    private final HistoryFact log = new HistoryFact();

    @BeforeEach
    void three_transactions_behind_a_snapshot() {
        log.startAt(0x1_0000_0004L);
        log.append(0x1_0000_0005L, new byte[] {5});
        log.append(0x1_0000_0006L, new byte[] {6});
        log.append(0x2_0000_0001L, new byte[] {7});
    }

    @Test
    void passes_through_its_transactions_its_beginning_and_the_beginnings_of_epochs() {
        assertThat(log.passes(0x1_0000_0004L)).isTrue();
        assertThat(log.passes(0x1_0000_0006L)).isTrue();
        assertThat(log.passes(0x2_0000_0000L)).isTrue();
        assertThat(log.passes(0x1_0000_0007L)).isFalse();
    }

    @Test
    void a_cut_takes_back_what_is_behind_it() {
        log.cutAfter(0x1_0000_0005L);

        assertThat(log.last()).isEqualTo(0x1_0000_0005L);
        assertThat(log.find(0x1_0000_0006L)).isNull();
    }

    @Test
    void the_last_before_an_epoch_begins_is_found() {
        assertThat(log.floor(0x2_0000_0000L)).isEqualTo(0x1_0000_0006L);
    }
}
