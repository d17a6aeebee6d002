package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import io.witan.interop.ServerProcess;
import io.witan.wire.client.OpCode;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Plays the servers that a learner needs: the others say on their election ports who leads, and
/// the leader says, byte by byte, what was recorded.
final class RecordedLeader {

    private static final Set<Integer> LEFT_OUT =
            Set.of(PacketType.REQUEST, PacketType.REVALIDATE, PacketType.PING);

    private RecordedLeader() {}

    /// Who leads, and where it listens for this learner.
    record Role(int leader, int port) {

        static Role of(Ensemble ensemble, int leader) {
            return new Role(leader, ensemble.server(leader).place().quorumPort());
        }
    }

    /// The server learns what was recorded, and is killed then.
    ///
    /// @param recorded the acceptor leads
    static void play(Ensemble ensemble, Member witan, Role role, RecordedLink recorded)
            throws Exception {
        List<QuorumPacket> expected = expected(recorded, witan.sid());
        try (var play = new Play(config(recorded), ensemble, witan, role)) {
            witan.launch();
            List<QuorumPacket> answers = play.sendAndRead(recorded.acceptor(), expected);
            assertThat(text(answers)).isEqualTo(text(expected));
            long activated = activated(recorded);
            if (activated == 0) {
                String zxid = "Zxid: 0x" + Long.toHexString(reached(recorded)) + "\n";
                Await.until(
                        witan + " has reached what it was told to",
                        () -> witan.process().probe("srvr").contains(zxid));
            } else {
                Await.until(
                        witan + " keeps the configuration of " + Long.toHexString(activated),
                        () -> keeps(witan, activated));
            }
            witan.kill();
        }
    }

    /// The leader says all that was recorded, whatever is answered. Returns what the server has
    /// said when it closes the link, besides pings.
    static List<QuorumPacket> playUntilDropped(
            Ensemble ensemble, Member witan, Role role, RecordedLink recorded) throws Exception {
        try (var play = new Play(config(recorded), ensemble, witan, role)) {
            witan.launch();
            Socket link = play.accept();
            var in = new PacketReader(link.getInputStream());
            List<QuorumPacket> answers = new ArrayList<>();
            int recordedAnswers = 0;
            for (Said said : recorded.said()) {
                if (LEFT_OUT.contains(said.packet().type())) {
                    continue;
                }
                if (!said.byLearner()) {
                    send(link, said.packet());
                    continue;
                }
                recordedAnswers++;
                while (answers.size() < recordedAnswers) {
                    QuorumPacket answer = in.next();
                    if (answer == null) {
                        return answers;
                    }
                    if (!LEFT_OUT.contains(answer.type())) {
                        answers.add(answer);
                    }
                }
            }
            throw new AssertionError("the link is kept after " + answers);
        }
    }

    /// Starts the server, which will elect that leader, and lets it follow up to where nothing is
    /// proposed yet. The leader stays there until it is closed.
    static AutoCloseable follower(Place leader, Member witan, RecordedLink recorded)
            throws Exception {
        var port = new ServerSocket(leader.quorumPort(), 50, InetAddress.getLoopbackAddress());
        port.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
        witan.launch();
        Socket link = port.accept();
        var in = new PacketReader(link.getInputStream());
        for (Said said : recorded.said()) {
            if (said.proposed() != 0) {
                break;
            }
            switch (said.packet().type()) {
                case PacketType.PING, PacketType.REQUEST -> {}
                default -> {
                    if (said.byLearner()) {
                        in.next();
                    } else {
                        send(link, said.packet());
                    }
                }
            }
        }
        Await.until(witan + " follows", () -> witan.mode().equals("follower"));
        return () -> {
            link.close();
            port.close();
        };
    }

    private static void send(Socket link, QuorumPacket packet) throws IOException {
        var out = new JuteWriter(64);
        packet.write(out);
        link.getOutputStream().write(out.toByteArray());
    }

    /// The server follows, and serves an observer; what that one asks it hands on, and must be told
    /// by the leader what it tells the observer.
    ///
    /// The leader's link tells when the observer asks: when the follower hands that on. What a
    /// client of the follower asked for is proposed without being asked for.
    static void playWithObserver(
            Ensemble ensemble,
            Member witan,
            Role role,
            RecordedLink recorded,
            int observerMasterPort,
            RecordedLink recordedObserver)
            throws Exception {
        try (var play = new Play(config(recorded), ensemble, witan, role)) {
            witan.launch();
            Socket link = play.accept();
            var in = new PacketReader(link.getInputStream());
            List<QuorumPacket> expected = new ArrayList<>();
            List<QuorumPacket> answers = new ArrayList<>();
            @Nullable PlayedObserver observer = null;
            for (Said said : recorded.said()) {
                QuorumPacket packet = said.packet();
                if (packet.type() == PacketType.PING) {
                    continue;
                }
                if (!said.byLearner()) {
                    send(link, packet);
                    continue;
                }
                if (packet.type() == PacketType.REQUEST || packet.type() == PacketType.REVALIDATE) {
                    if (observer == null) {
                        observer = new PlayedObserver(observerMasterPort, recordedObserver);
                        play.open.add(observer);
                    }
                    if (!observer.asks(packet)) {
                        continue;
                    }
                }
                expected.add(packet);
                while (answers.size() < expected.size()) {
                    QuorumPacket answer = Objects.requireNonNull(in.next());
                    if (answer.type() != PacketType.PING) {
                        answers.add(answer);
                    }
                }
            }
            assertThat(textWithoutSyncs(answers)).isEqualTo(textWithoutSyncs(expected));
            Objects.requireNonNull(observer).assertWasToldAll();
        }
    }

