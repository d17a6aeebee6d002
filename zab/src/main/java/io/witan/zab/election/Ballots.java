package io.witan.zab.election;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The last ballot of each server.
final class Ballots {

    private final SortedMap<Long, Ballot> bySid = new TreeMap<>();

    /// @return whether that is something new
    boolean put(long sid, Ballot ballot) {
        return !ballot.equals(bySid.put(sid, ballot));
    }

    /// @return whether there was one
    boolean remove(long sid) {
        return bySid.remove(sid) != null;
    }

    void clear() {
        bySid.clear();
    }

    /// Those whose ballots agree with that one, ascending, except those in `without`.
    Set<Long> agreeingWith(Ballot ballot, Set<Long> without) {
        return those(other -> other.agreesWith(ballot), without);
    }

    /// Those who elect with that vote, ascending, except those in `without`.
    Set<Long> supporting(Vote proposal, Set<Long> without) {
        return those(ballot -> ballot.supports(proposal), without);
    }

    /// Those who are for that leader, ascending.
    Set<Long> withLeader(long leader) {
        return those(ballot -> ballot.vote().leader() == leader, Set.of());
    }

    private Set<Long> those(Predicate<Ballot> condition, Set<Long> without) {
        var sids = new TreeSet<Long>();
        for (Map.Entry<Long, Ballot> entry : bySid.entrySet()) {
            if (condition.test(entry.getValue()) && !without.contains(entry.getKey())) {
                sids.add(entry.getKey());
            }
        }
        return sids;
    }

    /// Whether that server itself has said that it leads.
    boolean hasLeading(long sid) {
        @Nullable Ballot ballot = bySid.get(sid);
        return ballot != null && ballot.isLeading();
    }
}
