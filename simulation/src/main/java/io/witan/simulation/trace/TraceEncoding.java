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
import io.witan.wire.data.Acl;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.QuorumPacket;

/// Events as bytes, for the hash alone: nobody reads them back. Everything that a run decides goes
/// in, so that two runs with the same hash are the same run.
final class TraceEncoding {

    private TraceEncoding() {}

    static void write(JuteWriter out, TraceEvent event) {
        switch (event) {
            case TraceEvent.OnServer server -> {
                out.writeLong(server.micros()).writeLong(server.sid());
                out.writeInt(server.incarnation());
                writeOnServer(out, server);
            }
            case TraceEvent.OnClient client -> {
                out.writeLong(client.micros()).writeInt(client.client());
                out.writeInt(client.at().connection());
                writeOnClient(out, client);
            }
            case FaultInjected fault ->
                    out.writeLong(fault.micros())
                            .writeString(fault.kind())
                            .writeString(fault.detail());
            case Healed healed -> {
                out.writeLong(healed.micros()).writeLong(healed.boundMicros());
                healed.core().forEach(out::writeLong);
                healed.clients().forEach(out::writeInt);
            }
            case Ended ended -> out.writeLong(ended.micros());
        }
    }

    private static void writeOnServer(JuteWriter out, TraceEvent.OnServer event) {
        switch (event) {
            case Started e -> {
                out.writeByte(1).writeLong(e.acceptedEpoch()).writeLong(e.currentEpoch());
                out.writeLong(e.lastZxid()).writeLong(e.treeZxid()).writeLong(e.treeDigest());
                out.writeBoolean(e.wasEmpty()).writeBoolean(e.mayVote());
            }
            case Crashed e -> out.writeByte(2).writeString(e.reason());
            case Broke e -> out.writeByte(3).writeString(e.what());
            case DiskFailed e -> out.writeByte(4).writeString(e.what());
            case StateChanged e -> {
                out.writeByte(5).writeString(e.state().name()).writeLong(e.leaderSid());
                out.writeLong(e.acceptedEpoch()).writeLong(e.currentEpoch());
            }
            case NotificationSent e -> {
                out.writeByte(6).writeLong(e.toSid());
                write(out, e.notification());
            }
            case NotificationReceived e -> {
                out.writeByte(7).writeLong(e.fromSid());
                write(out, e.notification());
            }
            case LinkOpened e -> {
                out.writeByte(8).writeLong(e.link()).writeLong(e.connection());
                out.writeLong(e.peerSid()).writeBoolean(e.asLeader());
            }
            case LinkClosed e -> {
                out.writeByte(9).writeLong(e.link()).writeBoolean(e.byThisEnd());
                out.writeString(e.reason());
            }
            case PacketSent e -> {
                out.writeByte(10).writeLong(e.link());
                write(out, e.packet());
            }
            case PacketReceived e -> {
                out.writeByte(11).writeLong(e.link());
                write(out, e.packet());
            }
            case SnapshotSent e -> out.writeByte(12).writeLong(e.link()).writeLong(e.zxid());
            case SnapshotReceived e -> out.writeByte(13).writeLong(e.link());
            case Established e -> out.writeByte(14).writeLong(e.epoch());
            case Activated e -> out.writeByte(15).writeLong(e.epoch());
            case Following e -> {
                out.writeByte(16).writeLong(e.leaderSid()).writeLong(e.epoch());
                out.writeBoolean(e.observer());
            }
            case StartedReadOnly e -> out.writeByte(17);
            case StoppedServing e -> out.writeByte(18);
            case Proposed e -> out.writeByte(19).writeLong(e.zxid()).writeBuffer(e.txn());
            case Appended e -> out.writeByte(20).writeLong(e.zxid()).writeBuffer(e.txn());
            case TruncationAsked e -> out.writeByte(32).writeLong(e.zxid());
            case ReplacementAsked e -> out.writeByte(33).writeLong(e.zxid());
            case Delivered e -> out.writeByte(21).writeLong(e.zxid()).writeBuffer(e.txn());
            case Synced e -> out.writeByte(22).writeLong(e.token());
            case ConfigsAre e -> {
                out.writeByte(23).writeString(e.committed().text());
                out.writeString(e.lastSeen().text());
            }
            case Durable e -> out.writeByte(24).writeLong(e.zxid());
            case AcceptedEpochStored e -> out.writeByte(25).writeLong(e.epoch());
            case CurrentEpochStored e -> out.writeByte(26).writeLong(e.epoch());
            case Truncated e -> out.writeByte(27).writeLong(e.zxid());
            case SnapshotStored e ->
                    out.writeByte(28).writeLong(e.zxid()).writeBoolean(e.received());
            case TreeIs e -> out.writeByte(29).writeLong(e.zxid()).writeLong(e.digest());
            case TreeLoaded e -> {
                out.writeByte(30).writeLong(e.zxid()).writeLong(e.digest());
                out.writeBoolean(e.fromDisk());
            }
            case Census e -> {
                out.writeByte(31).writeLong(e.zxid());
                e.znodes().forEach((path, image) -> write(out, path, image));
                e.sessionTimeouts().forEach((id, millis) -> out.writeLong(id).writeInt(millis));
            }
        }
    }

    private static void writeOnClient(JuteWriter out, TraceEvent.OnClient event) {
        switch (event) {
            case ConnectAsked e -> {
                out.writeByte(41).writeLong(e.serverSid()).writeLong(e.sessionId());
                out.writeLong(e.lastZxidSeen()).writeInt(e.timeoutMillis());
                out.writeBoolean(e.readOnly()).writeBoolean(e.passwordIsRight());
            }
            case ConnectAnswered e -> {
                out.writeByte(42).writeLong(e.serverSid()).writeLong(e.sessionId());
                out.writeInt(e.timeoutMillis());
                out.writeBoolean(e.passwordIsRight()).writeBoolean(e.readOnly());
            }
            case Disconnected e -> out.writeByte(43).writeString(e.reason());
            case Invoked e -> {
                out.writeByte(44).writeLong(e.sessionId()).writeInt(e.xid());
                out.writeInt(e.request().type());
                e.request().write(out);
            }
            case Replied e -> {
                out.writeByte(45).writeLong(e.sessionId()).writeInt(e.xid());
                out.writeLong(e.zxid()).writeInt(e.err());
                if (e.reply() != null) {
                    e.reply().write(out);
                }
            }
            case Notified e -> {
                out.writeByte(46).writeLong(e.sessionId()).writeLong(e.zxid());
                out.writeInt(e.eventType()).writeString(e.path());
            }
            case PingSent e -> out.writeByte(47).writeLong(e.sessionId());
            case PingAnswered e -> out.writeByte(48).writeLong(e.sessionId()).writeLong(e.zxid());
        }
    }

    private static void write(JuteWriter out, Notification notification) {
        out.writeBuffer(notification.encode());
    }

    private static void write(JuteWriter out, QuorumPacket packet) {
        packet.write(out);
    }

    private static void write(JuteWriter out, String path, ZnodeImage image) {
        out.writeString(path).writeBuffer(image.data());
        image.stat().write(out);
        Acl.writeList(out, image.acl());
    }
}
