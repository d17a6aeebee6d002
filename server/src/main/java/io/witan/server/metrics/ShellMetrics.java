package io.witan.server.metrics;

import io.witan.replica.metrics.Counter;
import io.witan.replica.metrics.MetricSet;
import io.witan.replica.metrics.Summary;

/// What the shell around the core counts. Owned by the core thread: what another thread measures,
/// it hands over. Times are in milliseconds where the name says nothing else.
public final class ShellMetrics {

    public final MetricSet all = new MetricSet();

    public final Counter connectionsRejected =
            all.counter(
                    "connection_rejected",
                    "Connections closed at once, by maxClientCnxns or maxCnxns. Above 0: raise"
                            + " them, or find the client that leaks.");
    public final Counter sessionlessExpired =
            all.counter(
                    "sessionless_connections_expired",
                    "Connections closed because they asked for no session.");
    public final Counter digestMismatches =
            all.counter(
                    "digest_mismatches_count",
                    "Transactions after which the tree was not what their digest says. Above 0:"
                            + " replicas differ.");

    public final Summary coreSliceMicros =
            all.summary(
                    "core_slice_micros",
                    "How long the core was busy at a stretch and looked at no socket, in"
                            + " microseconds; waiting for the disk is not part of it. The greatest"
                            + " is what anybody may have waited for a turn: far above 1000, look"
                            + " at pauses of the JVM, at the machine, at requests of megabytes.");

    public final Summary syncMillis =
            all.summary(
                    "fsynctime",
                    "Time to write and sync a group of transactions. It bounds the latency of"
                            + " writes: give dataLogDir a disk of its own.");
    public final Summary syncBatchTxns =
            all.summary("sync_processor_batch_size", "Transactions that shared one sync.");
    public final Summary snapshotMillis =
            all.summary("snapshottime", "Time from the start of a snapshot to its end.");
    public final Summary databaseLoadMillis =
            all.summary("dbinittime", "Time to load snapshot and log at the start.");
    public final Summary txnsLoaded =
            all.summary("startup_txns_loaded", "Transactions read from the log at the start.");
}
