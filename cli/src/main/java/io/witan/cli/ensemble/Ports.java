package io.witan.cli.ensemble;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Ports on the loopback address.
final class Ports {

    static final int LARGEST = 65_535;

    private Ports() {}

    /// `count` ports, the first of which is `first`; whichever are free where that is 0.
    static List<Integer> from(int first, int count) throws IOException {
        return first == 0 ? free(count) : IntStream.range(first, first + count).boxed().toList();
    }

    /// All are held until the last is known, so that they differ.
    private static List<Integer> free(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
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
