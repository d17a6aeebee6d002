package io.witan.benchmarks;

import io.witan.benchmarks.subject.JvmFlags;

import java.nio.file.Path;
import java.time.Duration;

/// How servers of ensembles are lost under load.
///
/// @param servers of each ensemble
/// @param clients synchronous writers, spread over the servers
/// @param rounds how often a leader is killed, or all servers are restarted
/// @param silentRounds how often a leader stands still
/// @param load how long the clients write before something happens
record OutageSettings(
        int servers,
        int clients,
        int rounds,
        int silentRounds,
        Duration load,
        JvmFlags flags,
        Path scratch) {}
