package io.witan.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.witan.server.metrics.ShellMetrics;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The port that clients connect to. Accepts, counts, and lends buffers to its connections; all on
/// the core's loop, but for [#bind] and [#close].
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
public final class ClientPort {

    private static final Logger LOG = LoggerFactory.getLogger(ClientPort.class);

    /// A client's replies beyond this are waiting for it to read; it is not read from meanwhile.
    private static final WriteBufferWaterMark OUTPUT_MARKS =
            new WriteBufferWaterMark(256 << 10, 2 << 20);

    private final CoreLoop core;
    private final SocketLimits limits;
    private final ShellMetrics metrics;
    private final CommandWords words;
    private final RefusalLog refusals = RefusalLog.ofClients(LOG::info);

    private final Set<ClientSocket> sockets = new LinkedHashSet<>();
    private final Map<InetAddress, Integer> perAddress = new LinkedHashMap<>();
    private final WriterPool writers = new WriterPool();
    private byte[] scratch = new byte[64 << 10];

    /// What requests that are not complete yet may hold, over all connections; a client that would
    /// take more is disconnected.
    private final long incompleteBytesMax = Runtime.getRuntime().maxMemory() / 4;

    private long incompleteBytes;

    /// What all clients together may leave unread; one that would make it more is disconnected.
    private final long unsentBytesMax = Runtime.getRuntime().maxMemory() / 4;

    private long unsentBytes;
    private @Nullable Channel listening;

    /// @param words makes what answers four-letter words, which can tell of the port
    public ClientPort(
            CoreLoop core,
            SocketLimits limits,
            ShellMetrics metrics,
            Function<ClientPort, CommandWords> words) {
        this.core = core;
        this.limits = limits;
        this.metrics = metrics;
        this.words = words.apply(this);
    }

    /// Opens the port. Returns the address it got, which tells the port number where 0 was asked
    /// for.
    ///
    /// @param backlog connections the system may keep waiting; -1: its default
    /// @throws BindException if the address cannot be had
    public InetSocketAddress bind(
            EventLoopGroup group,
            Class<? extends ServerChannel> channelType,
            InetSocketAddress address,
            int backlog,
            boolean keepAlive)
            throws BindException {
        var bootstrap = new ServerBootstrap();
        bootstrap
                .group(group)
                .channel(channelType)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, keepAlive)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, OUTPUT_MARKS)
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                accepted(channel);
                            }
                        });
        if (backlog > 0) {
            bootstrap.option(ChannelOption.SO_BACKLOG, backlog);
        }
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var failure = new BindException(bound.cause().getMessage());
            failure.initCause(bound.cause());
            throw failure;
        }
        listening = bound.channel();
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /// Stops accepting. Connections stay.
    public void close() {
        Channel channel = listening;
        if (channel != null) {
            channel.close().awaitUninterruptibly();
        }
    }

    private void accepted(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            // Gone already.
            channel.close();
            return;
        }
        InetAddress from = remote.getAddress();
        int count = perAddress.getOrDefault(from, 0);
        if (limits.connectionsPerAddressMax() > 0 && count >= limits.connectionsPerAddressMax()) {
            reject(
                    channel,
                    "%s has %d connections already (maxClientCnxns)"
                            .formatted(from.getHostAddress(), count));
        } else if (limits.connectionsMax() > 0 && sockets.size() >= limits.connectionsMax()) {
            reject(channel, "%d connections are open (maxCnxns)".formatted(sockets.size()));
        } else {
            perAddress.put(from, count + 1);
            var socket = new ClientSocket(this, channel, CoreLoop.nowMillis());
            sockets.add(socket);
            channel.pipeline().addLast(socket);
            // Told with the close itself: a handler hears of it only after what came in with it,
            // and that may be the same client, back for the place that it has just left.
            channel.closeFuture().addListener(closed -> left(socket));
        }
    }

    private void reject(Channel channel, String reason) {
        metrics.connectionsRejected.increment();
        refusals.say(CoreLoop.nowMillis(), String.valueOf(channel.remoteAddress()), reason);
        channel.close();
    }

    /// Closes all connections. On the loop.
    public void closeConnections() {
        new ArrayList<>(sockets).forEach(ClientSocket::drop);
    }

    private void left(ClientSocket socket) {
        if (sockets.remove(socket)) {
            perAddress.computeIfPresent(
                    socket.remote().getAddress(), (a, count) -> count == 1 ? null : count - 1);
        }
    }

    /// Closes connections that have had no session for too long. Called now and then.
    public void closeSessionless() {
        long now = CoreLoop.nowMillis();
        List<ClientSocket> late = new ArrayList<>();
        for (ClientSocket socket : sockets) {
            if (now - socket.openedAtMillis() < limits.sessionlessMillis()) {
                break;
            }
            if (!socket.hasSession()) {
                late.add(socket);
            }
        }
        for (ClientSocket socket : late) {
            metrics.sessionlessExpired.increment();
            socket.close("no session after %d ms".formatted(limits.sessionlessMillis()));
        }
    }

    /// All connections, oldest first.
    public void forEachSocket(BiConsumer<InetSocketAddress, io.witan.replica.ClientConnection> to) {
        for (ClientSocket socket : sockets) {
            var connection = socket.connection();
            if (connection != null) {
                to.accept(socket.remote(), connection);
            }
        }
    }

    /// How long a connection may be without a session.
    public int sessionlessMillis() {
        return limits.sessionlessMillis();
    }

    // ---- for its connections

    CoreLoop core() {
        return core;
    }

    SocketLimits limits() {
        return limits;
    }

    CommandWords words() {
        return words;
    }

    /// @param reason empty if there is nothing to report
    void logClose(String remoteAddress, String reason) {
        if (!reason.isEmpty()) {
            refusals.say(CoreLoop.nowMillis(), remoteAddress, reason);
        }
    }

    void unsentBytes(long more) {
        unsentBytes += more;
    }

    /// What waits to be sent, over all connections whose clients do not take it at once.
    long unsentBytes() {
        return unsentBytes;
    }

    long unsentBytesMax() {
        return unsentBytesMax;
    }

    void incompleteBytes(int more) {
        incompleteBytes += more;
    }

    boolean hasTooManyIncompleteBytes() {
        return incompleteBytes > incompleteBytesMax;
    }

    byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        return scratch;
    }

    WriterPool writers() {
        return writers;
    }
}
