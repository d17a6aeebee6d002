package io.witan.replica.metrics;

/// What the core counts. Times are in milliseconds.
public final class CoreMetrics {

    public final MetricSet all = new MetricSet();

    public final Counter connectRequests =
            all.counter(
                    "connection_request_count",
                    "Connect requests. Many more than usual: clients lose their connections, or"
                            + " restart in circles.");
    public final Counter sessionsRenewed =
            all.counter(
                    "connection_revalidate_count",
                    "Connect requests of sessions that come back. Many: the network, or pauses of"
                            + " clients.");
    public final Counter connectsDropped =
            all.counter(
                    "connection_drop_count",
                    "Connect requests refused by the connection throttle.");
    public final Counter sessionsExpired =
            all.counter(
                    "stale_sessions_expired",
                    "Sessions that ended because nothing was heard of them. Many at once: pauses,"
                            + " or a broken network.");
    public final Counter authenticationsFailed =
            all.counter("auth_failed_count", "Attempts to authenticate that were refused.");
    public final Counter bytesReceived =
            all.counter("bytes_received_count", "Bytes that clients sent.");
    public final Counter responseBytes = all.counter("response_bytes", "Bytes of replies.");
    public final Counter watchBytes = all.counter("watch_bytes", "Bytes of notifications.");
    public final Counter largeRequestsRejected =
            all.counter("large_requests_rejected", "Connections closed by largeRequestMaxBytes.");

    public final Summary createdWatches =
            all.summary("node_created_watch_count", "Notifications that one creation caused.");
    public final Summary deletedWatches =
            all.summary("node_deleted_watch_count", "Notifications that one deletion caused.");
    public final Summary changedWatches =
            all.summary(
                    "node_changed_watch_count",
                    "Notifications that one change of data caused. Thousands: a herd, which a"
                            + " recipe could avoid.");

    public final Distribution readLatency =
            all.distribution("readlatency", "From the arrival of a read to its reply.");
    public final Distribution updateLatency =
            all.distribution("updatelatency", "From the arrival of a write to its reply.");

    public final ResponseSizes responseSizes = new ResponseSizes();

    public CoreMetrics() {}

    public void forEach(MetricVisitor visitor) {
        visitor.value("last_client_response_size", responseSizes.last());
        visitor.value("min_client_response_size", responseSizes.min());
        visitor.value("max_client_response_size", responseSizes.max());
        all.forEach(visitor);
    }

    /// Starts all anew.
    public void reset() {
        responseSizes.reset();
        all.reset();
    }
}
