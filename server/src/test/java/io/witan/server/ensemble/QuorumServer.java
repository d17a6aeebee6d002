package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.witan.wire.config.Address;
import io.witan.wire.config.Member;
import io.witan.wire.quorum.QuorumPacket;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// The quorum port of one server on real sockets, in an ensemble that the test makes up.
final class QuorumServer implements AutoCloseable {

    static final long SELF = 1;
    static final int FIELD_BYTES_MAX = 1 << 20;
    static final int COLLECTED_BYTES_MAX = 1 << 16;
    static final int BACKLOG_BYTES_MAX = 1 << 20;

    final OneLoop loop = new OneLoop();
    final QuorumPort port;

    /// Links that learners have opened.
    final BlockingQueue<Long> connected = new LinkedBlockingQueue<>();

    /// Links that this server has opened.
    final BlockingQueue<Long> dialled = new LinkedBlockingQueue<>();

    final BlockingQueue<QuorumPacket> received = new LinkedBlockingQueue<>();

    /// Why links, or attempts, came to nothing.
    final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

    private final Map<Long, Member> members = new ConcurrentHashMap<>();

    QuorumServer(boolean listensOnAll) throws IOException {
        knows(SELF, at(Sockets.freePort()));
        port =
                new QuorumPort(
                        loop.core,
                        loop.loop,
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        SELF,
                        listensOnAll,
                        60_000,
                        0,
                        new QuorumPortLimits(
                                FIELD_BYTES_MAX, COLLECTED_BYTES_MAX, BACKLOG_BYTES_MAX),
                        members::get,
                        new Told(),
                        loop.failures::add);
    }

    private final class Told implements QuorumPort.Listener {

        @Override
        public void learnerConnected(long link) {
            connected.add(link);
        }

        @Override
        public void leaderConnected(long attempt, long link) {
            dialled.add(link);
        }

        @Override
        public void leaderUnreachable(long attempt, String reason) {
            lost.add(reason);
        }

        @Override
        public void received(long link, QuorumPacket packet) {
            received.add(packet);
        }

        @Override
        public void snapshotAdvanced(long link) {}

        @Override
        public void snapshotReceived(long link) {}

        @Override
        public void disconnected(long link, String reason) {
            lost.add(reason);
        }
    }

    /// At this port of this machine.
    static Address at(int quorumPort) {
        return new Address(Sockets.HERE.getHostAddress(), quorumPort, 0);
    }

    /// From now on it is, for this server, a member that has these addresses.
    void knows(long sid, Address... addresses) {
        members.put(sid, new Member(sid, List.of(addresses), Member.Role.PARTICIPANT, null));
    }

    /// Opens the port and gives, in the end, where each address of the server is listened on.
    List<Integer> listens(int addresses) throws Exception {
        run(port::acceptLearners);
        return loop.portsOf(port::listening, addresses);
    }

    int listens() throws Exception {
        return listens(1).getFirst();
    }

    void run(Runnable task) throws Exception {
        loop.ask(() -> {
            task.run();
            return true;
        });
    }

    @Override
    public void close() {
        loop.loop.submit(() -> port.close()).syncUninterruptibly();
        loop.close();
        assertThat(loop.failures).isEmpty();
    }
}
