package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;
import io.witan.zab.LogEntry;
import io.witan.zab.quorum.QuorumVerifier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Servers crash, are cut off and stall at random while transactions are proposed. At no time may
/// two trees differ, or something be lost that was delivered; when all is well again, all must be
/// equal.
class EnsembleChaosTest {

    private static final int FIRST_SEED = Integer.getInteger("witan.chaos.first", 0);
    private static final int SEEDS = FIRST_SEED + Integer.getInteger("witan.chaos.seeds", 30);

    /// The history as far as any server has delivered it.
    private final List<LogEntry> delivered = new ArrayList<>();

    /// What had been delivered anywhere when a sync was asked for.
    private final SortedMap<Long, Integer> asked = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void nothing_delivered_is_lost_and_all_become_equal_again(int count) {
        for (int seed = FIRST_SEED; seed < SEEDS; seed++) {
            delivered.clear();
            asked.clear();
            try {
                run(count, new Random(count * 1_000_003L + seed), false);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("%d servers, seed %d".formatted(count, seed), e);
            }
        }
    }

    @Test
    void nor_when_servers_come_and_go_and_get_and_lose_their_votes() {
        for (int seed = FIRST_SEED; seed < SEEDS; seed++) {
            runWithMembers(seed);
        }
    }

    /// Servers 1 to 3 vote; 4 and 5 observe, at followers.
    @Test
    void nor_when_followers_take_observers() {
        for (int seed = FIRST_SEED; seed < SEEDS; seed++) {
            delivered.clear();
            asked.clear();
            Random random = new Random(55_000_003L + seed);
            var ensemble =
                    new MemoryEnsemble(
                            Ensembles.parse(
                                    Ensembles.servers("participant", 1, 2, 3)
                                            + Ensembles.servers("observer", 4, 5)),
                            random.nextBoolean()
                                    ? settings -> settings.withObserverMasters(true)
                                    : settings ->
                                            Settings.withShortHistory(settings)
                                                    .withObserverMasters(true));
            try {
                run(ensemble, 5, random, false);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed %d".formatted(seed), e);
            }
        }
    }

    /// A reconfiguration is in all logs but one, and needs the word of a server that has more in
    /// its log than anyone who can lead.
    @ParameterizedTest
    @ValueSource(ints = 6037)
    void nor_with_seeds_that_once_led_nowhere(int seed) {
        runWithMembers(seed);
    }

    private void runWithMembers(int seed) {
        delivered.clear();
        asked.clear();
        try {
            run(5, new Random(77_000_003L + seed), true);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed %d".formatted(seed), e);
        }
    }

    private void run(int count, Random random, boolean reconfigures) {
        long[] sids = new long[count];
        Arrays.setAll(sids, i -> i + 1);
        var ensemble =
                new MemoryEnsemble(
                        Ensembles.of(sids),
                        random.nextBoolean() ? s -> s : Settings::withShortHistory);
        run(ensemble, count, random, reconfigures);
    }

    private void run(MemoryEnsemble ensemble, int count, Random random, boolean reconfigures) {
        ensemble.start();
        if (reconfigures) {
            ensemble.advance(3000);
        }
        for (int step = 0; step < 120; step++) {
            MemoryServer server = ensemble.server(1 + random.nextInt(count));
            switch (random.nextInt(13)) {
                case 0 -> crash(server);
                case 1, 2 -> {
                    if (!server.isUp()) {
                        server.start();
                    }
                }
                case 3 -> ensemble.isolate(server.sid());
                case 4, 5 -> ensemble.heal();
                case 6 -> server.stallDisk(true);
                case 7 -> server.stallDisk(false);
                case 8 -> server.diskDoes(random.nextInt(4));
                case 9 -> ensemble.servers.values().forEach(this::sync);
                default -> {
                    MemoryServer leader = ensemble.newestLeaderOrNull();
                    if (leader != null && reconfigures && random.nextInt(3) == 0) {
                        reconfigure(leader, random);
                    }
                    for (int i = random.nextInt(6); leader != null && i > 0; i--) {
                        propose(leader);
                    }
                }
            }
            switch (random.nextInt(4)) {
                case 0 -> ensemble.settle();
                case 1 -> ensemble.advance(random.nextInt(300));
                case 2 -> ensemble.advance(random.nextInt(6000));
                default -> ensemble.some(random.nextInt(20));
            }
            check(ensemble);
        }
        ensemble.heal();
        for (MemoryServer server : ensemble.servers.values()) {
            server.stallDisk(false);
            if (!server.isUp()) {
                server.start();
            }
        }
        // A server that was cut off for long asks once a minute.
        ensemble.advance(130_000);
        check(ensemble);
        ensemble.assertAllEqual();
        assertThat(MemoryEnsemble.keys(ensemble.leader().tree))
                .startsWith(MemoryEnsemble.keys(delivered).toArray(new String[0]));
        assertThat(propose(ensemble.leader())).isPositive();
        ensemble.settle();
        ensemble.assertAllEqual();
    }

    /// By the rules of the request: one at a time, and with a quorum of the new configuration
    /// there.
    private static void reconfigure(MemoryServer leader, Random random) {
        AgreementView view = leader.view();
        if (!view.isServing()
                || view.lastSeenConfig().version() != view.committedConfig().version()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        for (long sid = 1; sid <= 5; sid++) {
            switch (random.nextInt(6)) {
                case 0 -> {}
                case 1 -> text.append(Ensembles.servers("observer", sid));
                default -> text.append(Ensembles.servers("participant", sid));
            }
        }
        if (!text.toString().contains("participant")) {
            return;
        }
        EnsembleConfig config = Ensembles.parse(text.toString());
        Set<Long> followers = new TreeSet<>(view.syncedSids());
        followers.removeAll(view.committedConfig().observers());
        if (QuorumVerifier.of(config).isQuorum(followers)) {
            leader.proposeReconfig(config);
        }
    }

    private static long propose(MemoryServer leader) {
        return leader.view().isServing() ? leader.propose() : -1;
    }

    private void sync(MemoryServer server) {
        if (server.isUp() && server.view().isServing()) {
            long token = asked.size() + 1L;
            asked.put(token, delivered.size());
            server.sync(token);
        }
    }

    private static void crash(MemoryServer server) {
        if (server.isUp()) {
            server.crash();
        }
    }

    /// Trees hold what is committed only while a server serves, or after it has started: then the
    /// log, which may be more.
    private void check(MemoryEnsemble ensemble) {
        for (MemoryServer server : ensemble.servers.values()) {
            if (!server.isUp() || !server.view().isServing()) {
                continue;
            }
            int common = Math.min(server.tree.size(), delivered.size());
            assertThat(MemoryEnsemble.keys(server.tree.subList(0, common)))
                    .as("tree of %s", server)
                    .isEqualTo(MemoryEnsemble.keys(delivered.subList(0, common)));
            delivered.addAll(server.tree.subList(common, server.tree.size()));
        }
        for (MemoryServer server : ensemble.servers.values()) {
            server.syncedAt.forEach((token, delivered) ->
                    assertThat(delivered)
                            .as("delivered by %s before it answered sync %d", server, token)
                            .isGreaterThanOrEqualTo(asked.getOrDefault(token, 0)));
        }
    }
}
