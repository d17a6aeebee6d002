package io.witan.interop.wire;

import io.witan.interop.ServerProcess;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/// One TCP connection to a server's client port, in whole frames.
public final class WireConnection implements AutoCloseable {

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    public WireConnection(InetSocketAddress server) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ServerProcess.PATIENCE_SECONDS * 1000);
        socket.connect(server, ServerProcess.PATIENCE_SECONDS * 1000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// Sends the bytes as they are.
    public void sendRaw(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
        } catch (SocketException e) {
            // The server has closed already: what it said before that can still be read.
        }
    }

    /// Sends a frame around `body`.
    public void send(byte[] body) throws IOException {
        sendRaw(new Jute().buffer(body).bytes());
    }

    /// The next frame without its length, or null if the server has closed the connection.
    public byte @Nullable [] read() throws IOException {
        try {
            int first = in.read();
            if (first < 0) {
                return null;
            }
            int length = first << 24 | in.readUnsignedShort() << 8 | in.readUnsignedByte();
            byte[] frame = in.readNBytes(length);
            return frame.length == length ? frame : null;
        } catch (SocketException e) {
            return null;
        }
    }

    /// Everything up to the end of the connection, without framing.
    public byte[] readToEnd() throws IOException {
        return in.readAllBytes();
    }

    /// The next frame, which must come.
    public Reply reply() throws IOException {
        byte[] frame = read();
        if (frame == null) {
            throw new EOFException("the server closed the connection instead of replying");
        }
        return new Reply(frame);
    }

    /// Sends a request and reads its reply. No watch may be set on this connection.
    public Reply call(int xid, int type, Jute body) throws IOException {
        send(new Jute().integer(xid).integer(type).bytes(body).bytes());
        return reply();
    }

    /// Asks for a new session.
    public Session connect(int timeoutMillis) throws IOException {
        return renew(new Session(timeoutMillis, 0, new byte[16]));
    }

    /// Asks for a session that there is already. The answer has session id 0 if it is refused.
    public Session renew(Session session) throws IOException {
        send(
                new Jute()
                        .integer(0)
                        .longInteger(0)
                        .integer(session.timeoutMillis())
                        .longInteger(session.id())
                        .buffer(session.password())
                        .bool(false)
                        .bytes());
        byte[] frame = read();
        if (frame == null) {
            throw new EOFException("the server closed the connection instead of giving a session");
        }
        var answer = new Reply(frame).body(4);
        return new Session(answer.integer(), answer.longInteger(), answer.buffer());
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public record Session(int timeoutMillis, long id, byte[] password) {}
}
