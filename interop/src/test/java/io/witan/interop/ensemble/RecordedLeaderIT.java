package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import io.witan.interop.ServerProcess;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// A Witan server that learns is sent, byte by byte, what a real leader sent to a real learner, and
/// must answer what that one answered. Pings depend on time, requests on clients; they are left
/// out.
///
/// One play follows another on the same directory, with a `kill -9` between them.
class RecordedLeaderIT {

    private static final Set<Integer> LEFT_OUT =
            Set.of(PacketType.REQUEST, PacketType.REVALIDATE, PacketType.PING);

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    @ParameterizedTest
    @CsvSource({
        "1, 3, learner/01-fresh-follower-diff-and-broadcast learner/03-follower-diff-with-txns",
        "1, 3, learner/08-revalidate-unknown-session",
        "1, 3, learner/04-wiped-follower-snap",
        "2, 3, learner/07-follower2-broadcast",
        "3, 2, learner/07-follower2-broadcast learner/05-old-leader-trunc",
        "4, 3, learner/02-observer-snap-and-inform",
    })
    void the_learner_answers_what_a_real_one_answered(int learner, int leader, String recordings)
            throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W");
        Member witan = ensemble.server(learner);
        for (String name : recordings.split(" ")) {
            RecordedLink recorded = RecordedLink.of(name, ensemble);
            List<QuorumPacket> expected = expected(recorded, learner);
            try (var play = new Play(ensemble, witan, leader)) {
                witan.launch();
                List<QuorumPacket> answers = play.sendAndRead(recorded.acceptor(), expected);
                assertThat(text(answers)).as(name).isEqualTo(text(expected));
                String zxid = "Zxid: 0x" + Long.toHexString(reached(recorded)) + "\n";
                Await.until(
                        witan + " has reached what it was told to",
                        () -> witan.process().probe("srvr").contains(zxid));
                witan.kill();
            }
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

        Play(Ensemble ensemble, Member witan, int leader) throws IOException {
            quorumPort =
                    new ServerSocket(
                            ensemble.server(leader).place().quorumPort(),
                            50,
                            InetAddress.getLoopbackAddress());
            quorumPort.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
            open.add(quorumPort);
            String config =
                    ensemble.members().stream()
                                    .map(member -> member.place().line())
                                    .collect(joining("\n"))
                            + "\nversion=0";
            for (int sid = 1; sid <= 3; sid++) {
                if (sid != witan.sid()) {
                    int state = sid == leader ? Notification.LEADING : Notification.FOLLOWING;
                    open.add(
                            new ElectionActor(
                                    ensemble.server(sid).place(),
                                    witan.place(),
                                    new Notification(state, leader, 0, 1, 1, config)));
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
                    default -> {}
                }
                read(in, read, Math.min(answersNeeded, expected.size()));
                link.getOutputStream().write(bytes, sent, script.bytesRead() - sent);
                sent = script.bytesRead();
            }
            read(in, read, expected.size());
            return read;
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
