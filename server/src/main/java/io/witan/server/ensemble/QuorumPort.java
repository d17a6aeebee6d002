package io.witan.server.ensemble;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.witan.replica.member.TreeStream;
import io.witan.server.net.CoreLoop;
import io.witan.server.net.RefusalLog;
import io.witan.wire.config.Address;
import io.witan.wire.config.HostPort;
import io.witan.wire.config.Member;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.SnapshotStreamParser;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// The quorum transport (quorum, section 4): while this server leads, the port on which learners
/// connect; while it learns, the connection to its leader.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
public final class QuorumPort {

    private static final Logger LOG = LoggerFactory.getLogger(QuorumPort.class);

    /// More learners than any ensemble has; the rest is refused.
    private static final int LINKS_MAX = 1_000;

    /// Of these, so many may be open that have sent no packet yet. A learner says who it is at
    /// once, so the oldest silent one goes when another comes: who only connects keeps nobody out.
    private static final int SILENT_MAX = 100;

    private static final long BIND_PAUSE_MILLIS = 200;

    private final CoreLoop core;
    private final EventLoop loop;
    private final Dialler dialler;
    private final long sid;
    private final int connectMillis;
    private final int observerMasterPort;
    private final QuorumPortLimits limits;
    private final LongFunction<@Nullable Member> members;
    private final Listener listener;
    private final Consumer<Throwable> failed;
    private final RefusalLog refusals = RefusalLog.ofServers(LOG::info);

    private final Map<Long, LearnerLink> links = new TreeMap<>();
    private final Listening learners;
    private final Listening observers;

    /// Those that were accepted and have sent no packet yet, oldest first.
    private final Set<LearnerLink> silent = new LinkedHashSet<>();

    private Dialler.@Nullable Dial dial;
    private long lastLink;

    /// What it tells the core; each call is an event.
    public interface Listener {
        void learnerConnected(long link);

        void leaderConnected(long attempt, long link);

        void leaderUnreachable(long attempt, String reason);

        void received(long link, QuorumPacket packet);

        /// Some of a snapshot has come, or gone.
        void snapshotAdvanced(long link);

        void snapshotReceived(long link);

        void disconnected(long link, String reason);
    }

    /// @param members who has that id in the configurations at hand, this server included
    /// @param connectMillis how long dialling the leader may take
    /// @param observerMasterPort on which followers take observers; 0 for none
    public QuorumPort(
            CoreLoop core,
            EventLoop loop,
            Class<? extends ServerChannel> listenerType,
            Class<? extends Channel> channelType,
            long sid,
            boolean listenOnAll,
            int connectMillis,
            int observerMasterPort,
            QuorumPortLimits limits,
            LongFunction<@Nullable Member> members,
            Listener listener,
            Consumer<Throwable> failed) {
        this.core = core;
        this.loop = loop;
        this.dialler = new Dialler(loop, channelType);
        this.sid = sid;
        this.connectMillis = connectMillis;
        this.observerMasterPort = observerMasterPort;
        this.limits = limits;
        this.members = members;
        this.listener = listener;
        this.failed = failed;
        this.learners = listening(listenerType, listenOnAll);
        this.observers = listening(listenerType, listenOnAll);
    }

    private Listening listening(Class<? extends ServerChannel> listenerType, boolean onAll) {
        return new Listening(
                loop,
                listenerType,
                onAll,
                false,
                BIND_PAUSE_MILLIS,
                this::accepted,
                this::isTriedAgain);
    }

    // ---- as leader

    /// Opens the port.
    public void acceptLearners() {
        accept(learners, Address::quorumPort);
    }

    private void accept(Listening listening, ToIntFunction<Address> port) {
        Member self = members.apply(sid);
        if (self == null) {
            LOG.error("server.{} is not in the configuration; learners cannot connect", sid);
            return;
        }
        listening.open(places(self, port));
    }

    private static Stream<HostPort> places(Member member, ToIntFunction<Address> port) {
        return member.addresses().stream()
                .map(address -> new HostPort(address.host(), port.applyAsInt(address)));
    }

    /// It is, as long as it is wanted.
    private boolean isTriedAgain(HostPort place, int attempt, String reason) {
        if (attempt == 1) {
            LOG.error(
                    "The quorum port cannot be had, learners cannot connect; it is tried again:"
                            + " address={} reason={}. Another process may have it: see the line"
                            + " server.{} of the configuration.",
                    place,
                    reason,
                    sid);
        }
        return true;
    }

    private void accepted(Channel channel) {
        if (links.size() >= LINKS_MAX) {
            refusals.say(
                    CoreLoop.nowMillis(),
                    String.valueOf(channel.remoteAddress()),
                    "quorum port: this server does not lead, or has too many learners");
            channel.close();
            return;
        }
        if (silent.size() >= SILENT_MAX) {
            LearnerLink oldest = silent.iterator().next();
            refusals.say(
                    CoreLoop.nowMillis(),
                    oldest.remote(),
                    "quorum port: it has said nothing, as have %d others".formatted(SILENT_MAX));
            oldest.lost("it has said nothing");
        }
        LearnerLink link = open(channel, false);
        silent.add(link);
        core.execute(() -> listener.learnerConnected(link.id()));
    }

