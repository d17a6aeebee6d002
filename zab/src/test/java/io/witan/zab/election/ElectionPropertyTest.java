package io.witan.zab.election;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.zab.Ensembles;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;

/// Whole ensembles elect, whatever the order in which things happen. A failure prints the seed and
/// the story of the run.
///
///     mvn -pl zab test -Dtest=ElectionPropertyTest -Djqwik.tries.default=100000
class ElectionPropertyTest {

    // ---- calm

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void if_all_can_be_reached_the_one_with_the_newest_history_leads(
            @ForAll long seed, @ForAll("ensembles") List<EnsembleConfig> configs) {
        World world = world(seed, configs);
        randomHistories(world);

        for (WorldServer server : world.servers.values()) {
            server.start();
        }
        long best = best(world);
        boolean elected = world.runFor(500, () -> world.server(best).isEstablished());

        assertThat(elected).as(world::story).isTrue();
        assertThat(world.servers.values())
                .as(world::story)
                .filteredOn(server -> server.isUp() && server.state() == Notification.LEADING)
                .hasSize(1);
        // Where the leader has no vote in the coming configuration, one that has takes over.
        assertThat(world.runFor(2000, () -> world.leaderOfAll() != null)).as(world::story).isTrue();
    }

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void servers_that_start_one_after_the_other_find_one_leader(
            @ForAll long seed, @ForAll("ensembles") List<EnsembleConfig> configs) {
        World world = world(seed, configs);
        randomHistories(world);

        for (WorldServer server : world.servers.values()) {
            world.after(world.random.nextInt(1000), server::start);
        }

        world.runFor(1000);
        boolean elected = world.runFor(30_000, () -> world.leaderOfAll() != null);
        assertThat(elected).as(world::story).isTrue();
    }

    // ---- failover and coming back

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void when_the_leader_dies_the_others_elect_without_waiting_for_silence(@ForAll long seed) {
        World world = established(seed, Ensembles.of(1, 2, 3, 4, 5));
        WorldServer leader = Objects.requireNonNull(world.leaderOfAll());
        world.delayMillisMax = 5;

        leader.crash();
        boolean elected =
                world.runFor(
                        100, // a few messages, one after the other
                        () ->
                                world.servers.values().stream()
                                        .filter(WorldServer::isUp)
                                        .allMatch(server ->
                                                server.state() != Notification.LOOKING
                                                        && server.currentVote().leader()
                                                                != leader.sid()));

        assertThat(elected).as(world::story).isTrue();
        assertThat(world.runFor(500, () -> world.leaderOfAll() != null)).as(world::story).isTrue();
    }

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void a_server_that_comes_back_joins_the_leader_and_disturbs_nobody(@ForAll long seed) {
        World world = established(seed, Ensembles.of(1, 2, 3, 4, 5));
        WorldServer leader = Objects.requireNonNull(world.leaderOfAll());
        WorldServer follower = anyBut(world, leader);
        int elections = elections(world);

        follower.crash();
        world.runFor(world.random.nextInt(10_000));
        leader.write();
        follower.start();
        boolean joined = world.runFor(1000, () -> world.leaderOfAll() == leader);

        assertThat(joined).as(world::story).isTrue();
        assertThat(elections(world)).as(world::story).isEqualTo(elections + 1);
    }

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void a_damaged_server_does_not_elect_and_joins_whom_the_others_elect(@ForAll long seed) {
        World world = new World(seed, Ensembles.of(1, 2, 3), Ensembles.of(1, 2, 3));
        randomHistories(world);
        WorldServer damaged = world.server(1 + world.random.nextInt(3));
        WorldServer late = anyBut(world, damaged);
        damaged.damaged = true;

        for (WorldServer server : world.servers.values()) {
            if (server != late) {
                server.start();
            }
        }
        world.runFor(30_000);
        assertThat(world.servers.values()).as(world::story).noneMatch(WorldServer::isEstablished);

        late.start();
        assertThat(world.runFor(60_000, () -> world.leaderOfAll() != null))
                .as(world::story)
                .isTrue();
        assertThat(Objects.requireNonNull(world.leaderOfAll())).isNotSameAs(damaged);
    }

