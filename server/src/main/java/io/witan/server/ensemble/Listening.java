package io.witan.server.ensemble;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.witan.wire.config.HostPort;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// One of the ports between servers: the places where this server listens, which are those of its
/// line in the configuration or all of the machine. A place that cannot be had is tried again, with
/// its name looked up anew.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
final class Listening {

    /// Stands for all addresses of the machine.
    private static final String ANY = "0.0.0.0";

    private final EventLoop loop;
    private final Class<? extends ServerChannel> type;
    private final NameLookup names;
    private final boolean onAll;
    private final boolean keepAlive;
    private final long pauseMillis;
    private final Consumer<Channel> accepted;
    private final Refusal refusal;

    private final List<Channel> channels = new ArrayList<>();

    /// Empty while it is closed.
    private Set<HostPort> places = Set.of();

    /// How often it was opened or closed: what an earlier attempt comes to is of no interest.
    private int turn;

    /// What is to be done about a place that cannot be had.
    interface Refusal {
        /// @param attempt from 1
        /// @return whether it is tried again
        boolean isTriedAgain(HostPort place, int attempt, String reason);
    }

    /// @param onAll listens on all addresses of the machine, with the same ports
    /// @param pauseMillis between two attempts
    /// @param accepted is given each connection before anything is read from it
    Listening(
            EventLoop loop,
            Class<? extends ServerChannel> type,
            boolean onAll,
            boolean keepAlive,
            long pauseMillis,
            Consumer<Channel> accepted,
            Refusal refusal) {
        this.loop = loop;
        this.type = type;
        this.names = new NameLookup(loop);
        this.onAll = onAll;
        this.keepAlive = keepAlive;
        this.pauseMillis = pauseMillis;
        this.accepted = accepted;
        this.refusal = refusal;
    }

    void open(Stream<HostPort> configured) {
        close();
        places = here(configured);
        places.forEach(place -> open(place, turn, 1));
    }

    /// Two addresses of one server can have the same port; all addresses of the machine have it
    /// once.
    private Set<HostPort> here(Stream<HostPort> configured) {
        var here = new LinkedHashSet<HostPort>();
        configured.map(place -> onAll ? new HostPort(ANY, place.port()) : place).forEach(here::add);
        return here;
    }

    /// Whether it listens there, or tries to, and nowhere else.
    boolean isAt(Stream<HostPort> configured) {
        return places.equals(here(configured));
    }

    /// Where it listens by now.
    List<Channel> channels() {
        return channels;
    }

    void close() {
        turn++;
        places = Set.of();
        channels.forEach(Channel::close);
        channels.clear();
    }

    private void open(HostPort place, int during, int attempt) {
        if (during != turn) {
            return;
        }
        names.find(
                place.host(),
                address ->
                        bind(place, new InetSocketAddress(address, place.port()), during, attempt),
                () -> refused(place, during, attempt, "the name is not known"));
    }

    private void bind(HostPort place, InetSocketAddress address, int during, int attempt) {
        new ServerBootstrap()
                .group(loop)
                .channel(type)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, keepAlive)
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                if (during == turn) {
                                    accepted.accept(channel);
                                } else {
                                    channel.close();
                                }
                            }
                        })
                .bind(address)
                .addListener((ChannelFuture bound) -> {
                    if (!bound.isSuccess()) {
                        refused(place, during, attempt, bound.cause().getMessage());
                    } else if (during == turn) {
                        channels.add(bound.channel());
                    } else {
                        bound.channel().close();
                    }
                });
    }

    private void refused(HostPort place, int during, int attempt, @Nullable String reason) {
        if (during == turn
                && refusal.isTriedAgain(place, attempt, Objects.requireNonNullElse(reason, "?"))) {
            loop.schedule(
                    () -> open(place, during, attempt + 1), pauseMillis, TimeUnit.MILLISECONDS);
        }
    }
}
