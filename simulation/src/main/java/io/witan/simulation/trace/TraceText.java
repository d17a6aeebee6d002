package io.witan.simulation.trace;

import io.witan.simulation.trace.TraceEvent.AcceptedEpochStored;
import io.witan.simulation.trace.TraceEvent.Activated;
import io.witan.simulation.trace.TraceEvent.Appended;
import io.witan.simulation.trace.TraceEvent.Broke;
import io.witan.simulation.trace.TraceEvent.Census;
import io.witan.simulation.trace.TraceEvent.ConfigsAre;
import io.witan.simulation.trace.TraceEvent.ConnectAnswered;
import io.witan.simulation.trace.TraceEvent.ConnectAsked;
import io.witan.simulation.trace.TraceEvent.Crashed;
import io.witan.simulation.trace.TraceEvent.CurrentEpochStored;
import io.witan.simulation.trace.TraceEvent.Delivered;
import io.witan.simulation.trace.TraceEvent.Disconnected;
import io.witan.simulation.trace.TraceEvent.DiskFailed;
import io.witan.simulation.trace.TraceEvent.Durable;
import io.witan.simulation.trace.TraceEvent.Ended;
import io.witan.simulation.trace.TraceEvent.Established;
import io.witan.simulation.trace.TraceEvent.FaultInjected;
import io.witan.simulation.trace.TraceEvent.Following;
import io.witan.simulation.trace.TraceEvent.Healed;
import io.witan.simulation.trace.TraceEvent.Invoked;
import io.witan.simulation.trace.TraceEvent.LinkClosed;
import io.witan.simulation.trace.TraceEvent.LinkOpened;
import io.witan.simulation.trace.TraceEvent.NotificationReceived;
import io.witan.simulation.trace.TraceEvent.NotificationSent;
import io.witan.simulation.trace.TraceEvent.Notified;
import io.witan.simulation.trace.TraceEvent.PacketReceived;
import io.witan.simulation.trace.TraceEvent.PacketSent;
import io.witan.simulation.trace.TraceEvent.PingAnswered;
import io.witan.simulation.trace.TraceEvent.PingSent;
import io.witan.simulation.trace.TraceEvent.Proposed;
import io.witan.simulation.trace.TraceEvent.ReplacementAsked;
import io.witan.simulation.trace.TraceEvent.Replied;
import io.witan.simulation.trace.TraceEvent.SnapshotReceived;
import io.witan.simulation.trace.TraceEvent.SnapshotSent;
import io.witan.simulation.trace.TraceEvent.SnapshotStored;
import io.witan.simulation.trace.TraceEvent.Started;
import io.witan.simulation.trace.TraceEvent.StartedReadOnly;
import io.witan.simulation.trace.TraceEvent.StateChanged;
import io.witan.simulation.trace.TraceEvent.StoppedServing;
import io.witan.simulation.trace.TraceEvent.Synced;
import io.witan.simulation.trace.TraceEvent.TreeIs;
import io.witan.simulation.trace.TraceEvent.TreeLoaded;
import io.witan.simulation.trace.TraceEvent.Truncated;
import io.witan.simulation.trace.TraceEvent.TruncationAsked;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.client.WatcherEvent;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Events as lines that a person reads: ` 12.345678 s2.1 delivers 0x100000003 create /a`.
public final class TraceText {

    private static final int DATA_CHARACTERS_MAX = 24;

    /// Of packets that are about no transaction.
    private static final long NO_ZXID = -1;

    private TraceText() {}

    /// The whole line.
    public static String line(TraceEvent event) {
        return String.format(
                Locale.ROOT, "%12.6f %-5s %s", event.micros() / 1e6, who(event), what(event));
    }

    /// Where it happened: `s2.1` for the first incarnation of server 2, `c4` for client 4.
    public static String who(TraceEvent event) {
        return switch (event) {
            case TraceEvent.OnServer e -> "s" + e.sid() + "." + e.incarnation();
            case TraceEvent.OnClient e -> "c" + e.client();
            case FaultInjected _, Healed _, Ended _ -> "*";
        };
    }

