package io.witan.zab.quorum;

import io.witan.wire.config.EnsembleConfig;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// More than half of the weight in more than half of the groups. Groups without weight do not
/// count.
///
/// @param groups the participants of each group that has weight, with their weights
/// @param weights of all participants
record Hierarchical(
        List<SortedMap<Long, Long>> groups, SortedMap<Long, Long> weights, Set<Long> voters)
        implements QuorumVerifier {

    private static final long WEIGHT_DEFAULT = 1;

    static Hierarchical of(EnsembleConfig config) {
        Set<Long> voters = new TreeSet<>(config.participants());
        SortedMap<Long, Long> weights = new TreeMap<>();
        for (long sid : voters) {
            weights.put(sid, config.weights().getOrDefault(sid, WEIGHT_DEFAULT));
        }
        List<SortedMap<Long, Long>> groups = new ArrayList<>();
        for (List<Long> members : config.groups().values()) {
            SortedMap<Long, Long> group = new TreeMap<>(weights);
            group.keySet().retainAll(members);
            if (total(group) > 0) {
                groups.add(Collections.unmodifiableSortedMap(group));
            }
        }
        return new Hierarchical(
                List.copyOf(groups),
                Collections.unmodifiableSortedMap(weights),
                Collections.unmodifiableSet(voters));
    }

    @Override
    public boolean isQuorum(Set<Long> sids) {
        int won = 0;
        for (SortedMap<Long, Long> group : groups) {
            long present = 0;
            for (long sid : sids) {
                present += group.getOrDefault(sid, 0L);
            }
            if (present > total(group) / 2) {
                won++;
            }
        }
        return won > groups.size() / 2;
    }

    @Override
    public long weight(long sid) {
        return weights.getOrDefault(sid, 0L);
    }

    @Override
    public boolean allowsOracle() {
        return false;
    }

    private static long total(SortedMap<Long, Long> group) {
        long total = 0;
        for (long weight : group.values()) {
            total += weight;
        }
        return total;
    }
}
