package io.witan.cli.ensemble;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// As little of a client as a test of servers needs.
final class RawClient implements Closeable {

    static final int OK = 0;

    private static final int XID = 1;
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        send(out ->
                new ConnectRequest(0, 0, 10_000, 0, new byte[SessionPassword.BYTES], false, true)
                        .write(out));
        receive();
    }

    /// Returns the error code.
    int create(String path) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        return call(
                OpCode.CREATE,
                out -> new CreateRequest(name, new byte[0], Acl.OPEN, 0, 0).write(out, false));
    }

    /// Returns the error code.
    int exists(String path) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        return call(OpCode.EXISTS, out -> out.writeBuffer(name).writeBoolean(false));
    }

    private int call(int type, Consumer<JuteWriter> body) throws IOException {
        send(out -> {
            new RequestHeader(XID, type).write(out);
            body.accept(out);
        });
        ByteBuffer reply = receive();
        // xid, zxid, error
        return reply.getInt(Integer.BYTES + Long.BYTES);
    }

    private void send(Consumer<JuteWriter> body) throws IOException {
        var frame = new JuteWriter();
        frame.writeInt(0);
        body.accept(frame);
        frame.patchInt(0, frame.length() - Integer.BYTES);
        socket.getOutputStream().write(frame.bytes(), 0, frame.length());
    }

    private ByteBuffer receive() throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        return ByteBuffer.wrap(in.readNBytes(in.readInt()));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
