package io.witan.server.metrics;

import io.witan.replica.metrics.Counter;
import io.witan.replica.metrics.MetricSet;
import io.witan.replica.metrics.Summary;

/// What is counted of a member of an ensemble. Owned by the core thread. Times are in milliseconds.
public final class EnsembleMetrics {

    public final MetricSet all = new MetricSet();

    public final Counter looking =
            all.counter(
                    "looking_count",
                    "How often this server looked for a leader. Growing: the network, or pauses;"
                            + " the log says why each time.");
    public final Counter diffs =
            all.counter("diff_count", "Learners that were sent what they lacked, TRUNC included.");
    public final Counter snapshots =
            all.counter(
                    "snap_count",
                    "Learners that were sent the whole tree. Many: raise commitLogCount.");
    public final Counter proposals =
            all.counter("proposal_count", "Transactions that this server proposed as leader.");
    public final Counter proposalsReceived =
            all.counter(
                    "learner_proposal_received_count",
                    "Transactions that this server logged as learner.");

    public final Summary electionMillis =
            all.summary("election_time", "From the begin of looking to an elected leader.");
    public final Summary leaderUnavailableMillis =
            all.summary(
                    "leader_unavailable_time",
                    "From the begin of looking until this server led and served.");
    public final Summary unavailableMillis =
            all.summary(
                    "unavailable_time",
                    "From the begin of looking until this server served again, in any part.");
    public final Summary followerSyncMillis =
            all.summary(
                    "follower_sync_time",
                    "As follower: from the election to the history of the leader.");
    public final Summary observerSyncMillis =
            all.summary("observer_sync_time", "The same as observer.");
}