    // ---- faults

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void after_all_faults_a_quorum_has_a_leader(
            @ForAll long seed, @ForAll("ensembles") List<EnsembleConfig> configs) {
        World world = world(seed, configs);
        world.delayMillisMax = List.of(2, 20, 150, 600).get(world.random.nextInt(4));
        randomHistories(world);
        for (WorldServer server : world.servers.values()) {
            world.after(world.random.nextInt(300), server::start);
        }

        int faults = world.random.nextInt(40);
        for (int i = 0; i < faults; i++) {
            world.runFor(world.random.nextInt(1 + world.random.nextInt(4000)));
            fault(world);
        }
        world.healAll();
        for (WorldServer server : world.servers.values()) {
            server.start();
        }

        world.runFor(120_000);
        WorldServer leader = world.leaderOfAll();
        int elections = elections(world);
        world.runFor(30_000);
        assertThat(leader).as(world::story).isNotNull();
        assertThat(world.leaderOfAll()).as(world::story).isSameAs(leader);
        assertThat(elections(world)).as(world::story).isEqualTo(elections);
    }

    private static void fault(World world) {
        List<WorldServer> servers = new ArrayList<>(world.servers.values());
        WorldServer one = servers.get(world.random.nextInt(servers.size()));
        WorldServer other = servers.get(world.random.nextInt(servers.size()));
        switch (world.random.nextInt(7)) {
            case 0 -> one.crash();
            case 1, 2 -> one.start();
            case 3 -> {
                if (one != other) {
                    world.log("the link " + one.sid() + "-" + other.sid() + " breaks");
                    world.breakLink(one.sid(), other.sid());
                }
            }
            case 4 -> {
                if (one != other) {
                    world.log("the link " + one.sid() + "-" + other.sid() + " is cut");
                    world.cut(one.sid(), other.sid());
                }
            }
            case 5 -> {
                world.log("all links are mended");
                world.healAll();
            }
            default -> {
                if (one.isEstablished()) {
                    one.write();
                }
            }
        }
    }

    @Example
    void the_same_seed_gives_the_same_run() {
        World one = established(42, Ensembles.of(1, 2, 3, 4, 5));
        World other = established(42, Ensembles.of(1, 2, 3, 4, 5));

        assertThat(one.story()).isEqualTo(other.story());
    }

    // ---- words

    /// The configuration in force and the one last seen.
    @Provide
    Arbitrary<List<EnsembleConfig>> ensembles() {
        EnsembleConfig weighted =
                Ensembles.parse(
                        Ensembles.servers("participant", 1, 2, 3, 4, 5)
                                + "group.1=1:2:3\ngroup.2=4:5\nweight.2=2\nweight.4=0\nweight.5=3\n");
        EnsembleConfig observed =
                Ensembles.parse(
                        Ensembles.servers("participant", 1, 2, 3)
                                + Ensembles.servers("observer", 4, 5));
        return Arbitraries.of(
                same(Ensembles.of(1, 2)),
                same(Ensembles.of(1, 2, 3)),
                same(Ensembles.of(1, 2, 3, 4, 5)),
                same(Ensembles.of(1, 2, 3, 4, 5, 6, 7)),
                same(observed),
                same(weighted),
                List.of(Ensembles.of(1, 2, 3), Ensembles.of(2, 3, 4).withVersion(5)),
                List.of(Ensembles.of(1, 2, 3), Ensembles.of(3, 4, 5).withVersion(5)),
                List.of(observed, Ensembles.of(1, 2, 3, 4, 5).withVersion(5)));
    }

    private static List<EnsembleConfig> same(EnsembleConfig config) {
        return List.of(config, config);
    }

    private static World world(long seed, List<EnsembleConfig> configs) {
        return new World(seed, configs.getFirst(), configs.getLast());
    }

    private static World established(long seed, EnsembleConfig config) {
        World world = new World(seed, config, config);
        randomHistories(world);
        for (WorldServer server : world.servers.values()) {
            server.start();
        }
        assertThat(world.runFor(5000, () -> world.leaderOfAll() != null)).as(world::story).isTrue();
        world.runFor(world.random.nextInt(5000));
        return world;
    }

    private static void randomHistories(World world) {
        Random random = world.random;
        for (WorldServer server : world.servers.values()) {
            if (world.committed.participants().contains(server.sid())) {
                server.epoch = random.nextInt(3);
                server.zxid = (server.epoch << 32) + random.nextInt(3);
            }
        }
    }

    /// The one that all should elect, the larger id among equals.
    private static long best(World world) {
        var candidates = new TreeSet<Long>(world.committed.participants());
        candidates.removeIf(sid -> world.configs().weight(sid) == 0);
        WorldServer best = world.server(candidates.first());
        for (long sid : candidates) {
            WorldServer server = world.server(sid);
            if (!best.isNewerThan(server)) {
                best = server;
            }
        }
        return best.sid();
    }

    private static WorldServer anyBut(World world, WorldServer not) {
        List<WorldServer> others = new ArrayList<>(world.servers.values());
        others.remove(not);
        return others.get(world.random.nextInt(others.size()));
    }

    private static int elections(World world) {
        return world.servers.values().stream().mapToInt(server -> server.elections).sum();
    }
}
