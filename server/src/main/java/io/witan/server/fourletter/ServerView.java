package io.witan.server.fourletter;

import io.witan.replica.metrics.MetricVisitor;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/// What four-letter words show of a server. Implemented by whoever assembles it; called on the core
/// thread only, so that an implementation reads the core's own state. Visiting methods call back
/// before they return.
public interface ServerView {

    /// False while it is starting or stopping: then nothing else here is asked but [#mode].
    boolean isServing();

    /// False of a leader that leaves clients to the others; elsewhere the same as [#isServing].
    boolean takesClients();

    /// `standalone`, `leader`, `follower`, `observer` or `read-only`.
    String mode();

    /// Of a member of an ensemble; null of a server that stands alone.
    @Nullable EnsembleFigures ensemble();

    long lastZxid();

    int znodeCount();

    int ephemeralCount();

    /// Bytes of all paths and data.
    long approximateDataBytes();

    int globalSessionCount();

    int localSessionCount();

    /// Of all connections since the start, or since [#resetServerStats].
    Traffic traffic();

    /// Requests that are in the server now.
    int outstandingCount();

    /// Those that have no session included, such as the one that asks.
    int connectionCount();

    void forEachConnection(Consumer<ConnectionView> visitor);

    /// Starts the figures of every connection anew (`crst`).
    void resetConnectionStats();

    /// Starts [#traffic] and the metrics anew (`srst`).
    void resetServerStats();

    /// Sessions in any order.
    void forEachSession(SessionVisitor visitor);

    /// Sessions that own ephemeral znodes.
    int ephemeralOwnerCount();

    /// All ephemeral znodes, those of one session after each other.
    void forEachEphemeral(PathVisitor visitor);

    /// Watches of both tables together.
    long watchCount();

    /// Of the data watches: to the original's words the child watches do not exist.
    WatchSummary watchSummary();

    /// Data watches, those of one session after each other.
    void forEachWatchBySession(PathVisitor visitor);

    /// Data watches, those of one path after each other.
    void forEachWatchByPath(PathVisitor visitor);

    /// Digests of the tree at every 128th zxid, oldest first.
    void forEachDigest(DigestVisitor visitor);

    /// Bytes of the files beside the snapshots, and beside the log. They may be a minute old.
    long dataDirBytes();

    long logDirBytes();

    long uptimeMillis();

    /// Chance, from 0 to 1, that the connection throttle refuses a connect request.
    double connectionDropProbability();

    /// Files and sockets that the process has open and may have open; -1 where the system does not
    /// tell.
    long openFileDescriptorCount();

    long maxFileDescriptorCount();

    /// Counters and summaries, under the names of the original.
    void forEachMetric(MetricVisitor visitor);

    /// Quotas, in the order of their paths.
    void forEachQuota(QuotaVisitor visitor);

    @FunctionalInterface
    interface SessionVisitor {
        /// @param expiryWallMillis when it ends unless it is heard of before, in milliseconds since
        ///   1970
        void session(long id, long expiryWallMillis);
    }

    @FunctionalInterface
    interface PathVisitor {
        /// @param path not kept by the visitor
        void path(long sessionId, byte[] path);
    }

    @FunctionalInterface
    interface DigestVisitor {
        void digest(long zxid, long digest);
    }

    @FunctionalInterface
    interface QuotaVisitor {
        /// @param namespace first part of the path that has the quota, without slash
        /// @param countMax -1 for no limit, as for `bytesMax`
        void quota(String namespace, long countMax, long bytesMax, long count, long bytes);
    }
}
