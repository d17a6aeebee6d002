package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.witan.wire.config.Address;
import io.witan.wire.config.Member;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// The election port of one server on real sockets, in an ensemble that the test makes up.
final class ElectionServer implements AutoCloseable {

    static final String HOST = Sockets.HERE.getHostAddress();

    final OneLoop loop = new OneLoop();
    final ElectionPort port;

    /// The leaders that others have voted for, in the order in which it heard of them.
    final BlockingQueue<Long> heard = new LinkedBlockingQueue<>();

    /// Such as "2 up", in their order.
    final BlockingQueue<String> links = new LinkedBlockingQueue<>();

    private final long sid;
    private final Map<Long, Member> members = new ConcurrentHashMap<>();

    ElectionServer(ElectionPortSettings settings) throws IOException {
        sid = settings.sid();
        knows(sid, at(Sockets.freePort()));
        port =
                new ElectionPort(
                        loop.core,
                        loop.loop,
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        settings,
                        members::get,
                        new ElectionPort.Listener() {
                            @Override
                            public void notified(long from, Notification notification) {
                                heard.add(notification.leader());
                            }

                            @Override
                            public void linkChanged(long other, boolean up) {
                                links.add(other + (up ? " up" : " down"));
                            }
                        },
                        loop.failures::add);
    }

    /// Patient, but for ports that cannot be had: those are tried as often as it takes.
    static ElectionPortSettings settings(long sid) {
        return new ElectionPortSettings(sid, false, 60_000, 60_000, 0, 1, false);
    }

    /// At this port of this machine.
    static Address at(int electionPort) {
        return new Address(HOST, 0, electionPort);
    }

    /// From now on it is, for this server, a member that has these addresses.
    void knows(long other, Address... addresses) {
        members.put(other, new Member(other, List.of(addresses), Member.Role.PARTICIPANT, null));
    }

    /// From now on that one, which may be the server itself, is in no configuration here.
    void forgets(long sid) {
        members.remove(sid);
    }

    /// Opens the port and gives, in the end, where each address of the server is listened on.
    List<Integer> listens(int addresses) throws Exception {
        run(port::listen);
        return listeningOn(addresses);
    }

    List<Integer> listeningOn(int addresses) throws Exception {
        return loop.portsOf(port::listening, addresses);
    }

    int listens() throws Exception {
        return listens(1).getFirst();
    }

    /// It votes for that leader, and tells the other one so.
    void says(long other, long leader) throws Exception {
        run(() -> port.send(other, vote(leader)));
    }

    static Notification vote(long leader) {
        return new Notification(Notification.LOOKING, leader, 0, 1, 0, Notification.VERSION, null);
    }

    static byte[] nameOf(long sid, String... addresses) {
        return new InitialMessage(
                        addresses.length > 1 ? InitialMessage.V2 : InitialMessage.V1,
                        sid,
                        addresses.length == 0 ? List.of("127.0.0.1:1") : List.of(addresses))
                .encode();
    }

    void run(Runnable task) throws Exception {
        loop.ask(() -> {
            task.run();
            return true;
        });
    }

    @Override
    public void close() {
        loop.loop.submit(port::close).syncUninterruptibly();
        loop.close();
        assertThat(loop.failures).isEmpty();
    }
}
