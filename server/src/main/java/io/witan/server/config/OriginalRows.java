package io.witan.server.config;

import static io.witan.server.config.SettingRows.BOTH;
import static io.witan.server.config.SettingRows.TEXT;
import static io.witan.server.config.SettingRows.deprecated;
import static io.witan.server.config.SettingRows.none;

import java.util.ArrayList;
import java.util.List;

/// What tunes the inner workings of the original, for [SettingTable].
final class OriginalRows {

    private OriginalRows() {}

    static List<Setting> inner() {
        var rows = new ArrayList<Setting>();
        rows.add(
                none(
                        "serverCnxnFactory",
                        BOTH,
                        TEXT,
                        "There is one connection layer, with the system's own event interface where"
                                + " there is one."));
        for (var key :
                List.of(
                        "nio.numSelectorThreads",
                        "nio.numWorkerThreads",
                        "nio.directBufferBytes",
                        "nio.shutdownTimeout")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It tunes threads and buffers of the original's connection layer."));
        }
        for (var key :
                List.of(
                        "numWorkerThreads",
                        "maxReadBatchSize",
                        "maxCommitBatchSize",
                        "shutdownTimeout")) {
            rows.add(
                    none(
                            "commitProcessor." + key,
                            BOTH,
                            TEXT,
                            "There is no commit processor: one thread owns the tree."));
        }
        rows.add(
                none(
                        "intBufferStartingSizeBytes",
                        BOTH,
                        TEXT,
                        "Buffers find their size by themselves."));
        rows.add(
                deprecated(
                        "watchManagerName",
                        BOTH,
                        TEXT,
                        "There is one table of watches. It is compact, and knows every kind of"
                                + " watch."));
        for (var key :
                List.of(
                        "watcherCleanThreadsNum",
                        "watcherCleanThreshold",
                        "watcherCleanIntervalInSeconds",
                        "maxInProcessingDeadWatchers",
                        "bitHashCacheSize")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It tunes the original's optimized watch manager. Watches of a closed"
                                    + " connection are removed at once here."));
        }
        for (var key : List.of("log.*", "root.logger", "console.threshold")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It steers the original's own log files. Here the log goes to standard"
                                    + " error."));
        }
        for (var key :
                List.of(
                        "testingonly.initialZxid",
                        "test.allowDiscontinuousProposals",
                        "controllerPort")) {
            rows.add(none(key, BOTH, TEXT, "It serves the original's own tests."));
        }
        return rows;
    }
}