    private LearnerLink open(Channel channel, boolean isToMaster) {
        var link = new LearnerLink(this, ++lastLink, isToMaster);
        link.open(channel);
        links.put(link.id(), link);
        channel.pipeline().addLast(link);
        return link;
    }

    /// Closes the port; links stay until they are closed one by one.
    public void refuseLearners() {
        learners.close();
    }

    // ---- as follower

    /// Opens the port for observers.
    public void acceptObservers() {
        accept(observers, address -> observerMasterPort);
    }

    /// Closes it; links stay until they are closed one by one.
    public void refuseObservers() {
        observers.close();
    }

    // ---- as learner

    /// Dials the quorum port of another server.
    public void dialLeader(long leaderSid, long attempt) {
        dial(leaderSid, attempt, Address::quorumPort);
    }

    /// Dials the port for observers of a follower.
    public void dialObserverMaster(long followerSid, long attempt) {
        dial(followerSid, attempt, address -> observerMasterPort);
    }

    private void dial(long masterSid, long attempt, ToIntFunction<Address> port) {
        if (dial != null) {
            dial.cancel();
        }
        Member master = members.apply(masterSid);
        List<HostPort> targets = master == null ? List.of() : places(master, port).toList();
        dial =
                dialler.dial(
                        targets,
                        connectMillis,
                        false,
                        new Dialler.Outcome() {
                            @Override
                            public void connected(Channel channel) {
                                dial = null;
                                LearnerLink link = open(channel, true);
                                core.execute(() -> listener.leaderConnected(attempt, link.id()));
                                channel.config().setAutoRead(true);
                            }

                            @Override
                            public void failed(String reason) {
                                dial = null;
                                core.execute(() -> listener.leaderUnreachable(attempt, reason));
                            }
                        });
    }

    /// Where it listens.
    List<Channel> listening() {
        return learners.channels();
    }

    // ---- both

    public void send(long link, QuorumPacket packet) {
        LearnerLink to = links.get(link);
        if (to != null) {
            to.send(packet);
        }
    }

    public void sendSnapshot(long link, TreeStream stream) {
        LearnerLink to = links.get(link);
        if (to == null) {
            stream.abort();
        } else {
            to.sendSnapshot(stream);
        }
    }

    public void receiveSnapshot(long link, SnapshotStreamParser parser) {
        LearnerLink from = links.get(link);
        if (from != null) {
            from.receiveSnapshot(parser);
        }
    }

    /// Connections that are open: those of learners while this server leads.
    public int linkCount() {
        return links.size();
    }

    /// Of a snapshot that went, or goes, over that link; 0 if none did, or the link is gone.
    public long snapshotBytes(long link) {
        LearnerLink asked = links.get(link);
        return asked == null ? 0 : asked.snapshotBytes();
    }

    /// Whether the system takes more for that link at once.
    boolean isWritable(long link) {
        LearnerLink asked = links.get(link);
        return asked != null && asked.isWritable();
    }

    /// Written to that link, and not taken by the system yet.
    long unsentBytes(long link) {
        LearnerLink asked = links.get(link);
        return asked == null ? 0 : asked.unsentBytes();
    }

    public void close(long link, String reason) {
        LearnerLink gone = links.get(link);
        if (gone != null) {
            // Where it matters to people, the chronicle has a line about it.
            LOG.debug("Quorum link closed: remote={} reason={}", gone.remote(), reason);
            gone.close();
        }
    }

    /// Closes everything.
    public void close() {
        refuseLearners();
        refuseObservers();
        if (dial != null) {
            dial.cancel();
        }
        new ArrayList<>(links.values()).forEach(LearnerLink::close);
    }

    // ---- for its links

    void received(LearnerLink link, QuorumPacket packet) {
        if (!silent.isEmpty()) {
            silent.remove(link);
        }
        core.enter();
        listener.received(link.id(), packet);
    }

    /// Not within the step that sends it.
    void snapshotAdvanced(LearnerLink link) {
        core.execute(() -> listener.snapshotAdvanced(link.id()));
    }

    void snapshotReceived(LearnerLink link) {
        core.enter();
        listener.snapshotReceived(link.id());
    }

    void disconnected(LearnerLink link, String reason) {
        core.execute(() -> listener.disconnected(link.id(), reason));
    }

    /// What came over it is at fault.
    void refused(LearnerLink link, String reason) {
        refusals.say(CoreLoop.nowMillis(), link.remote(), "quorum port: " + reason);
    }

    void closed(LearnerLink link) {
        silent.remove(link);
        links.remove(link.id());
    }

    void hasOutput(LearnerLink link) {
        core.enter();
        core.atEndOfBatch(link::flush);
    }

    /// On the core's thread, after other work has had its turn. What it throws ends the server.
    void later(Runnable step) {
        core.later(0, step);
    }

    boolean isDeaf() {
        return core.isDeaf();
    }

    void broke(Throwable cause) {
        failed.accept(cause);
    }

    QuorumPortLimits limits() {
        return limits;
    }
}
