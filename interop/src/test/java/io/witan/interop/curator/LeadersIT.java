package io.witan.interop.curator;

import static io.witan.interop.curator.Curators.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Lab;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderSelector;
import org.apache.curator.framework.recipes.leader.LeaderSelectorListenerAdapter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

@AgainstBoth
class LeadersIT {

    private static final int PATIENCE_SECONDS = 60;

    @Test
    void leadership_goes_from_latch_to_latch(Lab lab) throws Exception {
        List<LeaderLatch> latches = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var latch = new LeaderLatch(client(lab), "/latch", "participant-" + i);
            latch.start();
            latches.add(latch);
            if (i == 0) {
                assertThat(latch.await(PATIENCE_SECONDS, SECONDS)).isTrue();
            }
        }

        while (!latches.isEmpty()) {
            LeaderLatch leader = leaderOf(latches);
            assertThat(latches).filteredOn(LeaderLatch::hasLeadership).containsExactly(leader);
            leader.close();
            latches.remove(leader);
        }
    }

    @Test
    void a_latch_knows_all_participants(Lab lab) throws Exception {
        try (var first = new LeaderLatch(client(lab), "/latch", "first");
                var second = new LeaderLatch(client(lab), "/latch", "second")) {
            first.start();
            assertThat(first.await(PATIENCE_SECONDS, SECONDS)).isTrue();
            second.start();

            assertThat(second.getLeader().getId()).isEqualTo("first");
            Lab.until(() -> second.getParticipants().size() == 2);
            assertThat(second.hasLeadership()).isFalse();
        }
    }

    @Test
    void a_latch_is_free_when_its_leader_has_gone(Lab lab) throws Exception {
        CuratorFramework leaving = client(lab);
        var first = new LeaderLatch(leaving, "/latch");
        first.start();
        first.await();
        try (var second = new LeaderLatch(client(lab), "/latch")) {
            second.start();

            leaving.close();

            assertThat(second.await(PATIENCE_SECONDS, SECONDS)).isTrue();
        }
    }

    @Test
    void selectors_take_turns(Lab lab) throws Exception {
        BlockingQueue<String> terms = new LinkedBlockingQueue<>();
        for (String name : List.of("a", "b", "c")) {
            var selector =
                    lab.closedAfterwards(
                            new LeaderSelector(
                                    client(lab),
                                    "/selector",
                                    new LeaderSelectorListenerAdapter() {
                                        @Override
                                        public void takeLeadership(CuratorFramework client) {
                                            terms.add(name);
                                        }
                                    }));
            selector.setId(name);
            selector.autoRequeue();
            selector.start();
        }

        List<String> led = new ArrayList<>();
        while (!led.containsAll(List.of("a", "b", "c"))) {
            led.add(terms.poll(PATIENCE_SECONDS, SECONDS));
        }

        assertThat(led).contains("a", "b", "c");
    }

    private static LeaderLatch leaderOf(List<LeaderLatch> latches) throws Exception {
        String id = latches.getFirst().getLeader().getId();
        for (LeaderLatch latch : latches) {
            if (latch.getId().equals(id)) {
                assertThat(latch.await(PATIENCE_SECONDS, SECONDS)).isTrue();
                return latch;
            }
        }
        return leaderOf(latches);
    }
}
