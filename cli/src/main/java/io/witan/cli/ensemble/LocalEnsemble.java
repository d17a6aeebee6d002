package io.witan.cli.ensemble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The servers of an ensemble on this machine, and their files:
///
/// ```
///   DATA/server-1/zoo.cfg  myid  server.log  version-2/
///   DATA/server-2/...
/// ```
record LocalEnsemble(Path data, List<LocalServer> servers) {

    private static final String DIRECTORY_PREFIX = "server-";

    /// @param clientPorts one for each server, participants first; so with the other ports
    static LocalEnsemble of(
            Path data,
            int participants,
            List<Integer> clientPorts,
            List<Integer> quorumPorts,
            List<Integer> electionPorts) {
        List<LocalServer> servers = new ArrayList<>();
        for (int i = 0; i < clientPorts.size(); i++) {
            servers.add(
                    new LocalServer(
                            i + 1,
                            i >= participants,
                            clientPorts.get(i),
                            quorumPorts.get(i),
                            electionPorts.get(i),
                            data.resolve(DIRECTORY_PREFIX + (i + 1))));
        }
        return new LocalEnsemble(data, servers);
    }

    /// What a client is given.
    String connectString() {
        return String.join(",", servers.stream().map(LocalServer::client).toList());
    }

    // ---- what is in the way

    /// Ports that somebody else has, or that two servers would have, and what for.
    List<String> portsInUse() {
        List<String> problems = new ArrayList<>();
        Map<Integer, LocalServer> owners = new LinkedHashMap<>();
        for (LocalServer server : servers) {
            for (int port : server.ports()) {
                LocalServer other = owners.putIfAbsent(port, server);
                if (port > Ports.LARGEST) {
                    problems.add("%d, for %s: there is no such port".formatted(port, server));
                } else if (other != null) {
                    problems.add("%d, for %s: %s has it".formatted(port, server, other));
                } else if (!Ports.isFree(port)) {
                    problems.add("%d, for %s: another process has it".formatted(port, server));
                }
            }
        }
        return problems;
    }

    /// The parts of the servers of an earlier run on the same directory, such as `[participant,
    /// participant, observer]`; empty if there was none.
    ///
    /// Other servers on that data could elect one that lacks what the earlier ones had confirmed.
    List<String> earlierParts() throws IOException {
        Path config = servers.getFirst().config();
        if (!Files.exists(config)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(config)) {
            return lines.filter(line -> line.startsWith("server."))
                    .map(line -> line.substring(line.lastIndexOf(':') + 1))
                    .toList();
        }
    }

    List<String> parts() {
        return servers.stream()
                .map(server -> server.observer() ? "observer" : "participant")
                .toList();
    }

    // ---- files

    void write() throws IOException {
        for (LocalServer server : servers) {
            Files.createDirectories(server.directory());
            Files.writeString(server.config(), server.configText(servers));
            Files.writeString(server.directory().resolve("myid"), server.sid() + "\n");
        }
    }
}
