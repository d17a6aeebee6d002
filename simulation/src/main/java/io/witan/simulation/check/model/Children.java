package io.witan.simulation.check.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The names below a path: as they are, and each change, so that they can be had as they were.
final class Children {

    private record Turn(long zxid, String name, boolean isThere) {}

    private final SortedSet<String> names = new TreeSet<>();
    private final List<Turn> turns = new ArrayList<>();

    /// The name is there, or not, from this transaction on.
    void put(String name, long zxid, boolean isThere) {
        boolean turned = isThere ? names.add(name) : names.remove(name);
        if (turned) {
            turns.add(new Turn(zxid, name, isThere));
        }
    }

    /// The names as of that transaction, in order.
    List<String> at(long zxid) {
        int last = turns.size() - 1;
        if (last < 0 || turns.get(last).zxid() <= zxid) {
            return new ArrayList<>(names);
        }
        SortedSet<String> then = new TreeSet<>(names);
        for (int i = last; i >= 0 && turns.get(i).zxid() > zxid; i--) {
            Turn turn = turns.get(i);
            if (turn.isThere()) {
                then.remove(turn.name());
            } else {
                then.add(turn.name());
            }
        }
        return new ArrayList<>(then);
    }
}
