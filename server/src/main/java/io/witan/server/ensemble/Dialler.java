package io.witan.server.ensemble;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.witan.wire.config.HostPort;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Opens connections to other servers. A server's addresses are all tried at once and the first
/// that answers is taken; their names are looked up anew each time.
@SuppressWarnings("FutureReturnValueIgnored") // outcomes come by listener
final class Dialler {

    private final EventLoop loop;
    private final Class<? extends Channel> channelType;
    private final NameLookup names;

    /// Told of the outcome, once, on the loop.
    interface Outcome {
        void connected(Channel channel);

        void failed(String reason);
    }

    Dialler(EventLoop loop, Class<? extends Channel> channelType) {
        this.loop = loop;
        this.channelType = channelType;
        this.names = new NameLookup(loop);
    }

    /// Dials, no longer than `millis`. The channel is given without handlers; nothing is read
    /// before `outcome` has added one and asked for it.
    Dial dial(List<HostPort> targets, int millis, boolean keepAlive, Outcome outcome) {
        Dial dial = new Dial(targets, millis, keepAlive, outcome);
        dial.start();
        return dial;
    }

    /// One attempt.
    final class Dial {

        private final List<HostPort> targets;
        private final int millis;
        private final boolean keepAlive;
        private final Outcome outcome;
        private final List<ChannelFuture> connecting = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private int open;
        private boolean over;

        private Dial(List<HostPort> targets, int millis, boolean keepAlive, Outcome outcome) {
            this.targets = targets;
            this.millis = millis;
            this.keepAlive = keepAlive;
            this.outcome = outcome;
        }

        private void start() {
            open = targets.size();
            if (open == 0) {
                loop.execute(() -> fail("it has no address"));
                return;
            }
            loop.schedule(
                    () -> fail("no answer within %d ms".formatted(millis)),
                    millis,
                    TimeUnit.MILLISECONDS);
            for (HostPort target : targets) {
                resolve(target);
            }
        }

        /// Whatever comes now is of no interest.
        void cancel() {
            over = true;
            connecting.forEach(future -> future.channel().close());
        }

        private void resolve(HostPort target) {
            names.find(
                    target.host(),
                    address -> connect(target, address),
                    () -> failed(target, "the name is not known"));
        }

        private void connect(HostPort target, InetAddress address) {
            if (over) {
                return;
            }
            ChannelFuture future =
                    new Bootstrap()
                            .group(loop)
                            .channel(channelType)
                            .option(ChannelOption.TCP_NODELAY, true)
                            .option(ChannelOption.SO_KEEPALIVE, keepAlive)
                            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                            .option(ChannelOption.AUTO_READ, false)
                            .handler(new Unconnected())
                            .connect(new InetSocketAddress(address, target.port()));
            connecting.add(future);
            future.addListener(done -> {
                if (loop.inEventLoop()) {
                    connected(target, future);
                } else {
                    // There was not even a socket to be had.
                    loop.execute(() -> connected(target, future));
                }
            });
        }

        private void connected(HostPort target, ChannelFuture future) {
            if (!future.isSuccess()) {
                failed(target, String.valueOf(future.cause().getMessage()));
            } else if (over) {
                future.channel().close();
            } else {
                over = true;
                for (ChannelFuture other : connecting) {
                    if (!other.equals(future)) {
                        other.channel().close();
                    }
                }
                future.channel().pipeline().remove(Unconnected.class);
                outcome.connected(future.channel());
            }
        }

        private void failed(HostPort target, String reason) {
            failures.add(target + ": " + reason);
            open--;
            if (open == 0) {
                fail(String.join("; ", failures));
            }
        }

        private void fail(String reason) {
            if (!over) {
                cancel();
                outcome.failed(reason);
            }
        }
    }

    /// What goes wrong before there is a connection is what the attempt comes to; that is told
    /// once.
    static final class Unconnected extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The attempt fails for the same reason.
        }
    }
}
