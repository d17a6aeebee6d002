package io.witan.simulation.check.model;

import io.witan.simulation.trace.ClientStamp;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The committed history held against what clients asked: every transaction that a client asked for
/// must be what its request does in the state before it. That is linearizability of writes, because
/// the history gives the order; real time and results are checked where replies come.
public final class Model {

    private final ModelTree tree = new ModelTree();

    /// What clients asked, by session and xid.
    private final SortedMap<Long, SortedMap<Integer, Asked>> asked = new TreeMap<>();

    /// What became of it, by zxid.
    private final SortedMap<Long, Written> written = new TreeMap<>();

    /// @param seenZxid the highest zxid that any client had been told when this was asked
    public record Asked(ClientStamp at, int xid, Request request, long seenZxid) {}

    /// A client's request in the history.
    ///
    /// @param outcome what it must be told; null where the simulation does not judge it
    /// @param isRefused whether all that the history says is that the session has moved or is gone
    public record Written(
            long sessionId,
            int xid,
            long zxid,
            @Nullable Asked asked,
            @Nullable Outcome outcome,
            boolean isRefused) {}

    /// Where a request is in the history.
    private final SortedMap<Long, SortedMap<Integer, Written>> places = new TreeMap<>();

    public ModelTree tree() {
        return tree;
    }

    /// Null for what never was asked, or not by a client.
    public @Nullable Asked asked(long sessionId, int xid) {
        SortedMap<Integer, Asked> ofSession = asked.get(sessionId);
        return ofSession == null ? null : ofSession.get(xid);
    }

    /// Null for what is not in the history.
    public @Nullable Written written(long sessionId, int xid) {
        SortedMap<Integer, Written> ofSession = places.get(sessionId);
        return ofSession == null ? null : ofSession.get(xid);
    }

    /// The client's request at that place of the history, or null.
    public @Nullable Written writtenAt(long zxid) {
        return written.get(zxid);
    }

    /// A client was given that session. One that is not in the history is local to its server.
    public void given(long sessionId) {
        tree.given(sessionId);
    }

    public void asked(long sessionId, Asked request) {
        asked.computeIfAbsent(sessionId, _ -> new TreeMap<>()).put(request.xid(), request);
    }

    /// The next transaction of the history. Returns what is wrong with it, beginning with the id of
    /// the invariant, or null.
    public @Nullable String committed(long zxid, byte[] bytes) {
        LoggedTxn txn;
        try {
            txn = TxnCodec.read(JuteReader.over(bytes));
        } catch (DecodeException e) {
            return "L1: " + Zxids.hex(zxid) + " cannot be read: " + e.getMessage();
        }
        TxnHeader header = txn.header();
        if (header.zxid() != zxid) {
            return "L1: " + Zxids.hex(zxid) + " says that it is " + Zxids.hex(header.zxid());
        }
        Asked request = header.cxid() == 0 ? null : asked(header.clientId(), header.cxid());
        Overlay expected = new Overlay(tree, zxid, header.time());
        Outcome outcome =
                request == null
                                || !isJudged(header.type(), txn.txn())
                                || !isKnown(request.request(), txn.txn())
                        ? null
                        : Judge.judge(
                                request.request(),
                                header.clientId(),
                                request.at().client(),
                                expected);
        String unswept = wrongSweep(txn);
        String twice = place(txn, request, outcome);
        boolean isClose = header.type() == OpCode.CLOSE_SESSION;
        String wrong = tree.apply(txn);
        if (twice != null) {
            return twice;
        }
        if (unswept != null) {
            return unswept;
        }
        if (wrong != null) {
            return wrong;
        }
        if (request == null) {
            boolean isServers = header.cxid() == 0 || isClose;
            return isServers
                    ? null
                    : "L1: "
                            + Zxids.hex(zxid)
                            + " is request "
                            + header.cxid()
                            + " of session 0x"
                            + Long.toHexString(header.clientId())
                            + ", which was never asked";
        }
        return outcome == null ? null : compare(zxid, txn.txn(), outcome, expected);
    }

