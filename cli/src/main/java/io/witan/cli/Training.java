package io.witan.cli;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.MultiHeader;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Starts a server as `witan server CONFIG` does, lets a client use it for a moment, starts another
/// one on what that has written, does the same to the members of an ensemble, and ends.
///
/// The launcher runs this once after each build with `-XX:AOTCacheOutput`: the JVM keeps what it
/// loaded and linked, and later servers begin with that (decision 0004).
public final class Training {

    private static final int ROUNDS = 10;
    private static final int OPS_IN_MULTI = 10;
    private static final int MEMBERS = 3;

    /// A snapshot of the greater part of them, and the rest in the log behind it.
    private static final int ZNODES = 6_000;

    private static final int SNAPSHOT_TXNS = 5_000;
    private static final int ASKED_AT_ONCE = 500;
    private static final int XID_ANY = 1;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final byte[] DATA = new byte[100];

    private final Socket socket;
    private final DataInputStream in;

    private Training(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /// Takes one argument: an empty directory, for the data of those servers.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        Path home = directory.resolve("alone");
        int alone = freePort();
        start(home, alone, "snapCount=" + SNAPSHOT_TXNS);
        use(alone);
        fill(alone);
        Path again = directory.resolve("again");
        copyData(home, again);
        int port = freePort();
        start(again, port, "");
        use(port);
        List<Integer> members = startEnsemble(directory);
        for (int member : members) {
            use(member);
        }
        System.exit(0);
    }

    /// Three servers, so that each has elected, and led or followed. Returns their client ports.
    private static List<Integer> startEnsemble(Path directory) throws IOException {
        var servers = new StringBuilder("initLimit=10\nsyncLimit=5\n");
        for (int id = 1; id <= MEMBERS; id++) {
            servers.append("server.%d=127.0.0.1:%d:%d\n".formatted(id, freePort(), freePort()));
        }
        List<Integer> ports = new ArrayList<>();
        for (int id = 1; id <= MEMBERS; id++) {
            Path home = directory.resolve("member-" + id);
            Files.createDirectories(home.resolve("data"));
            Files.writeString(home.resolve("data").resolve("myid"), id + "\n");
            int port = freePort();
            ports.add(port);
            start(home, port, servers.toString());
        }
        return ports;
    }

    private static void start(Path home, int port, String more) throws IOException {
        Files.createDirectories(home);
        Path config = home.resolve("zoo.cfg");
        Files.writeString(
                config,
                """
                tickTime=2000
                dataDir=%s
                clientPort=%d
                clientPortAddress=127.0.0.1
                admin.enableServer=false
                %s
                """
                        .formatted(home.resolve("data"), port, more));
        Thread.ofPlatform()
                .daemon()
                .start(() -> Main.main(new String[] {"server", config.toString()}));
    }

    /// A member that has no leader yet closes the connection.
    private static void use(int port) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                new Training(socket).useEverything();
                return;
            } catch (IOException notYet) {
                if (System.nanoTime() > giveUp) {
                    throw notYet;
                }
                Thread.sleep(20);
            }
        }
    }

    private static void fill(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            new Training(socket).createMany();
        }
    }

    /// Waits until there is a snapshot with something in it, and gives another server what there is
    /// then, as if this one had been killed.
    private static void copyData(Path from, Path to) throws IOException, InterruptedException {
        Path source = from.resolve("data").resolve("version-2");
        Path target = to.resolve("data").resolve("version-2");
        Files.createDirectories(target);
        while (filesIn(source, "snapshot.").size() < 2) {
            Thread.sleep(20);
        }
        // The snapshots first: the logs copied then reach as far, or farther.
        for (String kind : List.of("snapshot.", "log.")) {
            for (Path file : filesIn(source, kind)) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private static List<Path> filesIn(Path directory, String kind) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(kind)).toList();
        }
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    private void connect() throws IOException {
        send(out ->
                new ConnectRequest(0, 0, 10_000, 0, new byte[SessionPassword.BYTES], false, true)
                        .write(out));
        receive();
    }

    private void createMany() throws IOException {
        connect();
        byte[] parent = "/many".getBytes(StandardCharsets.UTF_8);
        call(OpCode.CREATE, out -> creation(parent).write(out, false));
        for (int i = 0; i < ZNODES; i += ASKED_AT_ONCE) {
            for (int j = i; j < i + ASKED_AT_ONCE; j++) {
                byte[] name = "/many/witan-%08d".formatted(j).getBytes(StandardCharsets.UTF_8);
                ask(OpCode.CREATE, out -> creation(name).write(out, false));
            }
            for (int j = i; j < i + ASKED_AT_ONCE; j++) {
                receive();
            }
        }
        call(OpCode.CLOSE_SESSION, out -> {});
    }

    private void useEverything() throws IOException {
        connect();
        for (int i = 0; i < ROUNDS; i++) {
            useOnce("/witan-" + i);
        }
        call(OpCode.CLOSE_SESSION, out -> {});
    }

    private void useOnce(String path) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        call(OpCode.CREATE, out -> creation(name).write(out, false));
        call(OpCode.EXISTS, out -> out.writeBuffer(name).writeBoolean(true));
        call(OpCode.GET_DATA, out -> out.writeBuffer(name).writeBoolean(true));
        call(OpCode.SET_DATA, out -> out.writeBuffer(name).writeBuffer(DATA).writeInt(-1));
        call(OpCode.GET_CHILDREN2, out -> out.writeString("/").writeBoolean(false));
        call(OpCode.MULTI, out -> multi(out, name));
        call(OpCode.SYNC, out -> out.writeString("/"));
        call(OpCode.DELETE, out -> out.writeBuffer(name).writeInt(-1));
        call(OpCode.CREATE, out -> ephemeral(name).write(out, false));
        call(OpCode.DELETE, out -> out.writeBuffer(name).writeInt(-1));
        call(OpCode.PING, out -> {});
    }

    private static CreateRequest creation(byte[] path) {
        return new CreateRequest(path, DATA, Acl.OPEN, 0, 0);
    }

    private static CreateRequest ephemeral(byte[] path) {
        return new CreateRequest(path, DATA, Acl.OPEN, CreateFlags.EPHEMERAL, 0);
    }

    private static void multi(JuteWriter out, byte[] name) {
        for (int i = 0; i < OPS_IN_MULTI; i++) {
            MultiHeader.request(OpCode.SET_DATA).write(out);
            out.writeBuffer(name).writeBuffer(DATA).writeInt(-1);
        }
        MultiHeader.END.write(out);
    }

    /// Watch events may stand before the reply; a reply carries the xid of its request.
    private void call(int type, Consumer<JuteWriter> body) throws IOException {
        int xid = ask(type, body);
        while (ByteBuffer.wrap(receive()).getInt() != xid) {
            // A watch event.
        }
    }

    private int ask(int type, Consumer<JuteWriter> body) throws IOException {
        int xid = type == OpCode.PING ? -2 : XID_ANY;
        send(out -> {
            new RequestHeader(xid, type).write(out);
            body.accept(out);
        });
        return xid;
    }

    private void send(Consumer<JuteWriter> body) throws IOException {
        var frame = new JuteWriter();
        frame.writeInt(0);
        body.accept(frame);
        frame.patchInt(0, frame.length() - Integer.BYTES);
        socket.getOutputStream().write(frame.bytes(), 0, frame.length());
    }

    private byte[] receive() throws IOException {
        var frame = new byte[in.readInt()];
        in.readFully(frame);
        return frame;
    }
}
