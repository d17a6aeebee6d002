package io.witan.server.ensemble;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.RefusalLog;
import io.witan.wire.config.Address;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.HostPort;
import io.witan.wire.config.Member;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/// The election transport (quorum, section 2): one connection per pair of servers, kept by the one
/// that the server with the larger id has dialled; the last message to a server is what counts, and
/// is sent again on each new connection.
///
/// Whatever arrives costs its connection at most: a wrong id, a frame too large, a handshake that
/// never ends, a flood.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
public final class ElectionPort {

    private static final Logger LOG = LoggerFactory.getLogger(ElectionPort.class);

    /// Connections that may be open before they have said who they are. A server says it at once,
    /// so the oldest goes when another comes: who only connects keeps nobody out.
    private static final int UNNAMED_MAX = 100;

    /// Servers outside of the configuration that are remembered by where they say they are.
    private static final int STRANGERS_MAX = 100;

    private static final long BIND_PAUSE_MILLIS = 1_000;

    private final CoreLoop core;
    private final EventLoop loop;
    private final Class<? extends ServerChannel> listenerType;
    private final Dialler dialler;
    private final ElectionPortSettings settings;
    private final LongFunction<@Nullable Member> members;
    private final Listener listener;
    private final Consumer<Throwable> failed;
    private final RefusalLog refusals = RefusalLog.ofServers(LOG::info);

    private final RefusalLog unreachable =
            new RefusalLog(LOG::info, "A server cannot be reached for elections", "server");

    private final Map<Long, ElectionLink> links = new TreeMap<>();
    private final Map<Long, Dialler.Dial> dials = new TreeMap<>();
    private final Set<ElectionLink> unnamed = new LinkedHashSet<>();

    /// The last message to each server, and which of them has not been sent yet.
    private final Map<Long, byte[]> last = new TreeMap<>();

    private final Set<Long> unsent = new TreeSet<>();

    /// Where servers that are in no configuration here said that they are.
    private final Map<Long, List<Dialler.Target>> strangers = new TreeMap<>();

    private final List<Channel> listening = new ArrayList<>();
    private boolean stopped;

    /// What it tells the core.
    public interface Listener {
        void notified(long sid, Notification notification);

        void linkChanged(long sid, boolean up);
    }

    /// @param members who has that id in the configurations at hand, this server included
    /// @param failed told if the port cannot be had: the server must end
    public ElectionPort(
            CoreLoop core,
            EventLoop loop,
            Class<? extends ServerChannel> listenerType,
            Class<? extends Channel> channelType,
            ElectionPortSettings settings,
            LongFunction<@Nullable Member> members,
            Listener listener,
            Consumer<Throwable> failed) {
        this.core = core;
        this.loop = loop;
        this.listenerType = listenerType;
        this.dialler = new Dialler(loop, channelType);
        this.settings = settings;
        this.members = members;
        this.listener = listener;
        this.failed = failed;
    }

    // ---- listening

    /// Opens the port on this server's election addresses.
    public void listen() {
        Member self = members.apply(settings.sid());
        if (self == null) {
            failed.accept(
                    new BindException(
                            "server.%d is not in the configuration; its election port is unknown"
                                    .formatted(settings.sid())));
            return;
        }
        for (Address address : self.addresses()) {
            bind(address, 1);
        }
    }

