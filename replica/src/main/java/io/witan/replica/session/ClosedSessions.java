package io.witan.replica.session;

import java.util.LinkedHashSet;
import java.util.Set;

/// The sessions that a leader has seen close last. Where sessions can be local to a server, one
/// that the leader does not know may be such a one and may write; one that is over may not, though
/// a learner that has not heard of its end yet still speaks for it.
///
/// Only so many are remembered: a request would have to be on its way while that many other
/// sessions close. Owned by the core's thread.
public final class ClosedSessions {

    private final int countMax;
    private final Set<Long> ids = new LinkedHashSet<>();

    public ClosedSessions(int countMax) {
        this.countMax = countMax;
    }

    /// The session is over.
    public void add(long id) {
        if (ids.add(id) && ids.size() > countMax) {
            ids.remove(ids.iterator().next());
        }
    }

    public boolean contains(long id) {
        return ids.contains(id);
    }
}
