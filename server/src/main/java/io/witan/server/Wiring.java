package io.witan.server;

import io.witan.replica.ConnectThrottle;
import io.witan.replica.ContainerSweep;
import io.witan.replica.ReplicaSettings;
import io.witan.replica.auth.Access;
import io.witan.replica.auth.AuthProvider;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.write.WriteRules;
import io.witan.server.config.LimitsConfig;
import io.witan.server.config.ServerConfig;
import io.witan.server.config.StorageConfig;
import io.witan.server.log.RollingLog;
import io.witan.server.log.SnapshotSchedule;
import io.witan.server.net.SocketLimits;
import io.witan.storage.Recovered;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Makes of what the operator said what the parts of a server want to know, for one that stands
/// alone and for a member of an ensemble.
final class Wiring {

    /// Requests in progress may hold this much memory before connections are not read from any
    /// more.
    private static final long OUTSTANDING_BYTES_MAX = 64L << 20;

    /// Watches may take this share of the heap, one part in so many; a million on usual paths is
    /// less than a hundred megabytes. More would be an accident or an attack, and end the server.
    private static final long WATCHES_SHARE_OF_HEAP = 4;

    /// The end of the log that is in memory for learners takes no more than this, nor more than one
    /// part in so many of the heap.
    private static final long HISTORY_BYTES_MAX = 32L << 20;

    private static final long HISTORY_SHARE_OF_HEAP = 32;

    private Wiring() {}

    static long historyBytesMax() {
        return Math.min(
                HISTORY_BYTES_MAX, Runtime.getRuntime().maxMemory() / HISTORY_SHARE_OF_HEAP);
    }

    /// @param serverId goes into the ids of sessions
    static ReplicaSettings replicaSettings(ServerConfig config, long serverId) {
        LimitsConfig limits = config.limits();
        var containers = config.tree().containers();
        return new ReplicaSettings(
                serverId,
                config.sessions().tickTimeMillis(),
                config.sessions().timeoutMillisMin(),
                config.sessions().timeoutMillisMax(),
                // Local sessions exist in ensembles only (client-and-disk, section 10.4).
                config.ensemble() != null && config.sessions().localSessionsEnabled(),
                config.ensemble() != null && config.sessions().localSessionsUpgradingEnabled(),
                limits.requests().outstandingMax(),
                OUTSTANDING_BYTES_MAX,
                limits.requests().largeThresholdBytes(),
                limits.requests().largeTotalBytesMax(),
                limits.frames().fieldBytesMax(),
                Runtime.getRuntime().maxMemory() / WATCHES_SHARE_OF_HEAP,
                config.auth().requiredSchemes(),
                connectThrottle(limits.connectionThrottle()),
                new ContainerSweep.Settings(
                        containers.checkIntervalMillis(),
                        containers.deletionsPerMinuteMax(),
                        containers.neverUsedMillisMax()));
    }

    private static ConnectThrottle.Settings connectThrottle(LimitsConfig.ConnectionThrottle t) {
        return new ConnectThrottle.Settings(
                t.tokens(),
                t.fillTimeMillis(),
                t.fillCount(),
                t.freezeTimeMillis(),
                t.dropIncrease(),
                t.dropDecrease(),
                t.decreaseRatio(),
                t.weighted(),
                t.globalSessionTokens(),
                t.renewalTokens(),
                t.localSessionTokens());
    }

    static WriteRules writeRules(ServerConfig config) {
        return new WriteRules(
                config.tree().enforceQuota(),
                config.tree().closeSessionTxnEnabled(),
                Math.min(WriteRules.CLOSE_SESSION_BYTES_MAX, config.limits().frames().bytesMax()),
                config.ensemble() != null && config.ensemble().reconfigEnabled());
    }

    static Access access(ServerConfig config) {
        List<AuthProvider> providers = new ArrayList<>();
        providers.add(new IpProvider());
        var digest = config.auth().digest();
        if (digest.enabled()) {
            providers.add(new DigestProvider(digest.algorithm(), digest.superDigest()));
        }
        return new Access(config.auth().skipAcl(), providers);
    }

    static SocketLimits socketLimits(ServerConfig config) {
        LimitsConfig limits = config.limits();
        return new SocketLimits(
                limits.frames().bytesMax(),
                limits.requests().unsentReplyBytesMax(),
                limits.connections().perAddressMax(),
                limits.connections().totalMax(),
                (int) config.clientPort().sessionlessTimeoutMillis());
    }

    static SnapshotSchedule snapshotSchedule(
            StorageConfig.Snapshots snapshots,
            RollingLog log,
            Recovered recovered,
            LongSupplier snapshotBytes,
            RandomGenerator random) {
        return new SnapshotSchedule(
                new SnapshotSchedule.Policy(
                        snapshots.txnsMax(), snapshots.inProportion(), snapshots.logBytesMax()),
                log,
                new SnapshotSchedule.Logged(recovered.txnsReplayed(), recovered.bytesReplayed()),
                snapshotBytes,
                random);
    }
}
