package io.witan.zab.peer;

import java.util.LinkedHashMap;
import java.util.Map;

/// Where sessions are, as a follower knows it that takes observers: at itself or at one of them,
/// whichever asked the leader about the session last. To the leader they are all one, because all
/// that they ask comes by one link; it cannot refuse what an earlier place of the session has still
/// under way. So the follower does not pass it on.
///
/// Only so many are remembered, those that moved last: a request would have to be on its way while
/// that many other sessions move.
final class SessionPlaces {

    private static final int COUNT_MAX = 50_000;

    /// By session, oldest move first.
    private final Map<Long, Long> places = new LinkedHashMap<>();

    /// The session is there from now on.
    void moved(long sessionId, long place) {
        places.remove(sessionId);
        places.put(sessionId, place);
        if (places.size() > COUNT_MAX) {
            places.remove(places.keySet().iterator().next());
        }
    }

    /// Whether the session is known to be somewhere else.
    boolean isElsewhere(long sessionId, long place) {
        Long known = places.get(sessionId);
        return known != null && known != place;
    }
}
