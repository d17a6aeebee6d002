package io.witan.interop.ensemble;

import io.witan.interop.ServerProcess;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Plays a learner at the quorum port of a real server. By itself it acknowledges proposals and
/// answers pings; everything else it is told to say.
final class PlayedLearner implements AutoCloseable {

    private static final long PATIENCE_NANOS =
            TimeUnit.SECONDS.toNanos(ServerProcess.PATIENCE_SECONDS);

    private final Socket socket;
    private final PacketReader in;
    private final Thread reader = Thread.ofVirtual().unstarted(this::read);
    private final List<QuorumPacket> heard = new ArrayList<>();
    private long lastAcknowledged = Long.MAX_VALUE;
    private boolean isUpToDate;
    private boolean hasEnded;

    private PlayedLearner(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new PacketReader(socket.getInputStream());
        reader.start();
    }

    /// As soon as somebody listens there.
    static PlayedLearner at(int port) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        Await.until(
                "somebody listens at " + port,
                () -> {
                    try {
                        sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
                        return true;
                    } catch (ConnectException notYet) {
                        return false;
                    }
                });
        return new PlayedLearner(sockets.getFirst());
    }

    private void read() {
        try {
            for (var packet = in.next(); packet != null; packet = in.next()) {
                hear(packet);
            }
        } catch (IOException closed) {
            // The end, by whomever.
        }
        end();
    }

    private synchronized void end() {
        hasEnded = true;
        notifyAll();
    }

    private synchronized void hear(QuorumPacket packet) throws IOException {
        switch (packet.type()) {
            case PacketType.PING -> {
                if (isUpToDate) {
                    say(new QuorumPacket(PacketType.PING, packet.zxid(), new byte[0]));
                }
                return;
            }
            case PacketType.UPTODATE -> isUpToDate = true;
            case PacketType.PROPOSAL -> {
                if (isUpToDate && packet.zxid() <= lastAcknowledged) {
                    say(new QuorumPacket(PacketType.ACK, packet.zxid()));
                }
            }
            default -> {}
        }
        heard.add(packet);
        notifyAll();
    }

    /// Its disk is so slow that it acknowledges nothing beyond.
    synchronized void acknowledgesUpTo(long zxid) {
        lastAcknowledged = zxid;
    }

    synchronized void say(QuorumPacket packet) throws IOException {
        var out = new JuteWriter(64);
        packet.write(out);
        socket.getOutputStream().write(out.toByteArray());
    }

    /// All but pings.
    synchronized List<QuorumPacket> heard() {
        return List.copyOf(heard);
    }

    /// The znodes of all snapshots that it was sent, in their order.
    List<String> znodes() {
        return in.znodes();
    }

    /// Waits until so many of them have come.
    synchronized void awaits(int count, Predicate<QuorumPacket> which) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (heard.stream().filter(which).count() < count) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (hasEnded || millis <= 0) {
                throw new AssertionError(
                        (hasEnded ? "the link has ended after " : "nothing more comes after ")
                                + heard);
            }
            wait(millis);
        }
    }

    void awaits(int type) throws InterruptedException {
        awaits(1, packet -> packet.type() == type);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.close();
        reader.join();
    }
}
