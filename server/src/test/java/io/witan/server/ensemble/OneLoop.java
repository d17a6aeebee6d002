package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.nio.NioIoHandler;
import io.witan.replica.ClientConnection;
import io.witan.replica.ClientLink;
import io.witan.replica.ClientService;
import io.witan.replica.metrics.Summary;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.RelayedEventLoop;
import io.witan.wire.config.Address;
import io.witan.wire.config.Member;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The core's loop without a core, for tests of ports on real sockets.
final class OneLoop implements AutoCloseable, ClientService {

    private static final int PATIENCE_SECONDS = 60;

    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    final RelayedEventLoop loop =
            new RelayedEventLoop("loop", NioIoHandler.newFactory(), failures::add);
    final CoreLoop core = new CoreLoop(loop, failures::add);

    OneLoop() {
        core.start(this, () -> {}, () -> {}, 1_000, new Summary());
    }

    /// Whichever ports are free on the loopback address.
    static Member member(long sid) {
        return new Member(
                sid,
                List.of(new Address(InetAddress.getLoopbackAddress().getHostAddress(), 0, 0)),
                Member.Role.PARTICIPANT,
                null);
    }

    /// What that gives on the loop.
    <T> T ask(Callable<T> question) throws Exception {
        return loop.submit(question).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// Where it listens, once there are so many channels that do; binding ends on the same loop.
    List<Integer> portsOf(Supplier<List<Channel>> listening, int channels) throws Exception {
        List<Integer> ports = List.of();
        while (ports.size() < channels && failures.isEmpty()) {
            ports =
                    ask(() ->
                            listening.get().stream()
                                    .map(channel ->
                                            ((InetSocketAddress) channel.localAddress()).getPort())
                                    .toList());
        }
        assertThat(ports).hasSize(channels);
        return ports;
    }

    /// The next of them; fails if none comes.
    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    // ---- no clients

    @Override
    public void timeIs(long nowMillis, long wallMillis) {}

    @Override
    public void tick() {}

    @Override
    public ClientConnection connected(ClientLink link) {
        throw new AssertionError("there is no client port");
    }

    @Override
    public void received(ClientConnection connection, byte[] bytes, int offset, int length) {}

    @Override
    public void disconnected(ClientConnection connection) {}

    @Override
    public void outputDrained(ClientConnection connection) {}
}
