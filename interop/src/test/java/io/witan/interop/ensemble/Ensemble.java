package io.witan.interop.ensemble;

import io.witan.interop.Events;
import io.witan.interop.Lab;
import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.ServerSettings;
import io.witan.interop.disk.Tree;

import org.apache.zookeeper.ZooKeeper;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Real servers that make one ensemble, and the clients that a test opens to them.
///
/// The logs of Apache's servers name how they were synchronised; they are kept at a level that
/// tells it.
final class Ensemble implements AutoCloseable {

    /// Ticks are short, because some things take some of them; limits are long, because a machine
    /// under load must not look like a broken server.
    private static final List<String> CONFIG =
            List.of(
                    "tickTime=400",
                    "initLimit=100",
                    "syncLimit=50",
                    "minSessionTimeout=1000",
                    "maxSessionTimeout=60000",
                    Tree.SUPERUSER);

    /// A follower tries five times to reach its leader. Where JVMs start slowly the leader may open
    /// its port later than 0.1 s times that, and the follower would look for a leader again and
    /// find none before `initLimit`: so it takes more time.
    private static final List<String> JVM_FLAGS =
            List.of(
                    "-Dzookeeper.leaderConnectDelayDuringRetryMs=500",
                    "-Dorg.slf4j.simpleLogger.log.org.apache.zookeeper.server.quorum=info",
                    "-Dorg.slf4j.simpleLogger.log.org.apache.zookeeper.server.quorum.LearnerHandler=debug",
                    "-Dorg.slf4j.simpleLogger.showDateTime=true");

    private final SortedMap<Integer, Member> members = new TreeMap<>();
    private final List<Integer> founding = new ArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /// @param mix what each server is, in the order of their ids from 1: `A` for Apache, `W` for
    ///   Witan; after a `+` those that observe, after a `>` those that will join, as observers at
    ///   first, and of which the others know nothing yet
    /// @param settings lines of `zoo.cfg`, and flags for the JVMs, which begin with a dash
    Ensemble(Path home, String mix, String... settings) {
        List<String> config = Stream.of(settings).filter(each -> !each.startsWith("-")).toList();
        List<String> flags =
                Stream.concat(
                                JVM_FLAGS.stream(),
                                Stream.of(settings).filter(each -> each.startsWith("-")))
                        .toList();
        String kinds = mix.replaceAll("[+>]", "");
        var ports = new ArrayDeque<>(freePorts(3 * kinds.length()));
        List<Place> places = new ArrayList<>();
        List<Place> founders = new ArrayList<>();
        for (int at = 0; at < mix.length(); at++) {
            if (Character.isLetter(mix.charAt(at))) {
                String before = mix.substring(0, at);
                boolean observer = before.contains("+") || before.contains(">");
                var place =
                        new Place(
                                places.size() + 1, observer, ports.pop(), ports.pop(), ports.pop());
                places.add(place);
                if (!before.contains(">")) {
                    founders.add(place);
                }
            }
        }
        for (Place place : places) {
            boolean founder = founders.contains(place);
            var lines =
                    Stream.of(
                                    CONFIG.stream(),
                                    (founder ? founders : places).stream().map(Place::line),
                                    config.stream())
                            .flatMap(part -> part)
                            .toList();
            members.put(
                    place.sid(),
                    new Member(
                            place,
                            home.resolve("server-" + place.sid()),
                            new ServerSettings(lines, flags),
                            kinds.charAt(place.sid() - 1) == 'A' ? Product.APACHE : Product.WITAN));
            if (founder) {
                founding.add(place.sid());
            }
        }
    }

    private static Collection<Integer> freePorts(int count) {
        var ports = new TreeSet<Integer>();
        while (ports.size() < count) {
            ports.add(ServerProcess.freePort());
        }
        return ports;
    }

    Member server(int sid) {
        Member member = members.get(sid);
        if (member == null) {
            throw new IllegalArgumentException("no server " + sid);
        }
        return member;
    }

    Collection<Member> members() {
        return members.values();
    }

    /// All but those that will join.
    List<Member> founders() {
        return members().stream().filter(member -> founding.contains(member.sid())).toList();
    }

    /// As its servers tell it before a leader has given it a version.
    String foundingConfig() {
        return founders().stream()
                        .map(member -> member.place().line())
                        .collect(Collectors.joining("\n"))
                + "\nversion=0";
    }

    /// Those that run.
    List<Member> running() {
        return members().stream().filter(Member::isAlive).toList();
    }

    /// Starts all servers but those that will join, such that this one leads: first it and as many
    /// with smaller ids as make a quorum with it, then the others.
    void startLedBy(int sid) throws Exception {
        int participants =
                (int) members().stream().filter(member -> !member.place().observer()).count();
        List<Member> first = new ArrayList<>(List.of(server(sid)));
        for (int other = sid - 1; first.size() <= participants / 2; other--) {
            first.add(server(other));
        }
        first.forEach(Member::launch);
        for (Member member : first) {
            member.awaitServing();
        }
        List<Member> others =
                founders().stream().filter(member -> !first.contains(member)).toList();
        others.forEach(Member::launch);
        for (Member member : others) {
            member.awaitServing();
        }
        if (!leader().equals(server(sid))) {
            throw new AssertionError(leader() + " leads instead of server " + sid);
        }
    }

    void awaitServing() throws Exception {
        for (Member member : running()) {
            member.awaitServing();
        }
    }

    /// The one that leads, once there is one and all that run serve.
    Member leader() throws Exception {
        var found = new ArrayList<Member>();
        Await.until(
                "one leads, and all others that run serve",
                () -> {
                    Map<Member, String> modes =
                            running().stream()
                                    .collect(Collectors.toMap(each -> each, Member::mode));
                    found.clear();
                    modes.forEach((member, mode) -> {
                        if (mode.equals("leader")) {
                            found.add(member);
                        }
                    });
                    return found.size() == 1
                            && modes.values().stream()
                                    .allMatch(mode ->
                                            mode.equals("leader")
                                                    || mode.equals("follower")
                                                    || mode.equals("observer"));
                });
        return found.getFirst();
    }

    /// A participant of that product that does not lead, if there is any.
    Optional<Member> follower(Product product) throws Exception {
        Member leader = leader();
        return running().stream()
                .filter(member -> !member.place().observer() && !member.equals(leader))
                .filter(member -> member.product() == product)
                .findFirst();
    }

    /// A connected client of this server alone.
    ZooKeeper client(Member member) {
        return client(member.connectString(), new Events());
    }

    ZooKeeper client(String connectString, Events events) {
        return closedAfterwards(Lab.connected(connectString, events));
    }

    String connectString() {
        return members().stream().map(Member::connectString).collect(Collectors.joining(","));
    }

    <T extends AutoCloseable> T closedAfterwards(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        closeClients();
        for (Member member : running()) {
            member.kill();
        }
    }

    /// While servers run that can answer them.
    void closeClients() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
