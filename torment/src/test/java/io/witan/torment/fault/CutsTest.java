package io.witan.torment.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

class CutsTest {

    private static final SortedSet<Long> SIDS = new TreeSet<>(List.of(1L, 2L, 3L));

    @Test
    void an_isolated_server_and_the_others_do_not_hear_of_each_other() {
        assertThat(cut(FaultKind.ISOLATE)).isEqualTo("1>2 2>1 2>3 3>2");
    }

    @Test
    void a_server_that_is_cut_off_is_not_reached_by_clients_either() {
        assertThat(cut(FaultKind.CUT_OFF)).isEqualTo("clients>2 1>2 2>clients 2>1 2>3 3>2");
    }

    @Test
    void a_deaf_server_is_heard_and_a_mute_one_hears() {
        assertThat(cut(FaultKind.DEAF)).isEqualTo("1>2 3>2");
        assertThat(cut(FaultKind.MUTE)).isEqualTo("2>1 2>3");
    }

    @Test
    void a_broken_link_is_between_two_and_half_of_one_goes_one_way() {
        assertThat(cut(FaultKind.BROKEN_LINK)).isEqualTo("2>3 3>2");
        assertThat(cut(FaultKind.HALF_LINK)).isEqualTo("2>3");
    }

    @Test
    void the_bits_of_the_draw_part_the_servers() {
        assertThat(cut(FaultKind.PARTITION, 0b0010)).isEqualTo("1>3 2>3 3>1 3>2");
        assertThat(cut(FaultKind.PARTITION, 0b1110)).isEmpty();
    }

    private static String cut(FaultKind kind) {
        return cut(kind, 0);
    }

    /// Of server 2, where it takes two with server 3.
    private static String cut(FaultKind kind, int draw) {
        return Cuts.text(Cuts.of(new Fault(1, 0, 0, kind, false, 2, 3, draw), 2, SIDS));
    }
}
