package io.witan.replica.write;

import io.witan.replica.session.TrackedSession;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// On whose behalf a change is prepared.
///
/// @param sessionId 0 for what the server does by itself
/// @param session null when the session is not known here, and for the server itself
/// @param refusal what the check of sessions says, beyond the state of `session`
/// @param ids the identities the connection had when the request was read
public record Requester(
        long sessionId, @Nullable TrackedSession session, int refusal, List<Id> ids) {

    /// The server itself: no session to be checked, nothing it may not do.
    public static final Requester SERVER = server(0);

    /// A session that is known here.
    public Requester(TrackedSession session, List<Id> ids) {
        this(session.id(), session, ErrorCode.OK, ids);
    }

    /// The server itself, in what it does about a session.
    public static Requester server(long sessionId) {
        return new Requester(sessionId, null, ErrorCode.OK, List.of(new Id("super", "")));
    }

    /// A session that a learner speaks for and that is not known here: in an ensemble with local
    /// sessions it may be one of that server, else it is over.
    public static Requester unknown(long sessionId, boolean isLocalElsewhere, List<Id> ids) {
        int refusal = isLocalElsewhere ? ErrorCode.OK : ErrorCode.SESSION_EXPIRED;
        return new Requester(sessionId, null, refusal, ids);
    }

    /// What every request is refused with, 0 if it is not.
    int refusalOfSession() {
        return refusal == ErrorCode.OK && session != null && session.isClosing()
                ? ErrorCode.SESSION_EXPIRED
                : refusal;
    }

    /// Whether ephemerals cannot be had.
    boolean isLocal() {
        return session == null ? sessionId != 0 : session.isLocal();
    }
}
