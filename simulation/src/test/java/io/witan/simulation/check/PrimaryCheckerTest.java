package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PrimaryCheckerTest {

    private static final long LEADER = 1;
    private static final long LATER_LEADER = 2;
    private static final long COMMITTED = 0x1_0000_0001L;

    private final List<String> violated = new ArrayList<>();
    private final Verdict verdict =
            new Verdict() {
                @Override
                public void violated(String invariant, String what) {
                    violated.add(invariant);
                }

                @Override
                public void reached(String what) {}
            };

    private final Facts facts = new Facts();
    private final PrimaryChecker checker = new PrimaryChecker(facts);

    private void is(TraceEvent event) {
        facts.on(event, verdict);
        checker.on(event, verdict);
    }

    private static Stamp at(long sid) {
        return new Stamp(0, sid, 1);
    }

    private void has(long sid, long zxid) {
        is(new TraceEvent.Appended(at(sid), zxid, new byte[0]));
    }

    @Test
    void a_leader_whose_quorum_took_its_time_may_begin_after_the_next_one() {
        has(LEADER, COMMITTED);
        has(LATER_LEADER, COMMITTED);
        is(new TraceEvent.Activated(at(LATER_LEADER), 3));
        has(LATER_LEADER, 0x3_0000_0001L);
        is(new TraceEvent.Delivered(at(LATER_LEADER), 0x3_0000_0001L, new byte[0]));

        is(new TraceEvent.Activated(at(LEADER), 2));

        assertThat(violated).isEmpty();
    }

    @Test
    void but_not_without_what_was_committed_before_its_own_epoch() {
        has(LATER_LEADER, COMMITTED);
        is(new TraceEvent.Activated(at(LATER_LEADER), 3));

        is(new TraceEvent.Activated(at(LEADER), 2));

        assertThat(violated).contains("P2");
    }
}
