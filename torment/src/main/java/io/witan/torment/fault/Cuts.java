package io.witan.torment.fault;

import io.witan.torment.lan.Direction;
import io.witan.torment.lan.Lan;
import io.witan.torment.server.ServerProcess;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which ways a fault of the network lets nothing through.
final class Cuts {

    private Cuts() {}

    static SortedSet<Direction> of(Fault fault, long sid, Collection<ServerProcess> servers) {
        SortedSet<Long> sids = new TreeSet<>();
        servers.forEach(server -> sids.add(server.sid()));
        return of(fault, sid, sids);
    }

    static SortedSet<Direction> of(Fault fault, long sid, SortedSet<Long> sids) {
        SortedSet<Direction> ways = new TreeSet<>();
        for (long other : sids) {
            if (other == sid) {
                continue;
            }
            switch (fault.kind()) {
                case ISOLATE, CUT_OFF -> bothWays(sid, other, ways);
                case DEAF -> ways.add(new Direction(other, sid));
                case MUTE -> ways.add(new Direction(sid, other));
                default -> {
                    // Not about all others alike.
                }
            }
        }
        switch (fault.kind()) {
            case CUT_OFF, CLIENTS_CUT -> bothWays(sid, Lan.CLIENTS, ways);
            case PARTITION -> partition(fault.draw(), sid, sids, ways);
            case BROKEN_LINK -> {
                if (fault.other() != sid) {
                    bothWays(sid, fault.other(), ways);
                }
            }
            case HALF_LINK -> {
                if (fault.other() != sid) {
                    ways.add(new Direction(sid, fault.other()));
                }
            }
            default -> {
                // Done above.
            }
        }
        return ways;
    }

    private static void bothWays(long one, long other, SortedSet<Direction> ways) {
        ways.add(new Direction(one, other));
        ways.add(new Direction(other, one));
    }

    /// The bits of the draw say who stands with `sid`.
    private static void partition(
            int draw, long sid, SortedSet<Long> sids, SortedSet<Direction> ways) {
        for (long one : sids) {
            for (long other : sids) {
                if (side(draw, sid, one) != side(draw, sid, other)) {
                    ways.add(new Direction(one, other));
                }
            }
        }
    }

    private static boolean side(int draw, long sid, long of) {
        return of == sid || (draw >> (of % 16) & 1) == 1;
    }

    /// `1>2 2>1`.
    static String text(SortedSet<Direction> ways) {
        return ways.stream()
                .map(way -> name(way.from()) + ">" + name(way.to()))
                .collect(Collectors.joining(" "));
    }

    private static String name(long machine) {
        return machine == Lan.CLIENTS ? "clients" : Long.toString(machine);
    }
}
