package io.witan.simulation.fault;

import io.witan.simulation.net.Barrier;
import io.witan.simulation.net.Host;
import io.witan.simulation.net.Network;
import io.witan.simulation.net.Port;
import io.witan.simulation.net.Weather;
import io.witan.simulation.server.SimServer;
import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Clock;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Partitions of all shapes, clogs, slow times.
final class NetworkFaults {

    private final List<SimServer> servers;
    private final Network network;
    private final Clock clock;
    private final Chance chance;
    private final Lasting lasting;
    private final Weather usual;
    private boolean over;

    NetworkFaults(
            RunPlan plan,
            List<SimServer> servers,
            Network network,
            Clock clock,
            Chance chance,
            Lasting lasting) {
        this.lasting = lasting;
        this.servers = servers;
        this.network = network;
        this.clock = clock;
        this.chance = chance;
        this.usual = plan.weather();
    }

    String partition() {
        List<Host> all = shuffled();
        if (all.size() == 1 || chance.hit(0.15)) {
            return raise("clients", List.of(clientsFrom(all)));
        }
        Set<Port> ports = somePorts();
        boolean oneWay = chance.hit(0.35);
        List<Barrier> barriers = new ArrayList<>();
        String shape =
                switch (chance.between(0, 4)) {
                    case 0 -> {
                        between(barriers, all.subList(0, 1), rest(all, 1), ports, oneWay);
                        yield "isolated " + all.getFirst();
                    }
                    case 1 -> {
                        int cut = chance.between(1, all.size());
                        between(barriers, all.subList(0, cut), rest(all, cut), ports, oneWay);
                        yield "split " + all.subList(0, cut);
                    }
                    case 2 -> {
                        int half = Math.max(1, (all.size() - 1) / 2);
                        between(
                                barriers,
                                all.subList(0, half),
                                all.subList(half, Math.max(half, all.size() - 1)),
                                ports,
                                oneWay);
                        yield "bridge " + all.getLast();
                    }
                    default -> {
                        ring(barriers, all, ports);
                        yield "ring " + all;
                    }
                };
        return raise(shape + (oneWay ? " one way" : "") + " " + ports, barriers);
    }

    String isolate(SimServer server) {
        List<Barrier> barriers = new ArrayList<>();
        Set<Host> self = Set.of(Host.server(server.sid()));
        Set<Port> between = Set.of(Port.ELECTION, Port.QUORUM, Port.OBSERVER);
        barriers.add(new Barrier(self, Set.of(), between));
        barriers.add(new Barrier(Set.of(), self, between));
        return raise("isolated s" + server.sid(), barriers);
    }

    private Barrier clientsFrom(List<Host> all) {
        Host server = all.getFirst();
        return chance.hit(0.5)
                ? new Barrier(Set.of(server), Set.of(), Set.of(Port.CLIENT))
                : new Barrier(Set.of(), Set.of(server), Set.of(Port.CLIENT));
    }

    private static List<Host> rest(List<Host> all, int from) {
        return all.subList(from, all.size());
    }

    private Set<Port> somePorts() {
        return switch (chance.between(0, 5)) {
            case 0 -> Set.of(Port.ELECTION);
            case 1 -> new TreeSet<>(List.of(Port.QUORUM, Port.OBSERVER));
            default -> new TreeSet<>(List.of(Port.ELECTION, Port.QUORUM, Port.OBSERVER));
        };
    }

    private static void between(
            List<Barrier> barriers,
            List<Host> one,
            List<Host> other,
            Set<Port> ports,
            boolean oneWay) {
        if (!one.isEmpty() && !other.isEmpty()) {
            barriers.add(new Barrier(new TreeSet<>(one), new TreeSet<>(other), ports));
            if (!oneWay) {
                barriers.add(new Barrier(new TreeSet<>(other), new TreeSet<>(one), ports));
            }
        }
    }

    /// Each hears its two neighbours only.
    private static void ring(List<Barrier> barriers, List<Host> all, Set<Port> ports) {
        int size = all.size();
        for (int i = 0; i < size; i++) {
            List<Host> far = new ArrayList<>();
            for (int j = 0; j < size; j++) {
                int distance = Math.floorMod(i - j, size);
                if (distance > 1 && distance < size - 1) {
                    far.add(all.get(j));
                }
            }
            between(barriers, List.of(all.get(i)), far, ports, true);
        }
    }

    private String raise(String what, List<Barrier> barriers) {
        if (over) {
            return "too late: " + what;
        }
        barriers.forEach(network::raise);
        long micros = (long) chance.magnitude(100_000, 60_000_000);
        lasting.endAfter(FaultKind.PARTITION, micros, () -> barriers.forEach(network::lift));
        return "%s for %d ms".formatted(what, micros / 1000);
    }

    String clog() {
        List<Host> hosts = shuffled();
        List<Host> clogged = hosts.subList(0, chance.between(1, hosts.size() + 1));
        List<Barrier> barriers = new ArrayList<>();
        for (Host host : clogged) {
            barriers.add(new Barrier(Set.of(host), Set.of(), Set.of()));
        }
        long at = 0;
        for (Barrier barrier : barriers) {
            at += chance.between(0L, 2_000_000L);
            clock.after(at, () -> raiseUnlessOver(barrier));
        }
        for (int i = barriers.size(); i > 0; i--) {
            Barrier barrier = barriers.remove(chance.between(0, i));
            at += chance.between(0L, 2_000_000L);
            lasting.endAfter(FaultKind.CLOG, at, () -> network.lift(barrier));
        }
        return clogged + " for " + at / 1000 + " ms";
    }

    private void raiseUnlessOver(Barrier barrier) {
        if (!over) {
            network.raise(barrier);
        }
    }

    String slow() {
        Weather slower =
                new Weather(
                        usual.delayMicrosMin(),
                        chance.magnitude(20_000, 500_000),
                        chance.between(0, 0.02),
                        usual.spikeMicrosMax(),
                        chance.magnitude(1, 100),
                        usual.splitChance(),
                        usual.resetChance(),
                        usual.hangChance());
        network.weather(slower);
        long micros = (long) chance.magnitude(1_000_000, 60_000_000);
        lasting.endAfter(FaultKind.SLOW_NETWORK, micros, this::backToUsual);
        return "for %d ms".formatted(micros / 1000);
    }

    private void backToUsual() {
        if (!over) {
            network.weather(usual);
        }
    }

    private List<Host> shuffled() {
        List<Host> left = new ArrayList<>();
        for (SimServer server : servers) {
            left.add(Host.server(server.sid()));
        }
        List<Host> shuffled = new ArrayList<>();
        while (!left.isEmpty()) {
            shuffled.add(left.remove(chance.between(0, left.size())));
        }
        return shuffled;
    }

    void end() {
        over = true;
        network.weather(usual.calmedDown());
        network.liftAll();
    }
}