    /// What happened, without when and where.
    public static String what(TraceEvent event) {
        return switch (event) {
            case TraceEvent.OnServer e -> ofServer(e);
            case TraceEvent.OnClient e -> ofClient(e);
            case FaultInjected e -> "fault: " + e.kind() + " " + e.detail();
            case Healed e ->
                    "faults are over; core "
                            + e.core()
                            + " must serve clients "
                            + e.clients()
                            + " within "
                            + e.boundMicros() / 1000
                            + " ms";
            case Ended _ -> "the end";
        };
    }

    private static String ofServer(TraceEvent.OnServer event) {
        return switch (event) {
            case Started e ->
                    "starts: accepted epoch "
                            + e.acceptedEpoch()
                            + ", current "
                            + e.currentEpoch()
                            + ", log to "
                            + Zxids.hex(e.lastZxid())
                            + ", tree at "
                            + Zxids.hex(e.treeZxid())
                            + (e.wasEmpty() ? ", disk was empty" : "")
                            + (e.mayVote() ? "" : ", may not vote");
            case Crashed e -> "crashes: " + e.reason();
            case Broke e -> "fails its own check: " + e.what();
            case DiskFailed e -> "disk fails: " + e.what();
            case StateChanged e ->
                    "is "
                            + e.state()
                            + ", leader "
                            + e.leaderSid()
                            + ", accepted epoch "
                            + e.acceptedEpoch()
                            + ", current "
                            + e.currentEpoch();
            case NotificationSent e -> "vote to s" + e.toSid() + ": " + of(e.notification());
            case NotificationReceived e ->
                    "vote from s" + e.fromSid() + ": " + of(e.notification());
            case LinkOpened e ->
                    "link "
                            + e.link()
                            + (e.asLeader() ? " accepted from s" : " dialled to s")
                            + e.peerSid()
                            + " (connection "
                            + e.connection()
                            + ")";
            case LinkClosed e ->
                    "link " + e.link() + (e.byThisEnd() ? " closed: " : " is gone: ") + e.reason();
            case PacketSent e -> "link " + e.link() + " > " + of(e.packet());
            case PacketReceived e -> "link " + e.link() + " < " + of(e.packet());
            case SnapshotSent e -> "link " + e.link() + " > snapshot at " + Zxids.hex(e.zxid());
            case SnapshotReceived e -> "link " + e.link() + " < snapshot, whole";
            case Established e -> "is established for epoch " + e.epoch();
            case Activated e -> "leads epoch " + e.epoch();
            case Following e ->
                    (e.observer() ? "observes s" : "follows s")
                            + e.leaderSid()
                            + " in epoch "
                            + e.epoch();
            case StartedReadOnly _ -> "serves readers only";
            case StoppedServing _ -> "stops serving";
            case Proposed e -> "proposes " + Zxids.hex(e.zxid()) + " " + txn(e.txn());
            case Appended e -> "appends " + Zxids.hex(e.zxid());
            case TruncationAsked e -> "wants its log truncated to " + Zxids.hex(e.zxid());
            case ReplacementAsked e ->
                    "wants its log replaced by a snapshot at " + Zxids.hex(e.zxid());
            case Delivered e -> "delivers " + Zxids.hex(e.zxid()) + " " + txn(e.txn());
            case Synced e -> "sync " + e.token() + " is confirmed";
            case ConfigsAre e ->
                    "configuration "
                            + Zxids.hex(e.committed().version())
                            + " in force, voters "
                            + e.committed().participants()
                            + (e.lastSeen().version() == e.committed().version()
                                    ? ""
                                    : "; seen "
                                            + Zxids.hex(e.lastSeen().version())
                                            + ", voters "
                                            + e.lastSeen().participants());
            case Durable e -> "log is durable to " + Zxids.hex(e.zxid());
            case AcceptedEpochStored e -> "accepted epoch " + e.epoch() + " is durable";
            case CurrentEpochStored e -> "current epoch " + e.epoch() + " is durable";
            case Truncated e -> "log is truncated to " + Zxids.hex(e.zxid());
            case SnapshotStored e ->
                    (e.received() ? "received snapshot" : "snapshot")
                            + " at "
                            + Zxids.hex(e.zxid())
                            + " is durable";
            case TreeIs e -> "tree at " + Zxids.hex(e.zxid()) + " digest " + hex(e.digest());
            case TreeLoaded e ->
                    "tree "
                            + (e.fromDisk() ? "loaded from disk" : "replaced by the leader's")
                            + ", at "
                            + Zxids.hex(e.zxid())
                            + " digest "
                            + hex(e.digest());
            case Census e ->
                    "holds "
                            + e.znodes().size()
                            + " znodes and "
                            + e.sessionTimeouts().size()
                            + " sessions at "
                            + Zxids.hex(e.zxid());
        };
    }

