package io.witan.cli;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.client.SessionPassword;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Starts a server as `witan server CONFIG` does, lets a client use it for a moment, and ends.
///
/// The launcher runs this once after each build with `-XX:AOTCacheOutput`: the JVM keeps what it
/// loaded, linked and learnt, and later servers begin with that (decision 0004).
public final class Training {

    private static final int ROUNDS = 500;
    private static final int XID_ANY = 1;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final byte[] DATA = new byte[100];

    private final Socket socket;
    private final DataInputStream in;

    private Training(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /// Takes one argument: an empty directory, for the data of that server.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        int port = freePort();
        Path config = directory.resolve("zoo.cfg");
        Files.writeString(
                config,
                """
                tickTime=2000
                dataDir=%s
                clientPort=%d
                clientPortAddress=127.0.0.1
                """
                        .formatted(directory.resolve("data"), port));
        Thread.ofPlatform()
                .daemon()
                .start(() -> Main.main(new String[] {"server", config.toString()}));
        try (Socket socket = connect(port)) {
            new Training(socket).useEverything();
        }
        System.exit(0);
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private static Socket connect(int port) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), port);
            } catch (IOException notYet) {
                if (System.nanoTime() > giveUp) {
                    throw notYet;
                }
                Thread.sleep(20);
            }
        }
    }

    private void useEverything() throws IOException {
        send(out ->
                new ConnectRequest(0, 0, 10_000, 0, new byte[SessionPassword.BYTES], false, true)
                        .write(out));
        receive();
        for (int i = 0; i < ROUNDS; i++) {
            useOnce("/witan-" + i);
        }
        call(OpCode.CLOSE_SESSION, out -> {});
    }

    private void useOnce(String path) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        call(OpCode.CREATE, out -> new CreateRequest(name, DATA, Acl.OPEN, 0, 0).write(out, false));
        call(OpCode.EXISTS, out -> out.writeBuffer(name).writeBoolean(true));
        call(OpCode.GET_DATA, out -> out.writeBuffer(name).writeBoolean(true));
        call(OpCode.SET_DATA, out -> out.writeBuffer(name).writeBuffer(DATA).writeInt(-1));
        call(OpCode.GET_CHILDREN2, out -> out.writeString("/").writeBoolean(false));
        call(OpCode.DELETE, out -> out.writeBuffer(name).writeInt(-1));
        call(OpCode.PING, out -> {});
    }

    /// Watch events may stand before the reply; a reply carries the xid of its request.
    private void call(int type, Consumer<JuteWriter> body) throws IOException {
        int xid = type == OpCode.PING ? -2 : XID_ANY;
        send(out -> {
            new RequestHeader(xid, type).write(out);
            body.accept(out);
        });
        while (ByteBuffer.wrap(receive()).getInt() != xid) {
            // A watch event.
        }
    }

    private void send(Consumer<JuteWriter> body) throws IOException {
        var frame = new JuteWriter();
        frame.writeInt(0);
        body.accept(frame);
        frame.patchInt(0, frame.length() - Integer.BYTES);
        socket.getOutputStream().write(frame.bytes(), 0, frame.length());
    }

    private byte[] receive() throws IOException {
        return in.readNBytes(in.readInt());
    }
}
