package io.witan.interop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What differs from the plain configuration of [ServerProcess]: lines of `zoo.cfg`, which replace
/// lines of the same key, and flags for the JVM.
public record ServerSettings(List<String> config, List<String> jvmFlags) {

    public static final ServerSettings PLAIN = new ServerSettings(List.of(), List.of());

    /// Both products read the same file. Logs are pre-allocated in small steps because tests make
    /// many data directories.
    private static final List<String> COMMON =
            List.of(
                    "tickTime=2000",
                    "clientPortAddress=127.0.0.1",
                    "maxClientCnxns=0",
                    "preAllocSize=64",
                    "4lw.commands.whitelist=*",
                    "extendedTypesEnabled=true");

    public static ServerSettings config(String... lines) {
        return new ServerSettings(List.of(lines), List.of());
    }

    public ServerSettings with(String... lines) {
        return new ServerSettings(
                Stream.concat(config.stream(), Stream.of(lines)).toList(), jvmFlags);
    }

    String configFile(String dataDir, int clientPort) {
        Map<String, String> lines = new LinkedHashMap<>();
        Stream.of(
                        COMMON.stream(),
                        Stream.of("dataDir=" + dataDir, "clientPort=" + clientPort),
                        config.stream())
                .flatMap(part -> part)
                .forEach(line -> lines.put(line.substring(0, line.indexOf('=')), line));
        return String.join("\n", lines.values()) + "\n";
    }
}
