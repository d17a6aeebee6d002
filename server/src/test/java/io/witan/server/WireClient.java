package io.witan.server;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// The least of a client: frames out, frames in, nothing remembered. Blocks; a reply that does not
/// come within a minute fails the test.
final class WireClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    WireClient(int port) throws IOException {
        this(port, 0);
    }

    /// @param receiveBytes how much the kernel takes in for this client; 0: as it likes
    WireClient(int port, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    }

    /// What the server answers to a four-letter word.
    static String ask(int port, String word) throws IOException {
        try (var client = new WireClient(port)) {
            client.sendRaw(word.getBytes(StandardCharsets.US_ASCII));
            return new String(client.in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// One frame that came from the server: a reply, or an event with xid -1.
    record Reply(int xid, long zxid, int err, byte[] body) {

        JuteReader reader() {
            return JuteReader.over(body);
        }
    }

    ConnectResponse openSession(int timeoutMillis) throws IOException {
        var request = new ConnectRequest(0, 0, timeoutMillis, 0, new byte[16], false, true);
        var frame = new JuteWriter();
        request.write(frame);
        sendFrame(frame.toByteArray());
        return ConnectResponse.read(JuteReader.over(receiveFrame()));
    }

    void send(int xid, int type, Consumer<JuteWriter> body) throws IOException {
        sendLater(xid, type, body);
        out.flush();
    }

    /// As [#send], but in one go with what is sent next.
    void sendLater(int xid, int type, Consumer<JuteWriter> body) throws IOException {
        var frame = new JuteWriter();
        frame.writeInt(xid).writeInt(type);
        body.accept(frame);
        out.writeInt(frame.length());
        out.write(frame.bytes(), 0, frame.length());
    }

    void flush() throws IOException {
        out.flush();
    }

    Reply call(int xid, int type, Consumer<JuteWriter> body) throws IOException {
        send(xid, type, body);
        return receive();
    }

    Reply ping() throws IOException {
        return call(-2, OpCode.PING, body -> {});
    }

    Reply create(int xid, String path, byte[] data) throws IOException {
        return call(xid, OpCode.CREATE, createBody(path, data));
    }

    static Consumer<JuteWriter> createBody(String path, byte[] data) {
        var request = new CreateRequest(utf8(path), data, Acl.OPEN, 0, 0);
        return body -> request.write(body, false);
    }

    static Consumer<JuteWriter> pathAndWatch(String path, boolean watch) {
        return body -> body.writeString(path).writeBoolean(watch);
    }

    static Consumer<JuteWriter> setDataBody(String path, byte[] data) {
        return body -> body.writeString(path).writeBuffer(data).writeInt(-1);
    }

    void sendFrame(byte[] frame) throws IOException {
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
    }

    void sendRaw(byte... bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    Reply receive() throws IOException {
        byte[] frame = receiveFrame();
        JuteReader reader = JuteReader.over(frame);
        int xid = reader.readInt();
        long zxid = reader.readLong();
        int err = reader.readInt();
        byte[] body = new byte[reader.remaining()];
        System.arraycopy(frame, reader.position(), body, 0, body.length);
        return new Reply(xid, zxid, err, body);
    }

    byte[] receiveFrame() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }

    /// Bytes that are there already.
    int available() throws IOException {
        return in.available();
    }

    /// Everything until the server closes the connection, in whatever manner.
    byte[] receiveToTheEnd() throws IOException {
        return in.readAllBytes();
    }

    /// Waits until the server has closed the connection; what came before is passed over.
    void awaitClose() throws IOException {
        byte[] bytes = new byte[1 << 16];
        try {
            while (in.read(bytes) >= 0) {
                // Until there is no more.
            }
        } catch (java.net.SocketTimeoutException stillOpen) {
            throw new AssertionError("the server has not closed the connection", stillOpen);
        } catch (java.net.SocketException reset) {
            // Closed as well.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