    /// Leaders delete containers that are empty, and znodes whose time to live is over and that
    /// have no children; nothing else (client-and-disk, section 3.7).
    private @Nullable String wrongSweep(LoggedTxn txn) {
        if (txn.header().type() != OpCode.DELETE_CONTAINER
                || !(txn.txn() instanceof Txn.Delete delete)) {
            return null;
        }
        String path = ModelTree.text(delete.path());
        ModelNode node = tree.node(path);
        if (node == null) {
            return null; // The tree says so.
        }
        String why = null;
        if (node.children() > 0) {
            why = "it has children";
        } else if (node.isTtl()) {
            boolean isOver = txn.header().time() - node.mtime() > node.ttlMillis();
            why = isOver ? null : "its time is not over";
        } else if (!node.isContainer()) {
            why = "it is no container";
        }
        return why == null ? null : "L1: the leader deletes " + path + ", but " + why;
    }

    private @Nullable String place(
            LoggedTxn txn, @Nullable Asked request, @Nullable Outcome outcome) {
        TxnHeader header = txn.header();
        if (header.cxid() == 0) {
            return null;
        }
        Written place =
                new Written(
                        header.clientId(),
                        header.cxid(),
                        header.zxid(),
                        request,
                        outcome,
                        isRefusal(errorOf(txn.txn())));
        written.put(header.zxid(), place);
        Written before =
                places.computeIfAbsent(header.clientId(), _ -> new TreeMap<>())
                        .putIfAbsent(header.cxid(), place);
        return before == null
                ? null
                : "S3: request "
                        + header.cxid()
                        + " of session 0x"
                        + Long.toHexString(header.clientId())
                        + " is in the history twice, at "
                        + Zxids.hex(before.zxid())
                        + " and "
                        + Zxids.hex(header.zxid());
    }

    /// Membership, moved sessions and quotas are decided by what the tree does not hold.
    private static boolean isJudged(int type, Txn txn) {
        if (txn instanceof Txn.Failed failed) {
            return failed.err() != ErrorCode.SESSION_MOVED
                    && failed.err() != ErrorCode.QUOTA_EXCEEDED;
        }
        if (txn instanceof Txn.Multi multi) {
            for (Txn.Op op : multi.ops()) {
                if (op.txn() instanceof Txn.Failed failed
                        && (failed.err() == ErrorCode.QUOTA_EXCEEDED
                                || failed.err() == ErrorCode.SESSION_MOVED)) {
                    return false;
                }
            }
        }
        return type != OpCode.CLOSE_SESSION;
    }

    private boolean isKnown(Request request, Txn txn) {
        return !(request instanceof Request.Reconfig)
                || (Judge.knowsConfigVersion(tree) && !isOfReconfig(errorOf(txn)));
    }

    private static boolean isRefusal(int err) {
        return err == ErrorCode.SESSION_MOVED || err == ErrorCode.SESSION_EXPIRED;
    }

    private static boolean isOfReconfig(int err) {
        return err == ErrorCode.NEW_CONFIG_NO_QUORUM
                || err == ErrorCode.RECONFIG_IN_PROGRESS
                || err == ErrorCode.RECONFIG_DISABLED
                || err == ErrorCode.BAD_ARGUMENTS
                || err == ErrorCode.NO_AUTH;
    }

    private @Nullable String compare(long zxid, Txn txn, Outcome outcome, Overlay expected) {
        int err = errorOf(txn);
        if (err != outcome.err()) {
            return "L1: "
                    + Zxids.hex(zxid)
                    + " ends with "
                    + ErrorCode.name(err)
                    + ", it must be "
                    + ErrorCode.name(outcome.err());
        }
        for (Map.Entry<String, Optional<ModelNode>> change : expected.changed().entrySet()) {
            ModelNode is = tree.nodeAt(change.getKey(), zxid);
            ModelNode mustBe = change.getValue().orElse(null);
            if (is == null ? mustBe != null : !is.equals(mustBe)) {
                return "L1: after "
                        + Zxids.hex(zxid)
                        + " "
                        + change.getKey()
                        + " is "
                        + is
                        + ", it must be "
                        + mustBe;
            }
        }
        return null;
    }

    private static int errorOf(Txn txn) {
        if (txn instanceof Txn.Failed failed) {
            return failed.err();
        }
        if (txn instanceof Txn.Multi multi) {
            for (Txn.Op op : multi.ops()) {
                if (op.txn() instanceof Txn.Failed failed && failed.err() != ErrorCode.OK) {
                    return failed.err();
                }
            }
        }
        return ErrorCode.OK;
    }
}
