package io.witan.torment.history;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.ZnodeImage;
import io.witan.torment.server.ServerProcess;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.ReplyHeader;
import io.witan.wire.client.Request;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.client.Xid;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything that a server shows to a client: each znode with data, stat and ACL, at one zxid.
public final class WireCensus {

    private static final int SESSION_MILLIS = 5_000;
    private static final int PATIENCE_MILLIS = 5_000;

    private final DataInputStream in;
    private final OutputStream out;
    private final SortedMap<String, ZnodeImage> znodes = new TreeMap<>();

    private int xid;

    /// The zxid of all answers since the sync; -1 before, or if it has moved.
    private long zxid = -1;

    private boolean hasMoved;

    /// @param zxid the last transaction that the server showed
    public record Shown(long zxid, SortedMap<String, ZnodeImage> znodes) {

        /// As an event. Sessions cannot be asked for; they are those that the history says, so that
        /// ephemerals are held against them.
        public TraceEvent.Census census(
                ServerProcess server, long micros, CommittedHistory history) {
            return new TraceEvent.Census(
                    new Stamp(micros, server.sid(), server.runs()),
                    zxid,
                    znodes,
                    history.sessionsAt(zxid));
        }
    }

    private WireCensus(Socket socket) throws IOException {
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// @return null if the tree has changed meanwhile; then it is worth another try
    public static @Nullable Shown take(InetSocketAddress server) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            WireCensus census = new WireCensus(socket);
            census.openSession();
            census.ask(new Request.OfPath(OpCode.SYNC, bytes("/")));
            census.zxid = -1;
            census.add("/");
            Shown shown = census.hasMoved ? null : new Shown(census.zxid, census.znodes);
            census.ask(new Request.Bare(OpCode.CLOSE_SESSION));
            return shown;
        }
    }

    private void openSession() throws IOException {
        JuteWriter frame = new JuteWriter(64).writeInt(0);
        new ConnectRequest(0, 0, SESSION_MILLIS, 0, new byte[SessionPassword.BYTES], false, true)
                .write(frame);
        send(frame);
        ConnectResponse.read(JuteReader.over(frame()));
    }

    private void add(String path) throws IOException {
        Reply data = ask(new Request.Watchable(OpCode.GET_DATA, bytes(path), false));
        Reply acl = ask(new Request.OfPath(OpCode.GET_ACL, bytes(path)));
        Reply children = ask(new Request.Watchable(OpCode.GET_CHILDREN, bytes(path), false));
        if (!(data instanceof Reply.DataAndStat of)
                || !(acl instanceof Reply.AclAndStat list)
                || !(children instanceof Reply.Names names)) {
            hasMoved = true;
            return;
        }
        znodes.put(path, new ZnodeImage(of.data(), of.stat(), list.acl()));
        List<byte @Nullable []> below = names.names();
        if (below != null) {
            for (byte[] name : below) {
                add((path.equals("/") ? "/" : path + "/") + text(name));
            }
        }
    }

    /// The answer's body; null for an error.
    private @Nullable Reply ask(Request request) throws IOException {
        JuteWriter frame = new JuteWriter(64).writeInt(0);
        new RequestHeader(++xid, request.type()).write(frame);
        request.write(frame);
        send(frame);
        while (true) {
            JuteReader answer = JuteReader.over(frame());
            ReplyHeader header = ReplyHeader.read(answer);
            if (header.xid() == Xid.PING || header.xid() == Xid.NOTIFICATION) {
                continue;
            }
            if (zxid == -1) {
                zxid = header.zxid();
            }
            hasMoved |= zxid != header.zxid();
            return header.err() == ErrorCode.OK ? Reply.read(request.type(), answer) : null;
        }
    }

    private void send(JuteWriter frame) throws IOException {
        frame.patchInt(0, frame.length() - Integer.BYTES);
        out.write(frame.toByteArray());
        out.flush();
    }

    private byte[] frame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte @Nullable [] name) {
        return name == null ? "" : new String(name, StandardCharsets.UTF_8);
    }
}
