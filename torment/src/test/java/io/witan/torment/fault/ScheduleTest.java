package io.witan.torment.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.world.Chance;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

class ScheduleTest {

    private static final List<Long> SIDS = List.of(1L, 2L, 3L);
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

    @Test
    void the_same_seed_draws_the_same() {
        assertThat(draw(7, ALL)).isEqualTo(draw(7, ALL)).isNotEqualTo(draw(8, ALL));
    }

    @Test
    void all_begins_within_the_time_of_faults_and_in_order() {
        List<Fault> faults = draw(3, ALL);

        assertThat(faults).isNotEmpty().allMatch(fault -> fault.atMillis() < 60_000);
        assertThat(faults).extracting(Fault::atMillis).isSorted();
    }

    @Test
    void only_what_can_be_made_here_is_drawn() {
        Set<FaultKind> kinds = EnumSet.of(FaultKind.KILL, FaultKind.FREEZE);

        for (long seed = 0; seed < 20; seed++) {
            assertThat(draw(seed, kinds)).extracting(Fault::kind).isSubsetOf(kinds);
        }
    }

    private static List<Fault> draw(long seed, Set<FaultKind> kinds) {
        return Schedule.draw(Chance.of(seed, "test"), SIDS, kinds, 60_000);
    }
}
