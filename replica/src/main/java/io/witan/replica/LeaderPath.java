package io.witan.replica;

import io.witan.replica.session.ClosedSessions;
import io.witan.replica.session.TrackedSession;
import io.witan.replica.write.MembershipRules;
import io.witan.replica.write.Preparation;
import io.witan.replica.write.Prepared;
import io.witan.replica.write.Requester;
import io.witan.replica.write.WriteRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.Agreement;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;

/// The leader's way, and that of a server that stands alone, which leads an ensemble of one: a
/// write gets a zxid and is checked ([Preparation]), is carried off ([Proposals]), and comes back
/// when it cannot be lost any more. All sessions of the ensemble are tracked here.
final class LeaderPath extends WritePath {

    /// The encoder of transactions gives back memory beyond this after a large one. What it takes
    /// for one of as much data as `jute.maxbuffer` lets in by default, a megabyte, is kept.
    private static final int ENCODER_BYTES_KEPT = 4 << 20;

    /// Far more than can close while a learner's request is on its way.
    private static final int CLOSED_SESSIONS_MAX = 50_000;

    private final Proposals proposals;
    private final Preparation preparation;
    private final ContainerSweep containerSweep;
    private final JuteReader forwardedBody;
    private final JuteWriter encoder = new JuteWriter(4096);

    /// Null for a server that stands alone: there a sync is answered at once.
    private final @Nullable Syncs syncs;

    /// Proposed and not yet applied, in the order of their zxids.
    private final ArrayDeque<Waiting.Proposed> proposed = new ArrayDeque<>();

    /// Sessions that have ended while this server leads; kept only where sessions can be local.
    private final ClosedSessions closedSessions = new ClosedSessions(CLOSED_SESSIONS_MAX);

    /// Of a server that stands alone: renewals that wait for what their sessions wrote on an
    /// earlier connection, by zxid.
    private final ArrayDeque<Renewal> renewals = new ArrayDeque<>();

    /// A connection that opens once everything up to `zxid` has been applied.
    private record Renewal(long zxid, ClientConnection connection) {}

    /// @param agreement null, as `membership`, for a server that stands alone
    LeaderPath(
            Replica replica,
            SharedParts shared,
            Proposals proposals,
            @Nullable Agreement agreement,
            @Nullable MembershipRules membership) {
        super(replica);
        this.proposals = proposals;
        this.preparation = new Preparation(tree, shared.access(), shared.rules(), membership);
        this.containerSweep =
                new ContainerSweep(settings.containerSweep(), tree, replica.nowMillis());
        this.forwardedBody = new JuteReader(settings.decodeBytesMax());
        this.syncs = agreement == null ? null : new Syncs(replica, agreement, shared.syncTokens());
        if (agreement != null) {
            sessions.tellOfOwners((owner, any) -> {
                if (owner != TrackedSession.HERE) {
                    agreement.learnerHasClients(owner, any);
                }
            });
        }
        // Whoever led before has heard of them until now; each gets its full time.
        tree.sessions()
                .forEach((id, timeoutMillis) ->
                        sessions.open(id, false, timeoutMillis, replica.sessionMillis()));
    }

    /// Ephemerals whose sessions nobody knows go with a transaction, so that they go everywhere:
    /// the original takes them off its own tree alone.
    @Override
    void begin() {
        if (syncs != null) {
            for (long session : tree.sessions().strangers()) {
                closeByServer(Requester.server(session));
            }
        }
    }

    @Override
    void tick() {
        containerSweep.tick(replica.nowMillis(), replica.wallMillis(), this::deleteContainer);
    }

    @Override
    long wakeAtMillis() {
        return containerSweep.wakeAtMillis();
    }

    private void deleteContainer(byte[] path) {
        propose(
                new WriteRequest.DeleteContainer(path),
                Requester.SERVER,
                null,
                0,
                OpCode.DELETE_CONTAINER,
                0);
    }

    // ---- sessions of connections

    @Override
    void openGlobal(ClientConnection c, long id, int timeoutMillis) {
        TrackedSession session = sessions.open(id, false, timeoutMillis, replica.sessionMillis());
        session.heldBy(c);
        sessions.own(session, TrackedSession.HERE);
        c.session = session;
        replica.introduction().suspend(c);
        propose(
                new WriteRequest.CreateSession(timeoutMillis),
                new Requester(session, List.of()),
                c,
                0,
                OpCode.CREATE_SESSION,
                0);
    }

