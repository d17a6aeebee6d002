package io.witan.torment.lan;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Each server on a machine of its own, a network namespace, all joined by a router:
///
/// ```
///   clients (here) 10.77.0.2 --+
///   server 1       10.77.1.2 --+-- router
///   server 2       10.77.2.2 --+
/// ```
///
/// The router drops what is to be cut, by source and destination, so that neither end is told: that
/// needs no packet filter in the kernel, only routing rules.
public final class NamespaceLan implements Lan {

    private static final String ROUTER = "router";
    private static final int CLIENT_PORT = 2181;

    private final List<Long> machines = new ArrayList<>();
    private final boolean delays;
    private SortedSet<Direction> blocked = new TreeSet<>();

    /// Only within [io.witan.torment.Enclosure].
    public NamespaceLan(List<Long> sids) {
        machines.add(CLIENTS);
        machines.addAll(sids);
        StringBuilder script = new StringBuilder("ip link set lo up; ip netns add router; ");
        script.append("ip -n router link set lo up; ");
        script.append("nsenter --net=/run/netns/router")
                .append(" sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'; ");
        for (long machine : machines) {
            script.append(join(machine));
        }
        Shell.must(script.toString());
        delays =
                Shell.run(
                                        "tc -n router qdisc add dev v0 root netem delay 1ms;"
                                                + " tc -n router qdisc del dev v0 root")
                                .exitCode()
                        == 0;
    }

    private static String join(long machine) {
        String ip = machine == CLIENTS ? "ip" : "ip -n s%d".formatted(machine);
        String where = machine == CLIENTS ? "" : "netns s%d".formatted(machine);
        String namespace = machine == CLIENTS ? "" : "ip netns add s%d;".formatted(machine);
        return """
        %1$s
        ip link add v%2$d netns router type veth peer name eth0 %3$s
        ip -n router addr add 10.77.%2$d.1/30 dev v%2$d
        ip -n router link set v%2$d up
        %4$s addr add 10.77.%2$d.2/30 dev eth0
        %4$s link set eth0 up
        %4$s link set lo up
        %4$s route add default via 10.77.%2$d.1
        """
                .formatted(namespace, machine, where, ip);
    }

    private static String address(long machine) {
        return "10.77." + machine + ".2";
    }

    @Override
    public InetSocketAddress clientAddress(long sid) {
        return new InetSocketAddress(address(sid), CLIENT_PORT);
    }

    @Override
    public String memberAddress(long sid) {
        return address(sid) + ":2888:3888";
    }

    @Override
    public List<String> on(long sid, List<String> command) {
        List<String> there = new ArrayList<>(List.of("nsenter", "--net=/run/netns/s" + sid, "--"));
        there.addAll(command);
        return there;
    }

    @Override
    public boolean breaks() {
        return true;
    }

    @Override
    public void block(SortedSet<Direction> wanted) {
        StringBuilder script = new StringBuilder();
        for (Direction gone : blocked) {
            if (!wanted.contains(gone)) {
                script.append(rule("del", gone));
            }
        }
        for (Direction next : wanted) {
            if (!blocked.contains(next)) {
                script.append(rule("add", next));
            }
        }
        blocked = new TreeSet<>(wanted);
        if (!script.isEmpty()) {
            Shell.must(script.toString());
        }
    }

    private static String rule(String verb, Direction way) {
        return "ip -n %s rule %s pref 100 from %s to %s blackhole\n"
                .formatted(ROUTER, verb, address(way.from()), address(way.to()));
    }

    @Override
    public void slow(long sid, Slowness slowness) {
        String towards = "tc -n router qdisc %s dev v" + sid + " root %s\n";
        String from = "tc -n s" + sid + " qdisc %s dev eth0 root %s\n";
        if (slowness.equals(Slowness.NONE)) {
            Shell.must(towards.formatted("del", "") + from.formatted("del", ""));
            return;
        }
        String discipline =
                delays
                        ? "netem delay %dms %dms loss %d%% rate %dkbit"
                                .formatted(
                                        slowness.delayMillis(),
                                        slowness.delayMillis() / 2,
                                        slowness.lossPercent(),
                                        slowness.kilobitsPerSecond())
                        : "tbf rate %dkbit burst 3kb latency 2000ms"
                                .formatted(slowness.kilobitsPerSecond());
        Shell.must(
                towards.formatted("replace", discipline) + from.formatted("replace", discipline));
    }

    @Override
    public void close() {
        StringBuilder script = new StringBuilder();
        for (long machine : machines) {
            if (machine != CLIENTS) {
                script.append("ip netns del s%d || true\n".formatted(machine));
            }
        }
        script.append("ip link del eth0 || true\nip netns del router || true\n");
        Shell.must(script.toString());
    }
}