    /// A follower asks for a sync in its own name: the leader's answer does not say whose it is.
    private static String textWithoutSyncs(List<QuorumPacket> packets) {
        return packets.stream()
                .map(packet ->
                        packet.type() == PacketType.REQUEST
                                        && ForwardedRequest.of(packet).type() == OpCode.SYNC
                                ? "sync"
                                : PacketText.exactly(packet))
                .collect(joining("\n"));
    }

    /// A recorded observer at a follower.
    private static final class PlayedObserver implements AutoCloseable {

        private final List<Said> script;
        private final PlayedLearner learner;
        private int position;

        PlayedObserver(int port, RecordedLink recorded) throws Exception {
            script = recorded.said();
            learner = PlayedLearner.at(port);
        }

        /// It says what it said up to this, if it is what it asks next.
        boolean asks(QuorumPacket request) throws Exception {
            while (!isQuestion(script.get(position))) {
                advance();
            }
            if (!PacketText.exactly(script.get(position).packet())
                    .equals(PacketText.exactly(request))) {
                return false;
            }
            advance();
            return true;
        }

        private static boolean isQuestion(Said said) {
            return said.byLearner()
                    && (said.packet().type() == PacketType.REQUEST
                            || said.packet().type() == PacketType.REVALIDATE);
        }

        private void advance() throws Exception {
            Said said = script.get(position++);
            if (said.packet().type() == PacketType.PING) {
                return;
            }
            if (said.byLearner()) {
                learner.say(said.packet());
            } else {
                learner.awaits(told().size(), _ -> true);
            }
        }

        /// Up to where it is.
        private List<QuorumPacket> told() {
            return script.subList(0, position).stream()
                    .filter(said -> !said.byLearner())
                    .map(Said::packet)
                    .filter(packet -> packet.type() != PacketType.PING)
                    .toList();
        }

        /// Byte by byte: a follower hands on what its leader says.
        void assertWasToldAll() throws Exception {
            while (position < script.size()) {
                advance();
            }
            assertThat(text(learner.heard())).isEqualTo(text(told()));
        }

        @Override
        public void close() throws Exception {
            learner.close();
        }
    }

    /// What the learner has in force at first.
    private static EnsembleConfig config(RecordedLink recorded) throws Exception {
        QuorumPacket introduction = first(recorded.dialler(), PacketType.FOLLOWERINFO);
        byte[] text = first(recorded.acceptor(), PacketType.NEWLEADER).data();
        return EnsembleConfig.parse(Objects.requireNonNull(Payloads.configText(text)))
                .withVersion(LearnerInfo.decode(introduction.data()).configVersion());
    }

    /// The first of that type, or the first of all if there is none.
    private static QuorumPacket first(byte[] bytes, int type) throws IOException {
        List<QuorumPacket> packets = PacketReader.all(bytes);
        return packets.stream()
                .filter(packet -> packet.type() == type)
                .findFirst()
                .orElse(packets.getFirst());
    }

    /// The last reconfiguration that the learner was told to put in force; 0 if it was told none.
    private static long activated(RecordedLink recorded) throws IOException {
        long last = 0;
        for (QuorumPacket packet : PacketReader.all(recorded.acceptor())) {
            switch (packet.type()) {
                case PacketType.COMMITANDACTIVATE, PacketType.INFORMANDACTIVATE ->
                        last = packet.zxid();
                default -> {}
            }
        }
        return last;
    }

    /// The files of a configuration that is in force; the one that was last seen goes last.
    private static boolean keeps(Member witan, long version) throws IOException {
        try (Stream<Path> files = Files.list(witan.home())) {
            List<String> names = files.map(file -> file.getFileName().toString()).toList();
            return names.contains("zoo.cfg.dynamic." + Long.toHexString(version))
                    && !names.contains("zoo.cfg.dynamic.next");
        }
    }