    @Override
    void renew(ClientConnection c, long id, int timeoutMillis) {
        TrackedSession session = sessions.find(id);
        if (session == null || session.isClosing()) {
            replica.introduction().refuse(c, id);
            return;
        }
        replica.introduction().adopt(c, session, timeoutMillis);
        sessions.own(session, TrackedSession.HERE);
        if (syncs != null) {
            // Another server may lead by now and have ended the session, if this one was held up.
            // What the session wrote on its earlier connection is also applied by then.
            replica.introduction().suspend(c);
            syncs.askFor(c);
        } else if (session.lastWriteZxid() > tree.lastZxid()) {
            replica.introduction().suspend(c);
            renewals.addLast(new Renewal(preparation.lastZxid(), c));
        } else {
            replica.introduction().opened(c);
        }
    }

    private void openRenewed() {
        while (!renewals.isEmpty() && renewals.peekFirst().zxid() <= tree.lastZxid()) {
            ClientConnection c = renewals.removeFirst().connection();
            if (!c.isClosed()) {
                replica.introduction().openedAfterAll(c);
            }
        }
    }

    @Override
    void expired(TrackedSession session) {
        closeByServer(new Requester(session, List.of()));
    }

    private void closeByServer(Requester requester) {
        propose(new WriteRequest.CloseSession(), requester, null, 0, OpCode.CLOSE_SESSION, 0);
    }

    // ---- requests of this server's clients

    @Override
    boolean takes(int type) {
        return WriteRequest.isWrite(type) || (type == OpCode.SYNC && syncs != null);
    }

    @Override
    void upgrade(TrackedSession session) {
        sessions.upgrade(session);
        sessions.own(session, TrackedSession.HERE);
        propose(
                new WriteRequest.CreateSession(session.timeoutMillis()),
                new Requester(session, List.of()),
                null,
                0,
                OpCode.CREATE_SESSION,
                0);
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
        propose(request, new Requester(session, c.ids), c, xid, type, length);
        if (type == OpCode.CLOSE_SESSION) {
            session.markClosing();
        }
    }

    @Override
    void sync(ClientConnection c, Waiting.Sync sync) {
        if (syncs == null) {
            throw new IllegalStateException("there is no one to synchronise with");
        }
        syncs.ask(c, sync);
    }

    @Override
    void synced(long token) {
        if (syncs != null) {
            syncs.confirmed(token);
        }
    }

    // ---- requests of learners' clients

    /// Whatever is wrong with the request, it becomes a transaction with its session and xid: the
    /// learner's queue waits for that (quorum, section 8.1). What the learner says of the client's
    /// identities is believed.
    @Override
    void forwarded(long link, ForwardedRequest forwarded) {
        long id = forwarded.sessionId();
        TrackedSession session = sessions.find(id);
        WriteRequest request = decode(forwarded);
        if (request instanceof WriteRequest.CreateSession create && session == null) {
            session = sessions.open(id, false, create.timeoutMillis(), replica.sessionMillis());
        }
        List<Id> ids = forwarded.ids() == null ? List.of() : forwarded.ids();
        Requester requester =
                session == null
                        ? Requester.unknown(id, isLocalElsewhere(id), ids)
                        : new Requester(session, ids);
        int err = refusal(link, session, request);
        if (err != ErrorCode.OK) {
            request = new WriteRequest.Refused(err);
        }
        propose(request, requester, null, forwarded.cxid(), forwarded.type(), 0);
        if (session != null && request instanceof WriteRequest.CloseSession) {
            session.markClosing();
        }
    }

    private WriteRequest decode(ForwardedRequest forwarded) {
        int type = forwarded.type();
        byte[] body = forwarded.body();
        try {
            if (type == OpCode.CREATE_SESSION) {
                return new WriteRequest.CreateSession(
                        forwardedBody.reset(body, 0, body.length).readInt());
            }
            // A check by itself among them (ZOOKEEPER-2623): there is no such transaction.
            return WriteRequest.isWrite(type)
                    ? WriteRequest.read(type, forwardedBody.reset(body, 0, body.length))
                    : new WriteRequest.Refused(ErrorCode.UNIMPLEMENTED);
        } catch (DecodeException undecodable) {
            return new WriteRequest.Refused(ErrorCode.MARSHALLING_ERROR);
        }
    }