    private void bind(Address address, int attempt) {
        InetSocketAddress place =
                settings.listenOnAll()
                        ? new InetSocketAddress(address.electionPort())
                        : new InetSocketAddress(address.host(), address.electionPort());
        new ServerBootstrap()
                .group(loop)
                .channel(listenerType)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, settings.keepAlive())
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new ElectionLink(ElectionPort.this));
                            }
                        })
                .bind(place)
                .addListener((io.netty.channel.ChannelFuture bound) -> {
                    if (stopped) {
                        bound.channel().close();
                    } else if (bound.isSuccess()) {
                        listening.add(bound.channel());
                    } else {
                        notBound(address, place, attempt, bound.cause());
                    }
                });
    }

    private void notBound(Address address, InetSocketAddress place, int attempt, Throwable cause) {
        if (settings.bindAttempts() != 0 && attempt >= settings.bindAttempts()) {
            var failure =
                    new BindException(
                            "Cannot listen for elections on %s: %s. Another process may have the port, or"
                                            .formatted(place, cause.getMessage())
                                    + " the address may not be this machine's; see the line of this"
                                    + " server in the configuration, or set quorumListenOnAllIPs.");
            failure.initCause(cause);
            failed.accept(failure);
            return;
        }
        LOG.warn(
                "The election port cannot be had yet: address={} attempt={} reason={}",
                place,
                attempt,
                cause.getMessage());
        loop.schedule(() -> bind(address, attempt + 1), BIND_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Where it listens.
    List<Channel> listening() {
        return listening;
    }

    // ---- sending

    /// Sends a message, now or when there is a connection; a later one takes its place.
    public void send(long sid, Notification notification) {
        byte[] bytes = notification.encode();
        last.put(sid, bytes);
        ElectionLink link = links.get(sid);
        if (link == null) {
            unsent.add(sid);
            dial(sid, null);
        } else if (link.isWritable()) {
            unsent.remove(sid);
            link.send(bytes);
        } else {
            unsent.add(sid);
        }
    }

    void drained(ElectionLink link) {
        byte[] bytes = last.get(link.sid());
        if (bytes != null && links.get(link.sid()) == link && unsent.remove(link.sid())) {
            link.send(bytes);
        }
    }

    /// Servers that there is a connection with, ascending.
    public Set<Long> connectedSids() {
        return new TreeSet<>(links.keySet());
    }

    /// Closes all connections; they open again when there is something to say. The port itself
    /// moves if this server's address has changed.
    public void restart() {
        new ArrayList<>(links.values()).forEach(ElectionLink::close);
        links.clear();
        dials.values().forEach(Dialler.Dial::cancel);
        dials.clear();
        strangers.clear();
        Member self = members.apply(settings.sid());
        if (self != null && !listensOn(self)) {
            closeListening();
            listen();
        }
    }

    private boolean listensOn(Member self) {
        for (Address address : self.addresses()) {
            boolean found =
                    listening.stream()
                            .anyMatch(channel ->
                                    ((InetSocketAddress) channel.localAddress()).getPort()
                                            == address.electionPort());
            if (!found) {
                return false;
            }
        }
        return true;
    }

    /// Closes everything.
    public void close() {
        stopped = true;
        closeListening();
        new ArrayList<>(unnamed).forEach(ElectionLink::close);
        new ArrayList<>(links.values()).forEach(ElectionLink::close);
        dials.values().forEach(Dialler.Dial::cancel);
    }

    private void closeListening() {
        listening.forEach(Channel::close);
        listening.clear();
    }

    // ---- dialling

    private void dial(long sid, @Nullable List<Dialler.Target> claimed) {
        if (stopped || sid == settings.sid() || dials.containsKey(sid)) {
            return;
        }
        List<Dialler.Target> targets = targets(sid, claimed);
        if (targets.isEmpty()) {
            return;
        }
        var link = new ElectionLink(this, sid);
        Dialler.Dial dial =
                dialler.dial(
                        targets,
                        settings.connectMillis(),
                        settings.keepAlive(),
                        () -> new DialledHandler(sid),
                        new Dialler.Outcome() {
                            @Override
                            public void connected(Channel channel) {
                                dials.remove(sid);
                                dialled(sid, link, channel);
                            }

                            @Override
                            public void failed(String reason) {
                                dials.remove(sid);
                                unreachable.say(nowMillis(), Long.toString(sid), reason);
                                core.execute(() -> listener.linkChanged(sid, false));
                            }
                        });
        dials.put(sid, dial);
    }

    /// The configured address comes first: what a stranger claims is taken for strangers only.
    private List<Dialler.Target> targets(long sid, @Nullable List<Dialler.Target> claimed) {
        Member member = members.apply(sid);
        if (member != null) {
            return member.addresses().stream()
                    .map(address -> new Dialler.Target(address.host(), address.electionPort()))
                    .toList();
        }
        if (claimed != null) {
            return claimed;
        }
        return strangers.getOrDefault(sid, List.of());
    }

    private void dialled(long sid, ElectionLink link, Channel channel) {
        channel.pipeline().addLast(link);
        link.channelActive(channel.pipeline().context(link));
        link.sendRaw(ownName());
        if (sid > settings.sid()) {
            // The other one dials back, and that connection stays.
            link.close();
            return;
        }
        established(link);
        channel.config().setAutoRead(true);
    }

    /// Several addresses are told in the second version of the message only, which servers before
    /// 3.6 refuse.
    private byte[] ownName() {
        Member self = members.apply(settings.sid());
        List<String> addresses =
                self == null
                        ? List.of(new HostPort("0.0.0.0", 0).toString())
                        : self.addresses().stream()
                                .map(address -> address.election().toString())
                                .toList();
        return addresses.size() == 1
                ? new InitialMessage(InitialMessage.V1, settings.sid(), addresses).encode()
                : new InitialMessage(InitialMessage.V2, settings.sid(), addresses).encode();
    }

    /// Reads nothing until the link has been set up.
    private static final class DialledHandler extends ChannelInitializer<Channel> {

        private final long sid;

        DialledHandler(long sid) {
            this.sid = sid;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.config().setAutoRead(false);
        }

        @Override
        public String toString() {
            return "dialled server." + sid;
        }
    }

    // ---- what links tell

    /// Another connection without a name. Returns whether it may stay.
    boolean accepted(ElectionLink link) {
        if (stopped) {
            return false;
        }
        if (unnamed.size() >= UNNAMED_MAX) {
            ElectionLink oldest = unnamed.iterator().next();
            unnamed.remove(oldest);
            refused(
                    oldest.remote(),
                    "it has not said who it is, as have not %d others".formatted(UNNAMED_MAX));
            oldest.close();
        }
        unnamed.add(link);
        return true;
    }

    /// The other end has said who it is. Returns the id under which it is known here.
    long named(ElectionLink link, InitialMessage name) {
        unnamed.remove(link);
        long sid = name.sid();
        if (sid == settings.sid()) {
            refused(
                    link.remote(),
                    "it says that it is server.%d, which is this one".formatted(sid));
            link.close();
            return sid;
        }
        List<Dialler.Target> claimed = new ArrayList<>();
        for (String address : name.addresses()) {
            usable(address).ifPresent(claimed::add);
        }
        if (members.apply(sid) == null) {
            if (strangers.size() >= STRANGERS_MAX && !strangers.containsKey(sid)) {
                refused(link.remote(), "server.%d is not in the configuration".formatted(sid));
                link.close();
                return sid;
            }
            strangers.put(sid, claimed);
        }
        if (sid < settings.sid()) {
            // The larger id dials (quorum, section 2.3).
            ElectionLink before = links.remove(sid);
            if (before != null) {
                before.close();
            }
            link.close();
            dial(sid, claimed);
            return sid;
        }
        loop.execute(() -> {
            if (link.isOpen()) {
                established(link);
            }
        });
        return sid;
    }

    /// An address that says "any" leads nowhere.
    private static Optional<Dialler.Target> usable(String address) {
        try {
            HostPort place = HostPort.parse(address);
            return place.isWildcard() || place.port() == 0
                    ? Optional.empty()
                    : Optional.of(new Dialler.Target(place.host(), place.port()));
        } catch (ConfigTextException unreadable) {
            return Optional.empty();
        }
    }

    private void established(ElectionLink link) {
        ElectionLink before = links.put(link.sid(), link);
        if (before != null && before != link) {
            before.close();
        }
        core.execute(() -> listener.linkChanged(link.sid(), true));
        byte[] bytes = last.get(link.sid());
        unsent.remove(link.sid());
        if (bytes != null) {
            link.send(bytes);
        }
    }

    void received(ElectionLink link, Notification notification) {
        long sid = link.sid();
        core.execute(() -> listener.notified(sid, notification));
    }

    void closed(ElectionLink link) {
        unnamed.remove(link);
        if (links.remove(link.sid(), link)) {
            core.execute(() -> listener.linkChanged(link.sid(), false));
        }
    }

    void refused(String remote, String reason) {
        refusals.say(nowMillis(), remote, "election port: " + reason);
    }

    void broke(Throwable cause) {
        failed.accept(cause);
    }

    ElectionPortSettings settings() {
        return settings;
    }

    long nowMillis() {
        return CoreLoop.nowMillis();
    }
}
