package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import io.witan.interop.ServerProcess;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// A Witan server that learns is sent, byte by byte, what a real leader sent to a real learner, and
/// must answer what that one answered. Pings depend on time, requests on clients; they are left
/// out.
///
/// One play follows another on the same directory, with a `kill -9` between them.
class RecordedLeaderIT {

    private static final Set<Integer> LEFT_OUT =
            Set.of(PacketType.REQUEST, PacketType.REVALIDATE, PacketType.PING);

    /// What Witan's servers say to each other beyond the original's protocol is left out, too.
    private static final String NO_HEARTBEATS = "witan.heartbeatMillis=0";

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    @ParameterizedTest
    @CsvSource({
        "1, 3, learner/01-fresh-follower-diff-and-broadcast learner/03-follower-diff-with-txns",
        "1, 3, learner/08-revalidate-unknown-session",
        "1, 3, learner/04-wiped-follower-snap",
        "2, 3, learner/07-follower2-broadcast",
        "2, 3, learner/09-revalidate-known-session",
        "1, 3, learner/13-observermaster-follower-to-leader",
        "3, 2, learner/07-follower2-broadcast learner/05-old-leader-trunc",
        "4, 3, learner/02-observer-snap-and-inform",
    })
    void the_learner_answers_what_a_real_one_answered(int learner, int leader, String recordings)
            throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(learner);
        for (String name : recordings.split(" ")) {
            int port = ensemble.server(leader).place().quorumPort();
            play(ensemble, witan, new Role(leader, port), RecordedLink.of(name, ensemble));
        }
    }

    /// Its leader has logged one transaction more, and nobody else has.
    @Test
    void a_new_epoch_begins_where_the_old_one_was() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(1);
        int port = ensemble.server(2).place().quorumPort();

        play(
                ensemble,
                witan,
                new Role(2, port),
                RecordedLink.of("learner/04-wiped-follower-snap", ensemble).before(0x1_00000014L));
        play(
                ensemble,
                witan,
                new Role(2, port),
                RecordedLink.of("learner/06-new-epoch-empty-diff", ensemble));
    }

    /// It looks for a follower that takes observers.
    @Test
    void an_observer_answers_an_observer_master_as_a_real_one_did() throws Exception {
        int port = ServerProcess.freePort();
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS, "observerMasterPort=" + port);

        play(
                ensemble,
                ensemble.server(4),
                new Role(3, port),
                RecordedLink.of("learner/12-observer-on-observermaster", ensemble));
    }

    /// @param recordings each with the server that leads in it
    @ParameterizedTest
    @CsvSource({
        "1, reconfig/01-follower1@3",
        "2, reconfig/01-follower1@3 reconfig/05-next-leader@1",
        "4, reconfig/02-server4-nonvoting-follower@3 reconfig/03-server4-observer@3"
                + " reconfig/04-server4-participant@3",
    })
    void the_learner_changes_as_a_real_one_changed(int learner, String recordings)
            throws Exception {
        Ensemble ensemble =
                ensembles.of(
                        "WWW+W", NO_HEARTBEATS, "reconfigEnabled=true", "standaloneEnabled=false");
        Member witan = ensemble.server(learner);
        for (String recording : recordings.split(" ")) {
            String[] parts = recording.split("@");
            int leader = Integer.parseInt(parts[1]);
            int port = ensemble.server(leader).place().quorumPort();
            play(ensemble, witan, new Role(leader, port), RecordedLink.of(parts[0], ensemble));
        }
    }

    /// Who leads, and where it listens for this learner.
    private record Role(int leader, int port) {}

    private static void play(Ensemble ensemble, Member witan, Role role, RecordedLink recorded)
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
        return packets.stream().map(RecordedLeaderIT::text).collect(joining("\n"));
    }

    private static String text(QuorumPacket packet) {
        var out = new JuteWriter(64);
        packet.write(out);
        return PacketType.name(packet.type()) + " " + HexFormat.of().formatHex(out.toByteArray());
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

        /// Up to UPTODATE a leader says nothing before the learner has answered what came before.
        List<QuorumPacket> sendAndRead(byte[] bytes, List<QuorumPacket> expected)
                throws IOException {
            Socket link = quorumPort.accept();
            open.add(link);
            link.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
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