    private static String ofClient(TraceEvent.OnClient event) {
        return switch (event) {
            case ConnectAsked e ->
                    "connects to s"
                            + e.serverSid()
                            + " with session "
                            + hex(e.sessionId())
                            + ", seen "
                            + Zxids.hex(e.lastZxidSeen())
                            + (e.passwordIsRight() ? "" : ", wrong password");
            case ConnectAnswered e ->
                    e.sessionId() == 0
                            ? "is told that the session is gone"
                            : "has session "
                                    + hex(e.sessionId())
                                    + " at s"
                                    + e.serverSid()
                                    + ", "
                                    + e.timeoutMillis()
                                    + " ms"
                                    + (e.readOnly() ? ", read only" : "");
            case Disconnected e -> "is disconnected: " + e.reason();
            case Invoked e -> "#" + e.xid() + " asks " + of(e.request());
            case Replied e ->
                    "#"
                            + e.xid()
                            + " gets "
                            + ErrorCode.name(e.err())
                            + " at "
                            + Zxids.hex(e.zxid())
                            + " "
                            + of(e.reply());
            case Notified e ->
                    "sees "
                            + eventName(e.eventType())
                            + " "
                            + e.path()
                            + " at "
                            + Zxids.hex(e.zxid());
            case PingSent _ -> "pings";
            case PingAnswered e -> "ping answered at " + Zxids.hex(e.zxid());
        };
    }

    private static String of(Notification n) {
        String state =
                switch (n.state()) {
                    case 0 -> "LOOKING";
                    case 1 -> "FOLLOWING";
                    case 2 -> "LEADING";
                    case 3 -> "OBSERVING";
                    default -> "state " + n.state();
                };
        // Who may not vote says so with numbers that mean nothing.
        String vote =
                n.leader() == Long.MIN_VALUE
                        ? " votes for nobody"
                        : " leader s"
                                + n.leader()
                                + " zxid "
                                + Zxids.hex(n.zxid())
                                + " epoch "
                                + n.peerEpoch();
        return state + vote + " round " + n.electionEpoch();
    }

    /// A packet: `PROPOSAL 0x100000002 create /a`.
    public static String of(QuorumPacket packet) {
        String name = PacketType.name(packet.type());
        String text = packet.zxid() == NO_ZXID ? name : name + " " + Zxids.hex(packet.zxid());
        byte[] data = packet.data();
        if (data != null
                && (packet.type() == PacketType.PROPOSAL || packet.type() == PacketType.INFORM)) {
            return text + " " + txn(data);
        }
        return text;
    }

    /// A transaction: `create /a`.
    public static String txn(byte[] bytes) {
        try {
            LoggedTxn txn = TxnCodec.read(JuteReader.over(bytes));
            return OpCode.name(txn.header().type()) + of(txn.txn());
        } catch (DecodeException e) {
            return bytes.length + " bytes";
        }
    }

