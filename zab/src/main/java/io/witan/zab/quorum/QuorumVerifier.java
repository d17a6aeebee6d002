package io.witan.zab.quorum;

import io.witan.wire.config.EnsembleConfig;

import java.util.Set;

/// Which sets of servers are a quorum of one configuration (quorum, section 1.3): any two of them
/// have a server in common.
public sealed interface QuorumVerifier permits Majority, Hierarchical {

    static QuorumVerifier of(EnsembleConfig config) {
        return config.isHierarchical() ? Hierarchical.of(config) : Majority.of(config);
    }

    /// Members of the set that are not voters of the configuration count for nothing
    /// (ZOOKEEPER-2959: observers).
    boolean isQuorum(Set<Long> sids);

    /// What the server's voice counts for; 0 for those who are not voters. A server of weight 0 is
    /// never elected.
    long weight(long sid);

    /// Whether an oracle may take the place of a missing quorum: only in majorities of one or two.
    boolean allowsOracle();

    /// The participants, ascending.
    Set<Long> voters();
}
