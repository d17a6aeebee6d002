package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuorumPortLimitsTest {

    @Test
    void what_clients_may_send_fits_twice() {
        assertThat(QuorumPortLimits.fieldBytesMax(3 << 20)).isEqualTo(6 << 20);
        assertThat(QuorumPortLimits.fieldBytesMax(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    /// Otherwise no learner could take the end of a session with a million bytes of ephemerals, and
    /// nothing would be committed any more.
    @Test
    void ZK_2101_what_a_leader_makes_of_its_own_accord_fits_however_little_clients_may_send() {
        assertThat(QuorumPortLimits.fieldBytesMax(2_048)).isGreaterThan(2_000_000);
    }
}
