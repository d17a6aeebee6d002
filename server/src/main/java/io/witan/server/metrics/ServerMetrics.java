package io.witan.server.metrics;

import java.util.ArrayList;
import java.util.List;

/// The counters and summaries of a server. Times are in milliseconds.
public final class ServerMetrics {

    /// @param name without `zk_`
    /// @param meaning what it counts, and what a bad value means
    record Metric(String name, String meaning, Object source) {}

    private final List<Metric> metrics = new ArrayList<>();

    public final Counter connectionRequests =
            counter(
                    "connection_request_count",
                    "Connect requests. Many more than usual: clients lose their connections, or"
                            + " restart in circles.");
    public final Counter connectionRevalidations =
            counter(
                    "connection_revalidate_count",
                    "Connect requests of sessions that come back. Many: the network, or pauses of"
                            + " clients.");
    public final Counter connectionsRejected =
            counter(
                    "connection_rejected",
                    "Connections closed at once, by maxClientCnxns or maxCnxns. Above 0: raise"
                            + " them, or find the client that leaks.");
    public final Counter connectionsDropped =
            counter(
                    "connection_drop_count",
                    "Connect requests refused by the connection throttle.");
    public final Counter connectionsWithoutServer =
            counter(
                    "cnxn_closed_without_zk_server_running",
                    "Connections closed while the server was not serving.");
    public final Counter sessionlessConnectionsExpired =
            counter(
                    "sessionless_connections_expired",
                    "Connections closed because they asked for no session.");
    public final Counter sessionsExpired =
            counter(
                    "stale_sessions_expired",
                    "Sessions that ended because nothing was heard of them. Many at once: pauses,"
                            + " or a broken network.");
    public final Counter authenticationsFailed =
            counter("auth_failed_count", "Attempts to authenticate that were refused.");
    public final Counter bytesReceived =
            counter("bytes_received_count", "Bytes that clients sent.");
    public final Counter responseBytes = counter("response_bytes", "Bytes of replies.");
    public final Counter watchBytes = counter("watch_bytes", "Bytes of notifications.");
    public final Counter largeRequestsRejected =
            counter("large_requests_rejected", "Connections closed by largeRequestMaxBytes.");
    public final Counter requestThrottleWaits =
            counter("request_throttle_wait_count", "Requests that waited in the request throttle.");
    public final Counter throttledOperations =
            counter("throttled_ops", "Requests answered -127 because of throttled_op_wait_time.");
    public final Counter staleRequests =
            counter("stale_requests", "Requests whose connection was already closed.");
    public final Counter staleRequestsDropped =
            counter("stale_requests_dropped", "Those of them that were not executed.");
    public final Counter staleReplies =
            counter("stale_replies", "Replies whose connection was already closed.");
    public final Counter digestMismatches =
            counter(
                    "digest_mismatches_count",
                    "Transactions after which the tree was not what their digest says. Above 0:"
                            + " replicas differ.");
    public final Counter unrecoverableErrors =
            counter(
                    "unrecoverable_error_count",
                    "Errors after which the server ends. Above 0: look into its log.");

    public final Summary syncMillis =
            summary(
                    "fsynctime",
                    "Time of a sync of the log. It bounds the latency of writes: give dataLogDir a"
                            + " disk of its own.");
    public final Summary syncBatchTxns =
            summary("sync_processor_batch_size", "Transactions that shared one sync.");
    public final Summary snapshotMillis =
            summary("snapshottime", "Time from the start of a snapshot to its end.");
    public final Summary databaseLoadMillis =
            summary("dbinittime", "Time to load snapshot and log at the start.");
    public final Summary snapshotLoadMillis =
            summary("startup_snap_load_time", "Of it, for the snapshot.");
    public final Summary txnsLoadMillis = summary("startup_txns_load_time", "Of it, for the log.");
    public final Summary txnsLoaded =
            summary("startup_txns_loaded", "Transactions read from the log at the start.");
    public final Summary connectionTokenDeficit =
            summary("connection_token_deficit", "Tokens the connection throttle was short of.");
    public final Summary createdWatches =
            summary("node_created_watch_count", "Notifications that one creation caused.");
    public final Summary deletedWatches =
            summary("node_deleted_watch_count", "Notifications that one deletion caused.");
    public final Summary changedWatches =
            summary(
                    "node_changed_watch_count",
                    "Notifications that one change of data caused. Thousands: a herd, which a"
                            + " recipe could avoid.");
    public final Summary childrenWatches =
            summary(
                    "node_children_watch_count",
                    "Notifications that one change of children caused.");

    public final Distribution readLatency =
            distribution("readlatency", "From the arrival of a read to its reply.");
    public final Distribution updateLatency =
            distribution("updatelatency", "From the arrival of a write to its reply.");
    public final Distribution queueAndFlushMillis =
            distribution(
                    "sync_processor_queue_and_flush_time_ms",
                    "From handing a transaction to the log to having it on the disk.");
    public final Distribution requestThrottleMillis =
            distribution(
                    "request_throttle_queue_time_ms", "Time of requests in the request throttle.");

    public final ResponseSizes responseSizes = new ResponseSizes();

    private Counter counter(String name, String meaning) {
        var counter = new Counter();
        metrics.add(new Metric(name, meaning, counter));
        return counter;
    }

    private Summary summary(String name, String meaning) {
        var summary = new Summary();
        metrics.add(new Metric(name, meaning, summary));
        return summary;
    }

    private Distribution distribution(String name, String meaning) {
        var distribution = new Distribution();
        metrics.add(new Metric(name, meaning, distribution));
        return distribution;
    }

    /// All of them, for the page that explains them.
    List<Metric> metrics() {
        return List.copyOf(metrics);
    }

    /// Shows everything, a summary as its `avg_`, `min_`, `max_`, `cnt_`, `sum_` and, if it has
    /// them, quantiles.
    public void forEach(MetricVisitor visitor) {
        visitor.value("last_client_response_size", responseSizes.last());
        visitor.value("min_client_response_size", responseSizes.min());
        visitor.value("max_client_response_size", responseSizes.max());
        for (var metric : metrics) {
            switch (metric.source()) {
                case Counter counter -> visitor.value(metric.name(), counter.count());
                case Summary summary -> show(metric.name(), summary, visitor);
                default -> throw new IllegalStateException(metric.name());
            }
        }
    }

    private static void show(String name, Summary summary, MetricVisitor visitor) {
        visitor.value("avg_" + name, summary.mean());
        visitor.value("min_" + name, summary.min());
        visitor.value("max_" + name, summary.max());
        visitor.value("cnt_" + name, summary.count());
        visitor.value("sum_" + name, summary.sum());
        if (summary instanceof Distribution distribution) {
            visitor.value("p50_" + name, distribution.quantile(0.5));
            visitor.value("p95_" + name, distribution.quantile(0.95));
            visitor.value("p99_" + name, distribution.quantile(0.99));
            visitor.value("p999_" + name, distribution.quantile(0.999));
        }
    }

    /// Starts all anew (`srst`).
    public void reset() {
        responseSizes.reset();
        for (var metric : metrics) {
            switch (metric.source()) {
                case Counter counter -> counter.reset();
                case Summary summary -> summary.reset();
                default -> throw new IllegalStateException(metric.name());
            }
        }
    }
}
