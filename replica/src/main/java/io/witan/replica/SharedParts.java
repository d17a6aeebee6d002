package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.session.SessionIds;
import io.witan.replica.write.WriteRules;

import java.util.random.RandomGenerator;

/// What the replicas of one server share, of which there is one after the other.
///
/// @param random for refusals by chance
/// @param sessionIds never gives an id twice
/// @param stats counts for as long as the server runs
/// @param metrics counts for as long as the server runs
/// @param syncTokens never gives a token twice
public record SharedParts(
        ReplicaSettings settings,
        WriteRules rules,
        Access access,
        RandomGenerator random,
        SessionIds sessionIds,
        RequestStats stats,
        CoreMetrics metrics,
        SyncTokens syncTokens) {

    /// @param startMillis when the server started, on the clock that never runs back
    public static SharedParts of(
            ReplicaSettings settings,
            WriteRules rules,
            Access access,
            RandomGenerator random,
            long startMillis) {
        return new SharedParts(
                settings,
                rules,
                access,
                random,
                new SessionIds(settings.serverId(), startMillis),
                new RequestStats(),
                new CoreMetrics(),
                new SyncTokens());
    }
}
