package io.witan.replica;

import io.witan.replica.metrics.CoreMetrics;
import io.witan.replica.session.SessionHolder;
import io.witan.replica.session.TrackedSession;
import io.witan.tree.watch.Watcher;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// One client connection as the core sees it. Made by [Replica#connected]; all state is owned by
/// the core's thread. The getters are for reports.
public final class ClientConnection implements SessionHolder, Watcher {

    /// The xid of every reply to a ping, whatever the request had.
    static final int PING_XID = -2;

    /// A notification's xid.
    private static final int NOTIFICATION_XID = -1;

    private static final int SYNC_CONNECTED = 3;

    private static final int IDS_MAX = 256;
    private static final int ID_CHARACTERS_MAX = 64 << 10;

    enum State {
        /// Waits for its connect request.
        NEW,
        /// Waits for its session to come into being.
        OPENING,
        OPEN,
        CLOSED
    }

    /// Of the whole server.
    private final RequestStats serverStats;

    private final CoreMetrics metrics;

    /// Says what the client may be told of; null for one that never was served.
    private final @Nullable WatchEvents watchEvents;

    private final ClientLink link;
    private final RequestStats stats = new RequestStats();
    private final long connectedAtMillis;

    /// Not yet answered, oldest first. The first is a write, unless the client does not take its
    /// replies: whatever could be answered has been. Begins small: most connections are idle.
    final ArrayDeque<Waiting> waiting = new ArrayDeque<>(1);

    State state = State.NEW;
    @Nullable TrackedSession session;

    /// Replaced, never changed, so that a request keeps those it came with.
    List<Id> ids;

    /// Whether the connect request had its readOnly byte; the response then has it, too.
    boolean hasReadOnly;

    /// Too much is in progress to take more from it. Reading is paused then, and while it is
    /// [State#OPENING].
    boolean readingPaused;

    int watcherId = -1;

    // For reports.
    int lastOperation;
    int lastCxid = -1;
    long lastZxid = -1;
    long lastResponseAtMillis;
    long lastLatencyMillis;

    ClientConnection(
            RequestStats serverStats,
            CoreMetrics metrics,
            @Nullable WatchEvents watchEvents,
            ClientLink link,
            long nowMillis) {
        this.serverStats = serverStats;
        this.metrics = metrics;
        this.watchEvents = watchEvents;
        this.link = link;
        this.connectedAtMillis = nowMillis;
        this.ids = List.of(new Id("ip", link.remoteAddress()));
    }

    ClientLink link() {
        return link;
    }

    /// Whether it has ended, from either side.
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /// Adds those it does not have yet. False, and none is added, if they would be too many: each
    /// is compared with each entry of each ACL, and stands in each list that is set for scheme
    /// `auth`.
    boolean addIds(List<Id> more) {
        List<Id> all = new ArrayList<>(ids);
        for (Id id : more) {
            if (!all.contains(id)) {
                all.add(id);
            }
        }
        if (all.size() > IDS_MAX || characters(all) > ID_CHARACTERS_MAX) {
            return false;
        }
        ids = List.copyOf(all);
        return true;
    }

    private static long characters(List<Id> ids) {
        long characters = 0;
        for (Id id : ids) {
            characters += id.id() == null ? 0 : id.id().length();
        }
        return characters;
    }

    /// Begins a frame with a reply header. Returns its place, for [#endFrame].
    int beginReply(int xid, long zxid, int err) {
        JuteWriter out = link.output();
        int frame = out.length();
        out.ensure(128);
        out.writeInt(0).writeInt(xid).writeLong(zxid).writeInt(err);
        return frame;
    }

    /// Ends a reply.
    void endFrame(int frame) {
        int bytes = finishFrame(frame);
        metrics.responseBytes.add(bytes);
        metrics.responseSizes.add(bytes);
    }

    private int finishFrame(int frame) {
        JuteWriter out = link.output();
        int bytes = out.length() - frame - 4;
        out.patchInt(frame, bytes);
        stats.sent();
        serverStats.sent();
        link.outputAppended();
        return bytes;
    }

    /// A reply that is its header alone.
    void reply(int xid, long zxid, int err) {
        endFrame(beginReply(xid, zxid, err));
    }

    /// A change that this connection watches. What its client may not read, it is not told; the
    /// watch is used up all the same (client-and-disk, section 5.5).
    @Override
    public void event(int type, byte[] path, long zxid, int aclKey) {
        if (isClosed() || watchEvents == null || !watchEvents.mayRead(aclKey, ids)) {
            return;
        }
        notify(type, path, zxid);
        watchEvents.eventSent();
    }

    /// Tells the client of a change.
    void notify(int type, byte[] path, long zxid) {
        int frame = beginReply(NOTIFICATION_XID, zxid, 0);
        link.output().writeInt(type).writeInt(SYNC_CONNECTED).writeBuffer(path);
        metrics.watchBytes.add(finishFrame(frame));
    }

    @Override
    public int watcherId() {
        return watcherId;
    }

    void answered(int type, int xid, long zxid, long sinceMillis, long nowMillis) {
        long latency = nowMillis - sinceMillis;
        stats.answered(latency);
        serverStats.answered(latency);
        lastOperation = type;
        if (type != OpCode.PING) {
            lastCxid = xid;
        }
        lastZxid = zxid;
        lastResponseAtMillis = nowMillis;
        lastLatencyMillis = latency;
    }

    /// For reports, a session's begin or return is an operation too.
    void sessionOpened(long zxid, long nowMillis) {
        lastOperation = OpCode.CREATE_SESSION;
        lastCxid = 0;
        lastZxid = zxid;
        lastResponseAtMillis = nowMillis;
    }

    public RequestStats stats() {
        return stats;
    }

    public String remoteAddress() {
        return link.remoteAddress();
    }

    /// The session's id, 0 while there is none.
    public long sessionId() {
        return session == null ? 0 : session.id();
    }

    public int sessionTimeoutMillis() {
        return session == null ? 0 : session.timeoutMillis();
    }

    public long connectedAtMillis() {
        return connectedAtMillis;
    }

    public int outstandingCount() {
        return waiting.size();
    }

    /// The opcode answered last, 0 before the first; [OpCode#ERROR] for a write that failed.
    public int lastOperation() {
        return lastOperation;
    }

    /// Starts the figures for reports anew.
    public void resetStats() {
        stats.reset();
        lastOperation = 0;
        lastCxid = -1;
        lastZxid = -1;
        lastResponseAtMillis = 0;
        lastLatencyMillis = 0;
    }

    public int lastCxid() {
        return lastCxid;
    }

    public long lastZxid() {
        return lastZxid;
    }

    public long lastResponseAtMillis() {
        return lastResponseAtMillis;
    }

    public long lastLatencyMillis() {
        return lastLatencyMillis;
    }
}
