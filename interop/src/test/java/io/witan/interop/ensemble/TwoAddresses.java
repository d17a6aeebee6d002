package io.witan.interop.ensemble;

import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Three servers of which each has two addresses, as `fle/10` was recorded; the ones that run are
/// Witan's.
final class TwoAddresses implements AutoCloseable {

    private static final String LINES =
            """
            server.1=127.0.0.1:23011:23021|127.0.0.2:23051:23061:participant;127.0.0.1:23031
            server.2=127.0.0.1:23012:23022|127.0.0.2:23052:23062:participant;127.0.0.1:23032
            server.3=127.0.0.1:23013:23023|127.0.0.2:23053:23063:participant;127.0.0.1:23033
            """;

    private static final Pattern PORT = Pattern.compile("230[12356][123]");

    private final Path home;

    /// Those here, by those of the recording.
    private final SortedMap<String, Integer> ports = new TreeMap<>();

    private final List<ServerProcess> running = new ArrayList<>();

    TwoAddresses(Path home) {
        this.home = home;
        PORT.matcher(LINES)
                .results()
                .forEach(
                        port -> ports.computeIfAbsent(port.group(), _ -> ServerProcess.freePort()));
    }

    String here(String text) {
        return PORT.matcher(text).replaceAll(port -> Integer.toString(port(port.group())));
    }

    private int port(String recorded) {
        Integer port = ports.get(recorded);
        if (port == null) {
            throw new IllegalArgumentException("no port " + recorded);
        }
        return port;
    }

    /// With the first of its addresses.
    Place place(int sid) {
        return new Place(sid, false, port("2301" + sid), port("2302" + sid), port("2303" + sid));
    }

    void launch(int sid) throws IOException {
        List<String> config = new ArrayList<>(here(LINES).lines().toList());
        config.addAll(List.of("initLimit=100", "syncLimit=50", "multiAddress.enabled=true"));
        var server =
                new ServerProcess(
                        Product.WITAN,
                        home.resolve("server-" + sid),
                        new ServerSettings(
                                config, List.of("-Dzookeeper.multiAddress.enabled=true")),
                        place(sid).clientPort());
        Files.createDirectories(server.dataDir());
        Files.writeString(server.dataDir().resolve("myid"), Integer.toString(sid));
        server.launch();
        running.add(server);
    }

    @Override
    public void close() {
        running.forEach(ServerProcess::close);
    }
}
