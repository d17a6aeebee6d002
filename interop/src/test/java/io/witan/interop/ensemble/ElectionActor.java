package io.witan.interop.ensemble;

import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Plays a server on the election port: it says the same to whoever comes, and again to who still
/// looks for a leader, and keeps the link that the server with the larger id has dialled.
final class ElectionActor implements AutoCloseable {

    private final Place self;
    private final Place other;
    private final Notification message;
    private final ServerSocket port;
    private final Thread acceptor = Thread.ofVirtual().unstarted(this::accept);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    ElectionActor(Place self, Place other, Notification message) throws IOException {
        this.self = self;
        this.other = other;
        this.message = message;
        this.port = new ServerSocket(self.electionPort(), 50, InetAddress.getLoopbackAddress());
        acceptor.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = port.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> welcome(socket));
            }
        } catch (IOException closed) {
            // The play is over.
        }
    }

    private void welcome(Socket socket) {
        try {
            var in = new DataInputStream(socket.getInputStream());
            in.readLong();
            in.readLong();
            in.skipNBytes(in.readInt());
            if (self.sid() < other.sid()) {
                converse(socket, in);
                return;
            }
            socket.close();
            var dialled = new Socket(InetAddress.getLoopbackAddress(), other.electionPort());
            sockets.add(dialled);
            var address = "127.0.0.1:" + self.electionPort();
            dialled.getOutputStream()
                    .write(
                            new InitialMessage(InitialMessage.V1, self.sid(), List.of(address))
                                    .encode());
            converse(dialled, new DataInputStream(dialled.getInputStream()));
        } catch (IOException closed) {
            // The other server is gone, or the play is over.
        }
    }

    private void converse(Socket socket, DataInputStream in) throws IOException {
        say(socket);
        while (true) {
            byte[] bytes = in.readNBytes(in.readInt());
            var heard = Notification.decode(bytes, 0, bytes.length);
            if (heard != null && heard.state() == Notification.LOOKING) {
                say(socket);
            }
        }
    }

    private void say(Socket socket) throws IOException {
        byte[] bytes = message.encode();
        byte[] frame = new byte[4 + bytes.length];
        ByteBuffer.wrap(frame).putInt(bytes.length).put(bytes);
        socket.getOutputStream().write(frame);
    }

    /// The port is free only when nobody waits at it any more.
    @Override
    public void close() throws IOException, InterruptedException {
        port.close();
        acceptor.join();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