    /// What was recorded, with the id of this learner, and an acknowledgement for what the recorded
    /// one did not live to see.
    private static List<QuorumPacket> expected(RecordedLink recorded, int learner)
            throws IOException {
        var expected = new ArrayList<>(without(PacketReader.all(recorded.dialler())));
        QuorumPacket first = expected.getFirst();
        LearnerInfo info = LearnerInfo.decode(first.data());
        expected.set(
                0,
                new QuorumPacket(
                        first.type(),
                        first.zxid(),
                        new LearnerInfo(learner, info.protocolVersion(), info.configVersion())
                                .encode()));
        List<Long> acknowledged = expected.stream().map(QuorumPacket::zxid).toList();
        boolean upToDate = false;
        for (QuorumPacket packet : PacketReader.all(recorded.acceptor())) {
            upToDate |= packet.type() == PacketType.UPTODATE;
            if (upToDate
                    && packet.type() == PacketType.PROPOSAL
                    && !acknowledged.contains(packet.zxid())) {
                expected.add(new QuorumPacket(PacketType.ACK, packet.zxid()));
            }
        }
        return expected;
    }

    /// The zxid that the learner shows at the end. In synchrony with the leader of an epoch it has
    /// reached that epoch, and says so, although nothing may have been written in it.
    private static long reached(RecordedLink recorded) throws IOException {
        long last = 0;
        for (QuorumPacket packet : PacketReader.all(recorded.acceptor())) {
            switch (packet.type()) {
                case PacketType.TRUNC,
                        PacketType.SNAP,
                        PacketType.NEWLEADER,
                        PacketType.COMMIT,
                        PacketType.INFORM ->
                        last = Math.max(last, packet.zxid());
                default -> {}
            }
        }
        return last;
    }

    private static List<QuorumPacket> without(List<QuorumPacket> packets) {
        return packets.stream().filter(packet -> !LEFT_OUT.contains(packet.type())).toList();
    }

    private static String text(List<QuorumPacket> packets) {
        return packets.stream().map(PacketText::exactly).collect(joining("\n"));
    }

    /// The other servers: they say who leads, and the leader says what was recorded.
    private static final class Play implements AutoCloseable {

        private final List<AutoCloseable> open = new ArrayList<>();
        private final ServerSocket quorumPort;

        Play(EnsembleConfig config, Ensemble ensemble, Member witan, Role role) throws IOException {
            quorumPort = new ServerSocket(role.port(), 50, InetAddress.getLoopbackAddress());
            quorumPort.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
            open.add(quorumPort);
            for (long sid : config.participants()) {
                if (sid != witan.sid()) {
                    int state =
                            sid == role.leader() ? Notification.LEADING : Notification.FOLLOWING;
                    open.add(
                            new ElectionActor(
                                    ensemble.server((int) sid).place(),
                                    witan.place(),
                                    new Notification(
                                            state, role.leader(), 0, 1, 1, config.text())));
                }
            }
        }

        Socket accept() throws IOException {
            Socket link = quorumPort.accept();
            open.add(link);
            link.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
            return link;
        }

        /// Up to UPTODATE a leader says nothing before the learner has answered what came before.
        List<QuorumPacket> sendAndRead(byte[] bytes, List<QuorumPacket> expected)
                throws IOException {
            Socket link = accept();
            var in = new PacketReader(link.getInputStream());
            List<QuorumPacket> read = new ArrayList<>();
            var script = new PacketReader(new ByteArrayInputStream(bytes));
            int answersNeeded = 1;
            int sent = 0;
            for (var packet = script.next(); packet != null; packet = script.next()) {
                switch (packet.type()) {
                    case PacketType.LEADERINFO -> answersNeeded = 1;
                    case PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP -> answersNeeded = 2;
                    case PacketType.UPTODATE -> answersNeeded = 3;
                    // With it the link can end.
                    case PacketType.COMMITANDACTIVATE ->
                            answersNeeded = 1 + indexOfAck(expected, packet.zxid());
                    default -> {}
                }
                read(in, read, Math.min(answersNeeded, expected.size()));
                link.getOutputStream().write(bytes, sent, script.bytesRead() - sent);
                sent = script.bytesRead();
            }
            read(in, read, expected.size());
            return read;
        }

        private static int indexOfAck(List<QuorumPacket> packets, long zxid) {
            return packets.stream().map(QuorumPacket::zxid).toList().lastIndexOf(zxid);
        }

        private static void read(PacketReader in, List<QuorumPacket> read, int count)
                throws IOException {
            while (read.size() < count) {
                var packet = in.next();
                if (packet == null) {
                    throw new AssertionError("the learner has closed the link after " + read);
                }
                if (packet.type() == PacketType.PING) {
                    assertThat(packet.data()).as("data of a ping").isNotNull();
                }
                if (!LEFT_OUT.contains(packet.type())) {
                    read.add(packet);
                }
            }
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }
}
