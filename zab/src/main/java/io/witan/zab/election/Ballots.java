package io.witan.zab.election;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

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
        var agreeing = new TreeSet<Long>();
        for (Map.Entry<Long, Ballot> entry : bySid.entrySet()) {
            if (entry.getValue().agreesWith(ballot) && !without.contains(entry.getKey())) {
                agreeing.add(entry.getKey());
            }
        }
        return agreeing;
    }

    /// Whether that server itself has said that it leads.
    boolean hasLeading(long sid) {
        @Nullable Ballot ballot = bySid.get(sid);
        return ballot != null && ballot.isLeading();
    }
}
