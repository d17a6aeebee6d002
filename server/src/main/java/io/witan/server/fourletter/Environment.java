package io.witan.server.fourletter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// The answer to `envi`: what the server runs on.
///
/// @param version `3.9.4-something, built on 2026-01-01 00:00 UTC`: scripts take the numbers at its
///   beginning
/// @param fixed in the order in which they are shown
/// @param memory free, largest and present heap in bytes, read each time
public record Environment(
        String version, SequencedMap<String, String> fixed, Supplier<long[]> memory) {

    private static final List<String> JVM_PROPERTIES =
            List.of(
                    "java.version",
                    "java.vendor",
                    "java.home",
                    "java.class.path",
                    "java.library.path",
                    "java.io.tmpdir",
                    "java.compiler",
                    "os.name",
                    "os.arch",
                    "os.version",
                    "user.name",
                    "user.home",
                    "user.dir");

    public Environment {
        fixed = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fixed));
    }

    /// @param jvmProperties of which those are shown that the original shows
    public static Environment of(
            String version,
            String hostName,
            Map<String, String> jvmProperties,
            Supplier<long[]> memory) {
        var shown = new LinkedHashMap<String, String>();
        shown.put("zookeeper.version", version);
        shown.put("host.name", hostName);
        for (var name : JVM_PROPERTIES) {
            shown.put(name, jvmProperties.getOrDefault(name, "<NA>"));
        }
        return new Environment(version, shown, memory);
    }
}
