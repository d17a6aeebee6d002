package io.witan.cli.ensemble;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// One server of a [LocalEnsemble]: where it listens, all on the loopback address, and where its
/// files are.
///
/// @param directory holds its configuration, its log file and its data
record LocalServer(
        int sid,
        boolean observer,
        int clientPort,
        int quorumPort,
        int electionPort,
        Path directory) {

    /// Of [Ports], as text.
    static final String ADDRESS = "127.0.0.1";

    Path config() {
        return directory.resolve("zoo.cfg");
    }

    Path log() {
        return directory.resolve("server.log");
    }

    String client() {
        return ADDRESS + ":" + clientPort;
    }

    List<Integer> ports() {
        return List.of(clientPort, quorumPort, electionPort);
    }

    /// Its line in the configuration of each server.
    String line() {
        return "server.%d=%s:%d:%d:%s"
                .formatted(
                        sid,
                        ADDRESS,
                        quorumPort,
                        electionPort,
                        observer ? "observer" : "participant");
    }

    /// Every server knows every four-letter word: nobody outside of this machine can ask.
    String configText(List<LocalServer> all) {
        return """
        # Written by witan ensemble, anew at each start.
        tickTime=2000
        initLimit=10
        syncLimit=5
        dataDir=%s
        clientPort=%d
        clientPortAddress=%s
        standaloneEnabled=false
        4lw.commands.whitelist=*
        %s
        """
                .formatted(
                        directory,
                        clientPort,
                        ADDRESS,
                        all.stream().map(LocalServer::line).collect(Collectors.joining("\n")));
    }

    @Override
    public String toString() {
        return "server." + sid;
    }
}
