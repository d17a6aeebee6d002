package io.witan.server.ensemble;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;

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

    /// Servers outside of the configuration that are remembered by where they say they are. When
    /// another one comes, it takes the place of one that is gone.
    private static final int STRANGERS_MAX = 100;

    private final CoreLoop core;
    private final EventLoop loop;
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

    /// Where servers that are in no configuration here said that they are; those who came first
    /// come first.
    private final Map<Long, List<HostPort>> strangers = new LinkedHashMap<>();

    private final Listening listening;

    /// As the last configuration that named it has this server. In one that does not name it, it is
    /// where it was.
    private @Nullable Member self;

    /// Observers that do not tell their ids are known by negative ones, each link by its own.
    private long lastNameless;

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
        this.dialler = new Dialler(loop, channelType);
        this.settings = settings;
        this.members = members;
        this.listener = listener;
        this.failed = failed;
        this.listening =
                new Listening(
                        loop,
                        listenerType,
                        settings.listenOnAll(),
                        settings.keepAlive(),
                        settings.bindPauseMillis(),
                        channel -> channel.pipeline().addLast(new ElectionLink(this)),
                        this::isTriedAgain);
    }

    // ---- listening

    /// Opens the port on this server's election addresses.
    public void listen() {
        lookForSelf();
        if (self == null) {
            failed.accept(
                    new BindException(
                            "server.%d is not in the configuration; its election port is unknown"
                                    .formatted(settings.sid())));
            return;
        }
        listening.open(electionPlaces(self));
    }

    private void lookForSelf() {
        Member named = members.apply(settings.sid());
        if (named != null) {
            self = named;
        }
    }

    private static Stream<HostPort> electionPlaces(Member member) {
        return member.addresses().stream().map(Address::election);
    }

    private boolean isTriedAgain(HostPort place, int attempt, String reason) {
        if (settings.bindAttempts() != 0 && attempt >= settings.bindAttempts()) {
            failed.accept(
                    new BindException(
                            "Cannot listen for elections on %s: %s. Another process may have the port, or"
                                            .formatted(place, reason)
                                    + " the address may not be this machine's; see the line of this"
                                    + " server in the configuration, or set quorumListenOnAllIPs."));
            return false;
        }
        LOG.warn(
                "The election port cannot be had yet: address={} attempt={} reason={}",
                place,
                attempt,
                reason);
        return true;
    }

    /// Where it listens.
    List<Channel> listening() {
        return listening.channels();
    }

    /// Open connections, by the id of the other server.
    Map<Long, ElectionLink> links() {
        return links;
    }

    // ---- sending

    /// Sends a message, now or when there is a connection; a later one takes its place.
    public void send(long sid, Notification notification) {
        ElectionLink link = links.get(sid);
        if (link == null && sid < 0) {
            // It has gone before it was answered, and comes back by another id if it does.
            return;
        }
        byte[] bytes = notification.encode();
        last.put(sid, bytes);
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

    /// Servers to which the last message is kept.
    Set<Long> rememberedSids() {
        return last.keySet();
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
        lookForSelf();
        if (self != null && !listening.isAt(electionPlaces(self))) {
            listening.close();
            listen();
        }
    }

    /// Closes everything.
    public void close() {
        stopped = true;
        listening.close();
        new ArrayList<>(unnamed).forEach(ElectionLink::close);
        new ArrayList<>(links.values()).forEach(ElectionLink::close);
        dials.values().forEach(Dialler.Dial::cancel);
    }

    // ---- dialling

    private void dial(long sid, @Nullable List<HostPort> claimed) {
        if (stopped || sid == settings.sid() || dials.containsKey(sid)) {
            return;
        }
        List<HostPort> targets = targets(sid, claimed);
        if (targets.isEmpty()) {
            return;
        }
        var link = new ElectionLink(this, sid);
        Dialler.Dial dial =
                dialler.dial(
                        targets,
                        settings.connectMillis(),
                        settings.keepAlive(),
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
    private List<HostPort> targets(long sid, @Nullable List<HostPort> claimed) {
        Member member = members.apply(sid);
        if (member != null) {
            return electionPlaces(member).toList();
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
        lookForSelf();
        List<String> addresses =
                electionPlaces(requireNonNull(self)).map(HostPort::toString).toList();
        return addresses.size() == 1
                ? new InitialMessage(InitialMessage.V1, settings.sid(), addresses).encode()
                : new InitialMessage(InitialMessage.V2, settings.sid(), addresses).encode();
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
        if (sid == InitialMessage.NAMELESS_OBSERVER) {
            return nameless(link);
        }
        List<HostPort> claimed = new ArrayList<>();
        for (String address : name.addresses()) {
            usable(address).ifPresent(claimed::add);
        }
        if (members.apply(sid) == null) {
            if (!strangers.containsKey(sid) && !hasRoomForStranger()) {
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
        establish(link);
        return sid;
    }

    private boolean hasRoomForStranger() {
        if (strangers.size() < STRANGERS_MAX) {
            return true;
        }
        for (long sid : strangers.keySet()) {
            if (!links.containsKey(sid) && !dials.containsKey(sid)) {
                strangers.remove(sid);
                last.remove(sid);
                unsent.remove(sid);
                return true;
            }
        }
        return false;
    }

    /// Nobody could dial it back.
    private long nameless(ElectionLink link) {
        if (links.keySet().stream().filter(sid -> sid < 0).count() >= STRANGERS_MAX) {
            refused(link.remote(), "%d others tell no number either".formatted(STRANGERS_MAX));
            link.close();
        } else {
            establish(link);
        }
        return --lastNameless;
    }

    /// Once the link knows its name.
    private void establish(ElectionLink link) {
        loop.execute(() -> {
            if (link.isOpen()) {
                established(link);
            }
        });
    }

    /// An address that says "any" leads nowhere.
    private static Optional<HostPort> usable(String address) {
        try {
            HostPort place = HostPort.parse(address);
            return place.isWildcard() || place.port() == 0 ? Optional.empty() : Optional.of(place);
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
            if (link.sid() < 0) {
                last.remove(link.sid());
                unsent.remove(link.sid());
            }
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
