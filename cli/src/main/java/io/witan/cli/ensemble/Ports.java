package io.witan.cli.ensemble;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Ports on the loopback address. None is given twice.
final class Ports {

    static final int LARGEST = 65_535;

    /// Below the range from which systems give ports to outgoing connections: a server opens the
    /// port for its learners only when it leads, and must find it free then.
    private static final int FREE_MIN = 12_000;

    private static final int FREE_MAX = 30_000;

    private final Set<Integer> given = new HashSet<>();

    /// `count` ports, the first of which is `first`; whichever are free where that is 0.
    List<Integer> from(int first, int count) {
        return first == 0
                ? Stream.generate(this::free).limit(count).toList()
                : IntStream.range(first, first + count).boxed().toList();
    }

    private int free() {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(FREE_MIN, FREE_MAX);
            if (isFree(candidate) && given.add(candidate)) {
                return candidate;
            }
        }
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static boolean isFree(int port) {
        try (var probe = new ServerSocket()) {
            // What lingers of connections that are closed is in nobody's way.
            probe.setReuseAddress(true);
            probe.bind(address(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
