package io.witan.replica;

import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.session.TrackedSession;
import io.witan.tree.TxnOutcome;
import io.witan.tree.ZnodeTree;
import io.witan.tree.watch.WatchTable;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// Answers the requests of each connection in their order: reads from the tree as it is, writes
/// when their transactions are applied, which happens here, too.
final class Answers {

    private final Replica replica;
    private final ZnodeTree tree;
    private final WatchTable watches;
    private final WatchEvents watchEvents;
    private final Reads reads;
    private final InProgress inProgress;
    private final CoreMetrics metrics;
    private final JuteReader in;

    /// What the watches of all clients may take before those who set more lose their connections.
    private final long watchBytesMax;

    Answers(Replica replica, Reads reads, WatchEvents watchEvents) {
        this.replica = replica;
        this.tree = replica.tree();
        this.watches = replica.watches();
        this.watchEvents = watchEvents;
        this.reads = reads;
        this.inProgress = replica.inProgress();
        this.metrics = replica.metrics();
        this.in = replica.in();
        this.watchBytesMax = replica.settings().watchBytesMax();
    }

    /// A request that is answered from the tree; `bytes[offset .. offset + length)` is its frame,
    /// and the reader stands behind its header.
    void read(ClientConnection c, int xid, int type, byte[] bytes, int offset, int length) {
        if (c.waiting.isEmpty()) {
            serve(c, xid, type, c.ids, replica.nowMillis());
        } else {
            defer(c, bytes, offset, length);
        }
    }

    private void defer(ClientConnection c, byte[] bytes, int offset, int length) {
        byte[] frame = Arrays.copyOfRange(bytes, offset, offset + length);
        inProgress.begin(c, new Waiting.Deferred(frame, c.ids, replica.nowMillis()));
    }

    /// Answers a write with an error, without a transaction; the answer does not overtake those
    /// before it.
    void refuse(ClientConnection c, int type, int xid, int err, int frameBytes) {
        var refused = new Waiting.Refused(type, xid, err, replica.nowMillis(), frameBytes);
        if (c.waiting.isEmpty()) {
            answer(c, refused);
        } else {
            inProgress.begin(c, refused);
        }
    }

    /// A local session is to end, after what its client asked for before.
    void closeLocalInTurn(
            ClientConnection c,
            TrackedSession session,
            int xid,
            byte[] bytes,
            int offset,
            int length) {
        session.markClosing();
        if (c.waiting.isEmpty()) {
            closeLocal(c, session, xid);
        } else {
            defer(c, bytes, offset, length);
        }
    }

    private void closeLocal(ClientConnection c, TrackedSession session, int xid) {
        c.reply(xid, tree.lastZxid(), ErrorCode.OK);
        long now = replica.nowMillis();
        c.answered(OpCode.CLOSE_SESSION, xid, tree.lastZxid(), now, now);
        replica.ended(session.id(), Replica.CLOSED_BY_CLIENT);
    }

    private void serve(ClientConnection c, int xid, int type, List<Id> ids, long sinceMillis) {
        Reads.After after = reads.serve(c, xid, type, ids, in);
        c.answered(type, xid, tree.lastZxid(), sinceMillis, replica.nowMillis());
        metrics.readLatency.add(replica.nowMillis() - sinceMillis);
        switch (after) {
            case GO_ON -> {}
            case CLOSE_FOR_TYPE ->
                    replica.close(c, "request of type " + type + ", which clients cannot make");
            case CLOSE_FOR_WATCHES ->
                    replica.close(
                            c,
                            "it sets watches, and those of all clients already take %d bytes"
                                            .formatted(watches.bytes())
                                    + " (limit %d)".formatted(watchBytesMax));
        }
    }

    // ---- transactions

    /// Applies a transaction, tells watchers, and answers who asked for it.
    ///
    /// @param write null if nobody here did
    void apply(
            Waiting.@Nullable Write write, TxnHeader header, Txn txn, @Nullable TxnDigest digest) {
        ClientConnection c = write == null ? null : write.connection();
        if (c != null && write != null) {
            serveAhead(c, write);
        }
        TxnOutcome outcome = tree.apply(header, txn, watchEvents);
        tree.matches(digest);
        if (c != null && write != null) {
            if (c.isClosed()) {
                inProgress.cameBack(write);
            } else {
                inProgress.end(c, write);
                answer(c, write, header.zxid(), txn, outcome);
            }
        }
        if (header.type() == OpCode.CLOSE_SESSION) {
            replica.ended(
                    header.clientId(), c == null ? Replica.EXPIRED : Replica.CLOSED_BY_CLIENT);
        }
        if (c != null && !c.isClosed()) {
            serveDeferred(c);
        }
    }

