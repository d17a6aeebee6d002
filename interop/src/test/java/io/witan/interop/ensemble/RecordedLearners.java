package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Plays the learners of one recorded run at the quorum port of a Witan server that leads, all in
/// their order: a learner connects when the leader is where the recorded one was, a request is made
/// when everything has come that had come before it, and nobody goes before all have what he has.
///
/// So the leader proposes what the recorded one proposed, and each link must be told the same.
final class RecordedLearners implements AutoCloseable {

    /// One recorded link, and how far it has been played.
    private static final class Link {

        final String name;
        final List<Said> script;

        /// It connects when the leader has proposed this, and nothing later.
        final long joinsAt;

        int position;
        @Nullable PlayedLearner learner;
        boolean isOver;

        Link(String name, List<Said> script) {
            this.name = name;
            this.script = script;
            QuorumPacket synchronisation =
                    told(packet -> isSynchronisation(packet)).findFirst().orElseThrow();
            long start = epochStart();
            this.joinsAt = Math.max(start, synchronisation.zxid());
        }

        private Stream<QuorumPacket> told(Predicate<QuorumPacket> which) {
            return script.stream()
                    .filter(said -> !said.byLearner())
                    .map(Said::packet)
                    .filter(which);
        }

        long epochStart() {
            return told(packet -> packet.type() == PacketType.LEADERINFO)
                    .findFirst()
                    .orElseThrow()
                    .zxid();
        }

        List<QuorumPacket> expected() {
            return told(packet -> packet.type() != PacketType.PING).toList();
        }

        boolean isPlaying() {
            return learner != null && !isOver;
        }

        @Nullable Said next() {
            return position < script.size() ? script.get(position) : null;
        }

        /// The transaction that comes of what is said next; 0 for none.
        long asksFor() {
            Said said = next();
            if (said == null || !said.byLearner() || said.packet().type() != PacketType.REQUEST) {
                return 0;
            }
            var request = ForwardedRequest.of(said.packet());
            if (request.type() == OpCode.SYNC) {
                return 0;
            }
            return script.subList(position, script.size()).stream()
                    .filter(later -> later.comesOf(request))
                    .mapToLong(Said::proposed)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        }
    }

    private final Member leader;
    private final List<Link> links = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private long proposed;

    RecordedLearners(Member leader) {
        this.leader = leader;
    }

    RecordedLearners with(String name, RecordedLink recorded) throws Exception {
        links.add(new Link(name, recorded.said()));
        return this;
    }

    /// A follower that was there, and whose link was not recorded: it introduces itself as another
    /// has, and is told nothing that would be compared.
    RecordedLearners withAnother(int sid, long lastAcknowledged) throws Exception {
        Link like = links.getFirst();
        var learner = PlayedLearner.at(leader.place().quorumPort());
        learner.acknowledgesUpTo(lastAcknowledged);
        open.add(learner);
        for (Said said : like.script) {
            QuorumPacket packet = said.packet();
            switch (packet.type()) {
                case PacketType.FOLLOWERINFO -> {
                    var info = LearnerInfo.decode(packet.data());
                    learner.say(
                            new QuorumPacket(
                                    packet.type(),
                                    packet.zxid(),
                                    new LearnerInfo(
                                                    sid,
                                                    info.protocolVersion(),
                                                    info.configVersion())
                                            .encode()));
                }
                case PacketType.LEADERINFO, PacketType.NEWLEADER -> learner.awaits(packet.type());
                case PacketType.ACKEPOCH -> learner.say(packet);
                case PacketType.ACK -> {
                    learner.say(packet);
                    return this;
                }
                default -> {}
            }
        }
        return this;
    }

    /// Plays all of them to their ends.
    RecordedLearners play() throws Exception {
        proposed = links.getFirst().epochStart();
        settle();
        for (Optional<Link> next = nextToAsk(); next.isPresent(); next = nextToAsk()) {
            Link link = next.get();
            proposed = link.asksFor();
            say(link);
            settle();
        }
        return this;
    }

    /// Somebody has made the leader propose that.
    void proposedBySomebody(long zxid) throws Exception {
        proposed = zxid;
        settle();
    }

    private Optional<Link> nextToAsk() {
        return links.stream()
                .filter(link -> link.isPlaying() && link.asksFor() != 0)
                .min(Comparator.comparingLong(Link::asksFor))
                .filter(link -> link.asksFor() != Long.MAX_VALUE);
    }

