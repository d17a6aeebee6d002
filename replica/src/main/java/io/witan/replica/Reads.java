package io.witan.replica;

import io.witan.replica.auth.Access;
import io.witan.replica.auth.AuthProvider;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.tree.watch.WatchTable;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Answers everything that changes no replicated state, from the tree as it is (client-and-disk,
/// sections 3.10, 3.11, 3.13 and 5.6). Owned by the core's thread. Decodes field by field and
/// encodes straight into the connection's output: this is the hottest path of the server
/// (benchmarks `getData`, `exists`).
final class Reads {

    private static final int CREATED = 1;
    private static final int DELETED = 2;
    private static final int DATA_CHANGED = 3;
    private static final int CHILDREN_CHANGED = 4;

    /// Zxid of the events that tell a returning client what it missed.
    private static final long CATCH_UP_ZXID = -1;

    /// Zxid of replies to requests that no server knows.
    private static final long NO_ZXID = -1;

    private static final int MULTI_END = -1;

    private final ZnodeTree tree;
    private final WatchTable watches;
    private final Access access;

    /// Longest reply to a multiRead. A frame of a megabyte can ask fifty thousand times for a znode
    /// of a megabyte.
    private final long multiReadBytesMax;

    /// What the watches of all clients may take before those who set more lose their connections.
    private final long watchBytesMax;

    Reads(
            ZnodeTree tree,
            WatchTable watches,
            Access access,
            long multiReadBytesMax,
            long watchBytesMax) {
        this.tree = tree;
        this.watches = watches;
        this.access = access;
        this.multiReadBytesMax = multiReadBytesMax;
        this.watchBytesMax = watchBytesMax;
    }

    /// What becomes of the connection after a request.
    enum After {
        GO_ON,
        /// It was of a type that clients cannot send.
        CLOSE_FOR_TYPE,
        /// It set a watch, and all watches together take too much memory.
        CLOSE_FOR_WATCHES
    }

    /// Answers one request.
    ///
    /// @param in stands behind the request header
    /// @param ids the identities with which the request came
    After serve(ClientConnection c, int xid, int type, List<Id> ids, JuteReader in) {
        int frameStart = c.link().output().length();
        long watchBytes = watches.bytes();
        try {
            After after = dispatch(c, xid, type, ids, in);
            boolean tooMany = watches.bytes() > watchBytesMax && watches.bytes() > watchBytes;
            return tooMany ? After.CLOSE_FOR_WATCHES : after;
        } catch (DecodeException undecodable) {
            c.link().output().truncate(frameStart);
            c.reply(xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR);
            return After.GO_ON;
        }
    }

    private After dispatch(ClientConnection c, int xid, int type, List<Id> ids, JuteReader in) {
        switch (type) {
            case OpCode.GET_DATA -> getData(c, xid, ids, in);
            case OpCode.EXISTS -> exists(c, xid, ids, in);
            case OpCode.GET_CHILDREN -> getChildren(c, xid, ids, in, false);
            case OpCode.GET_CHILDREN2 -> getChildren(c, xid, ids, in, true);
            case OpCode.PING -> c.reply(ClientConnection.PING_XID, tree.lastZxid(), ErrorCode.OK);
            case OpCode.SYNC -> sync(c, xid, in);
            case OpCode.GET_ACL -> getAcl(c, xid, ids, in);
            case OpCode.MULTI_READ -> multiRead(c, xid, ids, in);
            case OpCode.SET_WATCHES -> setWatches(c, xid, in, false);
            case OpCode.SET_WATCHES2 -> setWatches(c, xid, in, true);
            case OpCode.ADD_WATCH -> addWatch(c, xid, in);
            case OpCode.CHECK_WATCHES -> checkWatches(c, xid, in, false);
            case OpCode.REMOVE_WATCHES -> checkWatches(c, xid, in, true);
            case OpCode.GET_EPHEMERALS -> getEphemerals(c, xid, in);
            case OpCode.GET_ALL_CHILDREN_NUMBER -> getAllChildrenNumber(c, xid, ids, in);
            case OpCode.WHO_AM_I -> whoAmI(c, xid, ids);
            default -> {
                // Unknown, or meant for servers only: createSession and deleteContainer, which the
                // original takes from clients (client-and-disk, section 13.3).
                c.reply(xid, NO_ZXID, ErrorCode.UNIMPLEMENTED);
                return After.CLOSE_FOR_TYPE;
            }
        }
        return After.GO_ON;
    }

    // ---- single znodes

    private void getData(ClientConnection c, int xid, List<Id> ids, JuteReader in) {
        int length = path(in);
        int offset = in.sliceOffset();
        boolean watch = in.readBoolean();
        Znode znode = readable(c, xid, ids, in.bytes(), offset, length);
        if (znode == null) {
            return;
        }
        if (watch) {
            watches.addData(in.bytes(), offset, length, c);
        }
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        JuteWriter out = c.link().output();
        znode.writeData(out);
        znode.writeStat(out);
        c.endFrame(frame);
    }

    private void exists(ClientConnection c, int xid, List<Id> ids, JuteReader in) {
        int length = path(in);
        int offset = in.sliceOffset();
        boolean watch = in.readBoolean();
        byte[] bytes = in.bytes();
        if (containsNul(bytes, offset, length)) {
            c.reply(xid, tree.lastZxid(), ErrorCode.BAD_ARGUMENTS);
            return;
        }
        Znode znode = tree.find(bytes, offset, length);
        if (znode == null) {
            if (watch) {
                watches.addData(bytes, offset, length, c);
            }
            c.reply(xid, tree.lastZxid(), ErrorCode.NO_NODE);
            return;
        }
        if (!access.allows(tree.acls(), znode.aclKey(), Perms.READ, ids)) {
            c.reply(xid, tree.lastZxid(), ErrorCode.NO_AUTH);
            return;
        }
        if (watch) {
            watches.addData(bytes, offset, length, c);
        }
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        znode.writeStat(c.link().output());
        c.endFrame(frame);
    }

    private void getChildren(
            ClientConnection c, int xid, List<Id> ids, JuteReader in, boolean withStat) {
        int length = path(in);
        int offset = in.sliceOffset();
        boolean watch = in.readBoolean();
        Znode znode = readable(c, xid, ids, in.bytes(), offset, length);
        if (znode == null) {
            return;
        }
        if (watch) {
            watches.addChild(in.bytes(), offset, length, c);
        }
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        JuteWriter out = c.link().output();
        znode.writeChildNames(out);
        if (withStat) {
            znode.writeStat(out);
        }
        c.endFrame(frame);
    }

    private void getAcl(ClientConnection c, int xid, List<Id> ids, JuteReader in) {
        int length = path(in);
        Znode znode = tree.find(in.bytes(), in.sliceOffset(), length);
        if (znode == null) {
            c.reply(xid, tree.lastZxid(), ErrorCode.NO_NODE);
            return;
        }
        int key = znode.aclKey();
        if (!access.allows(tree.acls(), key, Perms.READ | Perms.ADMIN, ids)) {
            c.reply(xid, tree.lastZxid(), ErrorCode.NO_AUTH);
            return;
        }
        List<Acl> list = tree.acls().list(key);
        boolean administrator = access.allows(tree.acls(), key, Perms.ADMIN, ids);
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        JuteWriter out = c.link().output();
        Acl.writeList(out, administrator ? list : Access.masked(list));
        znode.writeStat(out);
        c.endFrame(frame);
    }

    private void getAllChildrenNumber(ClientConnection c, int xid, List<Id> ids, JuteReader in) {
        int length = path(in);
        Znode znode = readable(c, xid, ids, in.bytes(), in.sliceOffset(), length);
        if (znode == null) {
            return;
        }
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        c.link().output().writeInt(tree.descendantCount(znode));
        c.endFrame(frame);
    }

    /// The znode, or null after an answer that says why there is none for this client.
    private @Nullable Znode readable(
            ClientConnection c, int xid, List<Id> ids, byte[] bytes, int offset, int length) {
        Znode znode = tree.find(bytes, offset, length);
        if (znode == null) {
            c.reply(xid, tree.lastZxid(), ErrorCode.NO_NODE);
            return null;
        }
        if (!access.allows(tree.acls(), znode.aclKey(), Perms.READ, ids)) {
            c.reply(xid, tree.lastZxid(), ErrorCode.NO_AUTH);
            return null;
        }
        return znode;
    }

    // ---- several znodes

    private void multiRead(ClientConnection c, int xid, List<Id> ids, JuteReader in) {
        // A write in the list spoils the reply, but what has been read before it is still sent
        // (client-and-disk, section 3.13): so the list is checked before it is carried out.
        int start = in.position();
        boolean spoilt = !onlyReadsAhead(in);
        in.position(start);
        int err = spoilt ? ErrorCode.MARSHALLING_ERROR : ErrorCode.OK;
        int frame = c.beginReply(xid, tree.lastZxid(), err);
        JuteWriter out = c.link().output();
        while (true) {
            int type = in.readInt();
            boolean done = in.readBoolean();
            in.readInt();
            if (done || (type != OpCode.GET_DATA && type != OpCode.GET_CHILDREN)) {
                break;
            }
            int length = path(in);
            int offset = in.sliceOffset();
            in.readBoolean();
            readOne(out, type, in.bytes(), offset, length, ids);
            if (out.length() - frame > multiReadBytesMax) {
                out.truncate(frame);
                c.reply(xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR);
                return;
            }
        }
        out.writeInt(MULTI_END).writeBoolean(true).writeInt(-1);
        c.endFrame(frame);
    }

    private static boolean onlyReadsAhead(JuteReader in) {
        while (true) {
            int type = in.readInt();
            boolean done = in.readBoolean();
            in.readInt();
            if (done) {
                return true;
            }
            if (type != OpCode.GET_DATA && type != OpCode.GET_CHILDREN) {
                return false;
            }
            path(in);
            in.readBoolean();
        }
    }

    private void readOne(
            JuteWriter out, int type, byte[] bytes, int offset, int length, List<Id> ids) {
        Znode znode = tree.find(bytes, offset, length);
        int err = ErrorCode.OK;
        if (znode == null) {
            err = ErrorCode.NO_NODE;
        } else if (!access.allows(tree.acls(), znode.aclKey(), Perms.READ, ids)) {
            err = ErrorCode.NO_AUTH;
        }
        if (err != ErrorCode.OK || znode == null) {
            out.writeInt(OpCode.ERROR).writeBoolean(false).writeInt(err).writeInt(err);
            return;
        }
        out.writeInt(type).writeBoolean(false).writeInt(ErrorCode.OK);
        if (type == OpCode.GET_DATA) {
            znode.writeData(out);
            znode.writeStat(out);
        } else {
            znode.writeChildNames(out);
        }
    }

    // ---- the connection's own affairs

    private void sync(ClientConnection c, int xid, JuteReader in) {
        int length = in.readSlice();
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        JuteWriter out = c.link().output();
        if (length < 0) {
            out.writeInt(-1);
        } else {
            out.writeBuffer(in.bytes(), in.sliceOffset(), length);
        }
        c.endFrame(frame);
    }

    private void getEphemerals(ClientConnection c, int xid, JuteReader in) {
        String prefix = in.readString();
        byte[] start =
                prefix == null || prefix.isBlank() || prefix.equals("/")
                        ? new byte[0]
                        : prefix.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        List<byte[]> paths = new ArrayList<>();
        for (Znode znode : tree.sessions().ephemerals(c.sessionId()).toArray()) {
            byte[] path = znode.path();
            if (startsWith(path, start)) {
                paths.add(path);
            }
        }
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        c.link().output().writeVector(paths, JuteWriter::writeBuffer);
        c.endFrame(frame);
    }

    private void whoAmI(ClientConnection c, int xid, List<Id> ids) {
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        c.link()
                .output()
                .writeVector(
                        ids,
                        (out, id) -> {
                            AuthProvider provider = access.provider(id.scheme());
                            String user =
                                    provider == null || id.id() == null
                                            ? ""
                                            : provider.userName(id.id());
                            out.writeString(id.scheme()).writeString(user);
                        });
        c.endFrame(frame);
    }

    // ---- watches

    private void addWatch(ClientConnection c, int xid, JuteReader in) {
        int length = path(in);
        int offset = in.sliceOffset();
        int mode = in.readInt();
        switch (mode) {
            case 0 -> watches.addPersistent(in.bytes(), offset, length, c);
            case 1 -> watches.addRecursive(in.bytes(), offset, length, c);
            default -> {
                c.reply(xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR);
                return;
            }
        }
        int frame = c.beginReply(xid, tree.lastZxid(), ErrorCode.OK);
        c.link().output().writeInt(0);
        c.endFrame(frame);
    }

    private void checkWatches(ClientConnection c, int xid, JuteReader in, boolean remove) {
        byte[] path = in.readBufferNotNull("path");
        int type = in.readInt();
        if (type < 1 || type > 5) {
            c.reply(xid, tree.lastZxid(), ErrorCode.MARSHALLING_ERROR);
            return;
        }
        boolean found =
                remove
                        ? watches.remove(path, 0, path.length, c, type)
                        : watches.contains(path, 0, path.length, c, type);
        c.reply(xid, tree.lastZxid(), found ? ErrorCode.OK : ErrorCode.NO_WATCHER);
    }

    /// A client that has come back says what it watched and what it has seen; it is told what it
    /// missed and watches on (client-and-disk, section 5.6).
    private void setWatches(ClientConnection c, int xid, JuteReader in, boolean withPersistent) {
        long seen = in.readLong();
        List<byte[]> data = paths(in);
        List<byte[]> exist = paths(in);
        List<byte[]> child = paths(in);
        List<byte[]> persistent = withPersistent ? paths(in) : List.of();
        List<byte[]> recursive = withPersistent ? paths(in) : List.of();
        for (byte[] path : data) {
            Znode znode = tree.find(path, 0, path.length);
            if (znode == null) {
                c.notify(DELETED, path, CATCH_UP_ZXID);
            } else if (znode.mzxid() > seen) {
                c.notify(DATA_CHANGED, path, CATCH_UP_ZXID);
            } else {
                watches.addData(path, 0, path.length, c);
            }
        }
        for (byte[] path : exist) {
            if (tree.find(path, 0, path.length) != null) {
                c.notify(CREATED, path, CATCH_UP_ZXID);
            } else {
                watches.addData(path, 0, path.length, c);
            }
        }
        for (byte[] path : child) {
            Znode znode = tree.find(path, 0, path.length);
            if (znode == null) {
                c.notify(DELETED, path, CATCH_UP_ZXID);
            } else if (znode.pzxid() > seen) {
                c.notify(CHILDREN_CHANGED, path, CATCH_UP_ZXID);
            } else {
                watches.addChild(path, 0, path.length, c);
            }
        }
        for (byte[] path : persistent) {
            watches.addPersistent(path, 0, path.length, c);
        }
        for (byte[] path : recursive) {
            watches.addRecursive(path, 0, path.length, c);
        }
        c.reply(xid, tree.lastZxid(), ErrorCode.OK);
    }

    // ---- small rules

    private static List<byte[]> paths(JuteReader in) {
        List<byte[]> paths = in.readVector(4, r -> r.readBufferNotNull("path"));
        if (paths == null) {
            throw new DecodeException("null list of paths");
        }
        return paths;
    }

    /// Steps over a path that must not be null; returns its length.
    private static int path(JuteReader in) {
        int length = in.readSlice();
        if (length < 0) {
            throw new DecodeException("null path");
        }
        return length;
    }

    private static boolean containsNul(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] path, byte[] prefix) {
        return path.length >= prefix.length
                && java.util.Arrays.equals(path, 0, prefix.length, prefix, 0, prefix.length);
    }
}
