package io.witan.benchmarks;

import io.witan.benchmarks.subject.JvmFlags;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;

/// The options that the commands about [Outages] have in common.
final class OutageOptions {

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "6",
            description = "synchronous clients that write meanwhile (default: 6)")
    int clients = 6;

    @Option(
            names = "--load-millis",
            paramLabel = "N",
            defaultValue = "2000",
            description = "how long they write before something happens (default: 2000)")
    int loadMillis = 2000;

    OutageSettings settings(
            int servers, int rounds, int silentRounds, JvmFlags flags, Path scratch) {
        return new OutageSettings(
                servers,
                clients,
                rounds,
                silentRounds,
                Duration.ofMillis(loadMillis),
                flags,
                scratch);
    }
}
