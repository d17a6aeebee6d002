package io.witan.server.fourletter;

import io.witan.replica.metrics.MetricVisitor;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// The answer to `mntr`: one figure a line, `zk_name`, a tab, the value.
final class MonitorText implements MetricVisitor {

    private final Answer answer;

    MonitorText(Answer answer) {
        this.answer = answer;
    }

    Answer write(String version, ServerView server) {
        text("version", version);
        text("server_state", server.mode());
        var ensemble = server.ensemble();
        if (ensemble != null) {
            ensemble(ensemble);
        }
        var traffic = server.traffic();
        value("ephemerals_count", server.ephemeralCount());
        value("num_alive_connections", server.connectionCount());
        value("avg_latency", traffic.latencyMeanMillis());
        value("outstanding_requests", server.outstandingCount());
        value("znode_count", server.znodeCount());
        value("global_sessions", server.globalSessionCount());
        value("packets_sent", traffic.sent());
        value("packets_received", traffic.received());
        value("watch_count", server.watchCount());
        value("min_latency", traffic.latencyMinMillis());
        value("approximate_data_size", server.approximateDataBytes());
        value("local_sessions", server.localSessionCount());
        value("max_latency", traffic.latencyMaxMillis());
        value("uptime", server.uptimeMillis());
        value("connection_drop_probability", server.connectionDropProbability());
        if (server.openFileDescriptorCount() >= 0) {
            value("open_file_descriptor_count", server.openFileDescriptorCount());
            value("max_file_descriptor_count", server.maxFileDescriptorCount());
        }
        server.forEachQuota(this::quota);
        server.forEachMetric(this);
        return answer;
    }

    private void ensemble(EnsembleFigures ensemble) {
        text("peer_state", ensemble.peerState());
        if (ensemble.observerMasterSid() >= 0) {
            value("observer_master_id", ensemble.observerMasterSid());
        }
        value("quorum_size", ensemble.config().participants().size());
        var leader = ensemble.leader();
        if (leader != null) {
            value("learners", leader.learners());
            value("synced_followers", leader.followers());
            value("synced_non_voting_followers", leader.nonVotingFollowers());
            value("synced_observers", leader.observers());
            value("pending_syncs", leader.pendingSyncs());
            value("leader_uptime", leader.uptimeMillis());
            value("last_proposal_size", leader.proposalSizes().last());
            value("min_proposal_size", leader.proposalSizes().min());
            value("max_proposal_size", leader.proposalSizes().max());
        }
    }

    private void quota(String namespace, long countMax, long bytesMax, long count, long bytes) {
        value(namespace + "_quota_count_limit_per_namespace", countMax);
        value(namespace + "_quota_bytes_limit_per_namespace", bytesMax);
        value(namespace + "_quota_count_usage_per_namespace", count);
        value(namespace + "_quota_bytes_usage_per_namespace", bytes);
    }

    private void text(String name, String value) {
        answer.add("zk_").add(name).add("\t").add(value).endLine();
    }

    @Override
    public void value(String name, long value) {
        text(name, Long.toString(value));
    }

    @Override
    public void value(String name, double value) {
        text(name, rounded(value));
    }

    /// To four decimals, as the original: `0.0`, `4.3125`.
    static String rounded(double value) {
        return Double.toString(
                BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP).doubleValue());
    }
}
