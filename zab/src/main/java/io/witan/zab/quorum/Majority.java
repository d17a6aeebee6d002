package io.witan.zab.quorum;

import io.witan.wire.config.EnsembleConfig;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// More than half of the participants.
record Majority(Set<Long> voters) implements QuorumVerifier {

    private static final int ORACLE_VOTERS_MAX = 2;

    static Majority of(EnsembleConfig config) {
        return new Majority(
                Collections.unmodifiableSortedSet(new TreeSet<>(config.participants())));
    }

    @Override
    public boolean isQuorum(Set<Long> sids) {
        int count = 0;
        for (long sid : sids) {
            if (voters.contains(sid)) {
                count++;
            }
        }
        return count > voters.size() / 2;
    }

    @Override
    public long weight(long sid) {
        return voters.contains(sid) ? 1 : 0;
    }

    @Override
    public boolean allowsOracle() {
        return voters.size() <= ORACLE_VOTERS_MAX;
    }
}