    /// What depends on where a request comes from: a session is spoken for by one server at a time,
    /// the last one that it was created or revalidated on.
    private int refusal(long link, @Nullable TrackedSession session, WriteRequest request) {
        if (session == null) {
            return request instanceof WriteRequest.CloseSession
                    ? ErrorCode.SESSION_EXPIRED
                    : ErrorCode.OK;
        }
        if (session.owner() == TrackedSession.NO_OWNER) {
            sessions.own(session, link);
        }
        if (session.owner() != link) {
            return ErrorCode.SESSION_MOVED;
        }
        boolean opensOrCloses =
                request instanceof WriteRequest.CreateSession
                        || request instanceof WriteRequest.CloseSession;
        return opensOrCloses && session.isClosing() ? ErrorCode.SESSION_EXPIRED : ErrorCode.OK;
    }

    /// Where sessions can be local, one that is not known here may be known to the server that made
    /// its id. Of those that this server made it knows itself. One that was global and has ended is
    /// not local now: a learner that lags behind must not write for it any more.
    private boolean isLocalElsewhere(long id) {
        return settings.localSessions()
                && (byte) (id >>> 56) != (byte) settings.serverId()
                && !closedSessions.contains(id);
    }

    @Override
    void sessionsHeard(List<SessionTouch> touches) {
        for (SessionTouch touch : touches) {
            TrackedSession session = sessions.find(touch.sessionId());
            if (session != null && !session.isLocal()) {
                sessions.touch(session, replica.sessionMillis());
            }
        }
    }

    @Override
    boolean revalidate(long link, long sessionId, int timeoutMillis) {
        TrackedSession session = sessions.find(sessionId);
        if (session == null || session.isLocal() || session.isClosing()) {
            return false;
        }
        sessions.renew(session, timeoutMillis, replica.sessionMillis());
        sessions.own(session, link);
        if (session.holder() instanceof ClientConnection c) {
            replica.close(c, "session 0x%x has moved to another server".formatted(sessionId));
        }
        return true;
    }

    // ---- transactions

    private void propose(
            WriteRequest request,
            Requester requester,
            @Nullable ClientConnection c,
            int xid,
            int type,
            int frameBytes) {
        if (!proposals.canPropose()) {
            return;
        }
        Prepared prepared =
                preparation.prepare(request, requester, xid, type, replica.wallMillis());
        var write = new Waiting.Proposed(prepared, type, xid, c, replica.nowMillis(), frameBytes);
        proposed.addLast(write);
        TrackedSession session = requester.session();
        if (session != null) {
            session.wrote(write.zxid());
        }
        if (c != null) {
            replica.inProgress().begin(c, write);
        }
        encoder.reset(ENCODER_BYTES_KEPT);
        TxnCodec.write(encoder, prepared.header(), prepared.txn(), prepared.digest());
        proposals.propose(write.zxid(), encoder.bytes(), 0, encoder.length());
    }

    @Override
    void committed(long zxid) {
        while (!proposed.isEmpty() && proposed.peekFirst().zxid() <= zxid) {
            Waiting.Proposed write = proposed.removeFirst();
            Prepared prepared = write.prepared();
            replica.answers().apply(write, prepared.header(), prepared.txn(), prepared.digest());
            preparation.applied(prepared);
            if (prepared.txn() instanceof Txn.CloseSession && settings.localSessions()) {
                closedSessions.add(prepared.header().clientId());
            }
            openRenewed();
        }
    }

    /// It was proposed here: nobody else proposes while this server leads.
    @Override
    void delivered(long zxid, byte[] txn) {
        Waiting.Proposed next = proposed.peekFirst();
        if (next == null || next.zxid() != zxid) {
            throw new IllegalStateException(
                    "%s is delivered, but the next proposal is %s"
                            .formatted(
                                    Zxids.hex(zxid),
                                    next == null ? "none" : Zxids.hex(next.zxid())));
        }
        committed(zxid);
    }

    // ---- for reports

    @Override
    long lastProposedZxid() {
        return preparation.lastZxid();
    }

    @Override
    int pendingZnodeCount() {
        return preparation.pendingCount();
    }
}