    /// Everything happens that needs no further transaction.
    private void settle() throws Exception {
        for (Link link : links) {
            if (link.learner == null && link.joinsAt == proposed) {
                link.learner = PlayedLearner.at(leader.place().quorumPort());
                open.add(link.learner);
            }
            if (link.isPlaying()) {
                advance(link);
            }
        }
        for (Link link : links) {
            if (link.isPlaying() && link.next() == null && goesOn()) {
                link.isOver = true;
                learner(link).close();
            }
        }
    }

    /// At the end all are left as they are.
    private boolean goesOn() {
        return links.stream().anyMatch(link -> link.isPlaying() && link.next() != null)
                || links.stream().anyMatch(link -> link.learner == null);
    }

    private void advance(Link link) throws Exception {
        for (Said said = link.next(); said != null; said = link.next()) {
            if (said.proposed() > proposed || link.asksFor() != 0) {
                return;
            }
            if (said.byLearner()) {
                say(link);
            } else {
                awaits(link, said.packet());
            }
        }
    }

    private void say(Link link) throws Exception {
        QuorumPacket packet = link.script.get(link.position++).packet();
        boolean byItself =
                packet.type() == PacketType.PING
                        || (packet.type() == PacketType.ACK && Zxids.counter(packet.zxid()) != 0);
        if (!byItself) {
            learner(link).say(packet);
        }
    }

    private void awaits(Link link, QuorumPacket packet) throws Exception {
        link.position++;
        if (packet.type() == PacketType.PING) {
            return;
        }
        String key = key(packet);
        int count =
                (int)
                        link.script.subList(0, link.position).stream()
                                .filter(said -> !said.byLearner())
                                .filter(said -> key(said.packet()).equals(key))
                                .count();
        try {
            learner(link).awaits(count, each -> key(each).equals(key));
        } catch (AssertionError e) {
            throw new AssertionError(link.name + ": " + key + " does not come", e);
        }
    }

    private static String key(QuorumPacket packet) {
        if (isSynchronisation(packet)) {
            return "synchronisation";
        }
        return PacketType.name(packet.type())
                + switch (packet.type()) {
                    case PacketType.SYNC, PacketType.REVALIDATE -> "";
                    default -> " " + Long.toHexString(packet.zxid());
                };
    }

    private static boolean isSynchronisation(QuorumPacket packet) {
        return switch (packet.type()) {
            case PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP -> true;
            default -> false;
        };
    }

    private static PlayedLearner learner(Link link) {
        if (link.learner == null) {
            throw new IllegalStateException(link.name + " has not connected");
        }
        return link.learner;
    }

    /// Each link was told what the recorded one was told. When a proposal is committed hangs on who
    /// acknowledges it first: commits are compared among themselves.
    void assertSame() {
        assertSame(UnaryOperator.identity());
    }

    /// @param compared what of the text is compared
    void assertSame(UnaryOperator<String> compared) {
        for (Link link : links) {
            assertThat(link.next()).as("what is left of " + link.name).isNull();
            List<QuorumPacket> heard = learner(link).heard();
            for (boolean commits : new boolean[] {false, true}) {
                assertThat(compared.apply(text(heard, commits)))
                        .as(link.name + (commits ? ", commits" : ""))
                        .isEqualTo(compared.apply(text(asWitanDoes(link), commits)));
            }
        }
    }

    /// A leader of the original counts the start of its epoch as a position in the log, and sends a
    /// snapshot to whoever is not there. One that has all there is needs none.
    private static List<QuorumPacket> asWitanDoes(Link link) {
        return link.expected().stream()
                .map(packet ->
                        packet.type() == PacketType.SNAP && packet.zxid() == link.epochStart()
                                ? new QuorumPacket(PacketType.DIFF, 0)
                                : packet)
                .toList();
    }

    private static String text(List<QuorumPacket> packets, boolean commits) {
        return PacketText.of(
                packets.stream().filter(packet -> isCommit(packet) == commits).toList());
    }

    private static boolean isCommit(QuorumPacket packet) {
        return packet.type() == PacketType.COMMIT || packet.type() == PacketType.COMMITANDACTIVATE;
    }

    /// The znodes of the snapshots on that link.
    List<String> znodes(String name) {
        return learner(
                        links.stream()
                                .filter(link -> link.name.equals(name))
                                .findFirst()
                                .orElseThrow())
                .znodes();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }
}
