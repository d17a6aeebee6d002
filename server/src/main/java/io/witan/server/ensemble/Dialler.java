package io.witan.server.ensemble;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Opens connections to other servers. A server's addresses are all tried at once and the first
/// that answers is taken; names are looked up anew each time, on a thread of their own, because a
/// name server that is silent must not hold up anything else (ZOOKEEPER-2164, 2982).
@SuppressWarnings("FutureReturnValueIgnored") // outcomes come by listener
final class Dialler {

    private final EventLoop loop;
    private final Class<? extends Channel> channelType;

    /// A server's name and port.
    record Target(String host, int port) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /// Told of the outcome, once, on the loop.
    interface Outcome {
        void connected(Channel channel);

        void failed(String reason);
    }

    Dialler(EventLoop loop, Class<? extends Channel> channelType) {
        this.loop = loop;
        this.channelType = channelType;
    }

    /// Dials, no longer than `millis`. The channel is given without handlers that read; nothing is
    /// read before `outcome` has added one and asked for it.
    Dial dial(
            List<Target> targets,
            int millis,
            boolean keepAlive,
            Supplier<ChannelHandler> handlers,
            Outcome outcome) {
        Dial dial = new Dial(targets, millis, keepAlive, handlers, outcome);
        dial.start();
        return dial;
    }

    /// One attempt.
    final class Dial {

        private final List<Target> targets;
        private final int millis;
        private final boolean keepAlive;
        private final Supplier<ChannelHandler> handlers;
        private final Outcome outcome;
        private final List<ChannelFuture> connecting = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private int open;
        private boolean over;

        private Dial(
                List<Target> targets,
                int millis,
                boolean keepAlive,
                Supplier<ChannelHandler> handlers,
                Outcome outcome) {
            this.targets = targets;
            this.millis = millis;
            this.keepAlive = keepAlive;
            this.handlers = handlers;
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
            for (Target target : targets) {
                resolve(target);
            }
        }

        /// Whatever comes now is of no interest.
        void cancel() {
            over = true;
            connecting.forEach(future -> future.channel().close());
        }

        private void resolve(Target target) {
            InetAddress literal = literal(target.host());
            if (literal != null) {
                connect(target, literal);
                return;
            }
            Thread.ofPlatform()
                    .daemon()
                    .name("witan-resolve-" + target.host())
                    .start(() -> {
                        try {
                            InetAddress address = InetAddress.getByName(target.host());
                            onLoop(() -> connect(target, address));
                        } catch (UnknownHostException unknown) {
                            onLoop(() -> failed(target, "the name is not known"));
                        }
                    });
        }

        private void connect(Target target, InetAddress address) {
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
                            .handler(handlers.get())
                            .connect(new InetSocketAddress(address, target.port()));
            connecting.add(future);
            future.addListener(done -> connected(target, future));
        }

        private void connected(Target target, ChannelFuture future) {
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
                outcome.connected(future.channel());
            }
        }

        private void failed(Target target, String reason) {
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

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // The server is being stopped.
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }
}
