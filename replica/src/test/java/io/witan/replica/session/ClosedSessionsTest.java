package io.witan.replica.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClosedSessionsTest {

    @Test
    void remembers_those_that_closed_last() {
        ClosedSessions closed = new ClosedSessions(2);

        closed.add(1);
        closed.add(2);
        closed.add(2);
        assertThat(closed.contains(1)).isTrue();

        closed.add(3);
        assertThat(closed.contains(1)).isFalse();
        assertThat(closed.contains(2)).isTrue();
        assertThat(closed.contains(3)).isTrue();
    }
}
