package io.witan.torment.lan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/// All servers on 127.0.0.1: for systems that permit no namespaces. Nothing can be cut.
public final class LoopbackLan implements Lan {

    private record Ports(int client, int quorum, int election) {}

    private final SortedMap<Long, Ports> ports = new TreeMap<>();

    public LoopbackLan(List<Long> sids) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (long sid : sids) {
                ports.put(sid, new Ports(port(held), port(held), port(held)));
            }
            for (ServerSocket socket : held) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(List<ServerSocket> held) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        return socket.getLocalPort();
    }

    private Ports ports(long sid) {
        Ports known = ports.get(sid);
        if (known == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return known;
    }

    @Override
    public InetSocketAddress clientAddress(long sid) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports(sid).client());
    }

    @Override
    public String memberAddress(long sid) {
        return "127.0.0.1:" + ports(sid).quorum() + ":" + ports(sid).election();
    }

    @Override
    public List<String> on(long sid, List<String> command) {
        return command;
    }

    @Override
    public boolean breaks() {
        return false;
    }

    @Override
    public void block(SortedSet<Direction> blocked) {
        throw new UnsupportedOperationException("links of the loopback");
    }

    @Override
    public void slow(long sid, Slowness slowness) {
        throw new UnsupportedOperationException("links of the loopback");
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
