package io.witan.replica.write;

import io.witan.replica.session.TrackedSession;
import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// On whose behalf a change is prepared.
///
/// @param sessionId 0 for what the server does by itself
/// @param session null when the session is not known here any more, and for the server itself
/// @param ids the identities the connection had when the request was read
public record Requester(long sessionId, @Nullable TrackedSession session, List<Id> ids) {

    /// The server itself: no session to be checked, nothing it may not do.
    public static final Requester SERVER = new Requester(0, null, List.of(new Id("super", "")));

    boolean isServer() {
        return sessionId == 0;
    }
}