    private void answer(
            ClientConnection c, Waiting.Write write, long zxid, Txn txn, TxnOutcome outcome) {
        int err = txn instanceof Txn.Failed failed ? failed.err() : outcome.err();
        if (err == ErrorCode.SESSION_MOVED) {
            // The client has gone to another server; whoever is here now must not be told that the
            // session is at work elsewhere, or it would end it (client-and-disk, section 2.8).
            replica.close(c, "its session has moved to another server");
            return;
        }
        if (write.type() == OpCode.CREATE_SESSION) {
            if (err == ErrorCode.OK) {
                replica.introduction().openedAfterAll(c);
            } else {
                replica.close(c, "no session could be made: " + ErrorCode.name(err));
            }
            return;
        }
        if (err == ErrorCode.SESSION_EXPIRED && c.session != null && c.session.isLocal()) {
            err = ErrorCode.EPHEMERAL_ON_LOCAL_SESSION;
        }
        int frame = c.beginReply(write.xid(), zxid, err);
        if (err == ErrorCode.OK) {
            Replies.writeBody(c.link().output(), write.type(), txn, outcome);
        }
        c.endFrame(frame);
        int operation = err == ErrorCode.OK ? write.type() : OpCode.ERROR;
        c.answered(operation, write.xid(), zxid, write.sinceMillis(), replica.nowMillis());
        metrics.updateLatency.add(replica.nowMillis() - write.sinceMillis());
    }

    /// What came before a write that is about to be applied must not see it. Reads are still there
    /// if the client does not take its replies; now they are answered all the same. A sync before
    /// it is confirmed by it: the quorum that has committed it was asked later than the sync.
    @SuppressWarnings("ReferenceEquality") // this very request, not one that looks like it
    private void serveAhead(ClientConnection c, Waiting.Write write) {
        Waiting first = c.waiting.peekFirst();
        while (first != null && first != write) {
            if (first instanceof Waiting.Sync sync) {
                sync.confirm();
            }
            if (!serveFirst(c, first)) {
                return;
            }
            first = c.waiting.peekFirst();
        }
    }

    /// What waited behind a write or a sync is answered, up to the next one.
    void serveDeferred(ClientConnection c) {
        Waiting first = c.waiting.peekFirst();
        while (first != null && !c.link().isOutputFull() && serveFirst(c, first)) {
            first = c.waiting.peekFirst();
        }
    }

    /// Answers a connection's oldest request, if it needs no more than the tree as it is.
    private boolean serveFirst(ClientConnection c, Waiting first) {
        if (first instanceof Waiting.Deferred deferred) {
            inProgress.end(c, first);
            serve(c, deferred);
        } else if (first instanceof Waiting.Refused refused) {
            inProgress.end(c, first);
            answer(c, refused);
        } else if (first instanceof Waiting.Sync sync && sync.isConfirmed()) {
            inProgress.end(c, first);
            serve(c, sync.request());
        } else {
            return false;
        }
        return true;
    }

    private void serve(ClientConnection c, Waiting.Deferred deferred) {
        in.reset(deferred.frame(), 0, deferred.frame().length);
        int xid = in.readInt();
        int type = in.readInt();
        TrackedSession session = c.session;
        if (type == OpCode.CLOSE_SESSION && session != null) {
            // Only that of a local session waits here; others are transactions.
            closeLocal(c, session, xid);
            return;
        }
        serve(c, xid, type, deferred.ids(), deferred.sinceMillis());
    }

    private void answer(ClientConnection c, Waiting.Refused refused) {
        c.reply(refused.xid(), tree.lastZxid(), refused.err());
        c.answered(
                refused.type(),
                refused.xid(),
                tree.lastZxid(),
                refused.sinceMillis(),
                replica.nowMillis());
    }
}