    private static String of(Txn txn) {
        return switch (txn) {
            case Txn.Create t -> path(t.path()) + data(t.data()) + (t.ephemeral() ? " (E)" : "");
            case Txn.CreateContainer t -> path(t.path());
            case Txn.CreateTtl t -> path(t.path());
            case Txn.Delete t -> path(t.path());
            case Txn.SetData t -> path(t.path()) + data(t.data());
            case Txn.SetAcl t -> path(t.path());
            case Txn.CheckVersion t -> path(t.path());
            case Txn.Multi t ->
                    t.ops().stream()
                            .map(op -> OpCode.name(op.type()) + of(op.txn()))
                            .collect(Collectors.joining("; ", " [", "]"));
            case Txn.CreateSession t -> " " + t.timeOut() + " ms";
            case Txn.CloseSession t -> {
                List<byte[]> paths = t.paths();
                yield paths == null ? "" : " of " + paths.size() + " ephemerals";
            }
            case Txn.Failed t -> " " + ErrorCode.name(t.err());
        };
    }

    /// A request: `setData /a version 3`.
    public static String of(Request request) {
        String name = OpCode.name(request.type());
        return name
                + switch (request) {
                    case Request.Create r -> {
                        CreateRequest body = r.body();
                        yield path(body.path()) + data(body.data()) + " flags " + body.flags();
                    }
                    case Request.Delete r -> path(r.path()) + " version " + r.version();
                    case Request.SetData r ->
                            path(r.path()) + data(r.data()) + " version " + r.version();
                    case Request.SetAcl r -> path(r.path()) + " version " + r.version();
                    case Request.Check r -> path(r.path()) + " version " + r.version();
                    case Request.Watchable r -> path(r.path()) + (r.watch() ? " watching" : "");
                    case Request.OfPath r -> path(r.path());
                    case Request.Bare _ -> "";
                    case Request.AddWatch r -> path(r.path()) + " mode " + r.mode();
                    case Request.OfWatches r -> path(r.path());
                    case Request.SetWatches r -> " since " + Zxids.hex(r.relativeZxid());
                    case Request.SetWatches2 r -> " since " + Zxids.hex(r.relativeZxid());
                    case Request.Auth r -> " " + r.scheme();
                    case Request.Sasl _ -> "";
                    case Request.Reconfig r ->
                            " joining "
                                    + r.joiningServers()
                                    + " leaving "
                                    + r.leavingServers()
                                    + " members "
                                    + r.newMembers();
                    case Request.Multi r ->
                            r.ops().stream()
                                    .map(TraceText::of)
                                    .collect(Collectors.joining("; ", " [", "]"));
                };
    }

    private static String of(@Nullable Reply reply) {
        return switch (reply) {
            case null -> "";
            case Reply.OfPath r -> path(r.path());
            case Reply.PathAndStat r -> path(r.path());
            case Reply.DataAndStat r -> data(r.data()) + " version " + r.stat().version();
            case Reply.OfStat r -> "version " + r.stat().version();
            case Reply.Names r -> r.names() == null ? "" : r.names().size() + " names";
            case Reply.NamesAndStat r -> r.names() == null ? "" : r.names().size() + " names";
            case Reply.Results r -> r.results().size() + " results";
            case Reply.Count r -> Integer.toString(r.totalNumber());
            case Reply.Empty _,
                    Reply.AclAndStat _,
                    Reply.Err _,
                    Reply.Identities _,
                    Reply.Token _ ->
                    "";
        };
    }

    private static String eventName(int type) {
        return switch (type) {
            case WatcherEvent.NODE_CREATED -> "created";
            case WatcherEvent.NODE_DELETED -> "deleted";
            case WatcherEvent.NODE_DATA_CHANGED -> "dataChanged";
            case WatcherEvent.NODE_CHILDREN_CHANGED -> "childrenChanged";
            default -> "event " + type;
        };
    }

    private static String path(byte @Nullable [] path) {
        return path == null ? " (no path)" : " " + new String(path, StandardCharsets.UTF_8);
    }

    private static String data(byte @Nullable [] data) {
        if (data == null) {
            return " null";
        }
        String text = new String(data, StandardCharsets.ISO_8859_1);
        return " '"
                + (text.length() <= DATA_CHARACTERS_MAX
                        ? text
                        : text.substring(0, DATA_CHARACTERS_MAX) + "..")
                + "'";
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
