package io.witan.zab.peer;

import io.witan.zab.config.Configs;

import java.util.Set;
import java.util.TreeSet;

/// Whether a leader that waits for a quorum may still get one. An election can end differently for
/// its winner and for those who voted for it, who then look for another leader, and tell this one;
/// when they have found it they tell nobody. Who only comes late looks too, but finds this leader
/// by its answer, and connects.
final class Prospects {

    private final Configs configs;

    /// Voters that last looked for another leader.
    private final Set<Long> elsewhere = new TreeSet<>();

    /// Whether there was no hope when it was asked before.
    private boolean wereGone;

    Prospects(Configs configs) {
        this.configs = configs;
    }

    void looks(long sid, boolean forThisServer) {
        if (forThisServer) {
            elsewhere.remove(sid);
        } else {
            elsewhere.add(sid);
        }
    }

    /// To be asked from time to time.
    ///
    /// @param here who has come
    /// @return whether twice in a row those who are here or may come have been no quorum
    boolean areGone(Set<Long> here) {
        var possible = new TreeSet<>(configs.voters());
        possible.removeAll(elsewhere);
        possible.addAll(here);
        boolean gone = !configs.isQuorum(possible);
        boolean stillGone = gone && wereGone;
        wereGone = gone;
        return stillGone;
    }
}
