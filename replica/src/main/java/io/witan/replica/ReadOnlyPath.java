package io.witan.replica;

import io.witan.replica.session.TrackedSession;
import io.witan.replica.write.WriteRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;

/// Without a leader, for clients that can live with it: what is in the tree is read, and nothing
/// changes (client-and-disk, section 2.12; quorum, section 7).
final class ReadOnlyPath extends WritePath {

    ReadOnlyPath(Replica replica) {
        super(replica);
    }

    @Override
    boolean isReadOnly() {
        return true;
    }

    /// The original answers with something that is no connect response.
    @Override
    void openGlobal(ClientConnection c, long id, int timeoutMillis) {
        replica.close(c, "this server is read-only, and has no local sessions");
    }

    @Override
    void renew(ClientConnection c, long id, int timeoutMillis) {
        TrackedSession session = sessions.find(id);
        if (session != null && !session.isClosing()) {
            replica.introduction().adopt(c, session, timeoutMillis);
            replica.introduction().opened(c);
        } else if (tree.sessions().contains(id)) {
            replica.close(c, "this server is read-only, and the session is one of the ensemble");
        } else {
            replica.introduction().refuse(c, id);
        }
    }

    @Override
    void expired(TrackedSession session) {
        replica.ended(session.id(), Replica.EXPIRED);
    }

    @Override
    boolean takes(int type) {
        return WriteRequest.isWrite(type)
                || type == OpCode.SYNC
                || type == OpCode.CHECK
                || type == OpCode.DELETE_CONTAINER;
    }

    @Override
    void take(
            ClientConnection c,
            TrackedSession session,
            int xid,
            int type,
            byte[] bytes,
            int offset,
            int length) {
        if (type == OpCode.CLOSE_SESSION) {
            replica.answers().closeLocalInTurn(c, session, xid, bytes, offset, length);
        } else {
            replica.answers().refuse(c, type, xid, ErrorCode.NOT_READ_ONLY, length);
        }
    }

    @Override
    void upgrade(TrackedSession session) {
        throw new IllegalStateException("nothing is written here");
    }

    @Override
    void submit(
            ClientConnection c,
            TrackedSession session,
            WriteRequest request,
            int xid,
            int type,
            byte[] bytes,
            int offset,
            int length) {
        throw new IllegalStateException("nothing is written here");
    }

    @Override
    void sync(ClientConnection c, Waiting.Sync sync) {
        throw new IllegalStateException("there is no one to synchronise with");
    }

    @Override
    void delivered(long zxid, byte[] txn) {
        throw new IllegalStateException("nothing is committed without a leader");
    }
}
