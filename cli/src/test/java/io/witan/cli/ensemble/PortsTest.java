package io.witan.cli.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;

class PortsTest {

    @Test
    void the_first_port_says_which_the_others_are() {
        assertThat(new Ports().from(2181, 3)).containsExactly(2181, 2182, 2183);
    }

    /// Those for clients, for learners and for elections are asked for one after the other.
    @Test
    void no_free_port_is_given_twice() {
        var ports = new Ports();
        var given = new ArrayList<Integer>();
        for (int kind = 0; kind < 3; kind++) {
            given.addAll(ports.from(0, 300));
        }

        assertThat(given).hasSize(900).doesNotHaveDuplicates();
    }
}
