package io.witan.server.fourletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.metrics.MetricVisitor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A server that shows what a test puts into it.
final class FakeServer implements ServerView {

    record Owned(long sessionId, String path) {}

    record Expiry(long sessionId, long wallMillis) {}

    record Quota(String namespace, long countMax, long bytesMax, long count, long bytes) {}

    boolean serving = true;
    boolean takesClients = true;
    String mode = "standalone";
    @Nullable EnsembleFigures ensemble;
    long lastZxid;
    int znodes = 5;
    long dataBytes = 44;
    Traffic traffic = new Traffic(0, 0, 0, 0, 0);
    int outstanding;
    final List<ConnectionView> connections = new ArrayList<>();
    final List<Expiry> sessions = new ArrayList<>();
    final List<Owned> ephemerals = new ArrayList<>();
    final List<Owned> watches = new ArrayList<>();
    final List<Quota> quotas = new ArrayList<>();
    final List<long[]> digests = new ArrayList<>();
    final CoreMetrics metrics = new CoreMetrics();
    final List<String> resets = new ArrayList<>();

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public boolean takesClients() {
        return serving && takesClients;
    }

    @Override
    public String mode() {
        return mode;
    }

    @Override
    public @Nullable EnsembleFigures ensemble() {
        return ensemble;
    }

    @Override
    public long lastZxid() {
        return lastZxid;
    }

    @Override
    public int znodeCount() {
        return znodes;
    }

    @Override
    public int ephemeralCount() {
        return ephemerals.size();
    }

    @Override
    public long approximateDataBytes() {
        return dataBytes;
    }

    @Override
    public int globalSessionCount() {
        return sessions.size();
    }

    @Override
    public int localSessionCount() {
        return 0;
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public int outstandingCount() {
        return outstanding;
    }

    @Override
    public int connectionCount() {
        return connections.size();
    }

    @Override
    public void forEachConnection(Consumer<ConnectionView> visitor) {
        connections.forEach(visitor);
    }

    @Override
    public void resetConnectionStats() {
        resets.add("connections");
    }

    @Override
    public void resetServerStats() {
        resets.add("server");
    }

    @Override
    public void forEachSession(SessionVisitor visitor) {
        sessions.forEach(session -> visitor.session(session.sessionId(), session.wallMillis()));
    }

    @Override
    public int ephemeralOwnerCount() {
        return (int) ephemerals.stream().map(Owned::sessionId).distinct().count();
    }

    @Override
    public void forEachEphemeral(PathVisitor visitor) {
        ephemerals.forEach(owned -> visitor.path(owned.sessionId(), owned.path().getBytes(UTF_8)));
    }

    @Override
    public long watchCount() {
        return watches.size();
    }

    @Override
    public WatchSummary watchSummary() {
        return new WatchSummary(
                (int) watches.stream().map(Owned::sessionId).distinct().count(),
                (int) watches.stream().map(Owned::path).distinct().count(),
                watches.size());
    }

    @Override
    public void forEachWatchBySession(PathVisitor visitor) {
        watches.forEach(watch -> visitor.path(watch.sessionId(), watch.path().getBytes(UTF_8)));
    }

    @Override
    public void forEachWatchByPath(PathVisitor visitor) {
        forEachWatchBySession(visitor);
    }

    @Override
    public void forEachDigest(DigestVisitor visitor) {
        digests.forEach(digest -> visitor.digest(digest[0], digest[1]));
    }

    @Override
    public long dataDirBytes() {
        return 478;
    }

    @Override
    public long logDirBytes() {
        return 67108880;
    }

    @Override
    public long uptimeMillis() {
        return 2956;
    }

    @Override
    public double connectionDropProbability() {
        return 0;
    }

    @Override
    public long openFileDescriptorCount() {
        return 38;
    }

    @Override
    public long maxFileDescriptorCount() {
        return 20000;
    }

    @Override
    public void forEachMetric(MetricVisitor visitor) {
        metrics.forEach(visitor);
    }

    @Override
    public void forEachQuota(QuotaVisitor visitor) {
        quotas.forEach(quota ->
                visitor.quota(
                        quota.namespace(),
                        quota.countMax(),
                        quota.bytesMax(),
                        quota.count(),
                        quota.bytes()));
    }
}
