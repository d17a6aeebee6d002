package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.ServerProcess;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A Witan server that leads is sent what a real learner sent to a real leader, and must answer
/// what that one answered: the same packets with the same transactions, but for times and the
/// digests that come of them.
///
/// The learner is the only other voter, so that a commit comes after its acknowledgement: the order
/// of commits among the other packets is not compared.
class RecordedLearnerIT {

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    /// @param last the last transaction that comes of what this learner asked for
    @ParameterizedTest
    @CsvSource({
        "WWW+W, learner/01-fresh-follower-diff-and-broadcast, 100000009, false",
        "WWW, learner/11-local-session-upgrade, 100000005, true",
    })
    void the_leader_answers_what_a_real_one_answered(
            String mix, String name, String last, boolean localSessions) throws Exception {
        Ensemble ensemble =
                ensembles.of(
                        mix,
                        "localSessionsEnabled=" + localSessions,
                        "localSessionsUpgradingEnabled=" + localSessions);
        Member witan = ensemble.server(3);
        RecordedLink recorded = RecordedLink.of(name, ensemble);
        var expected = upTo(Long.parseLong(last, 16), PacketReader.all(recorded.acceptor()));

        try (var play = new Play(ensemble, witan, 1)) {
            List<QuorumPacket> answers =
                    play.sendAndRead(
                            PacketReader.all(recorded.dialler()), Long.parseLong(last, 16));

            assertThat(text(answers, false)).isEqualTo(text(expected, false));
            assertThat(text(answers, true)).isEqualTo(text(expected, true));
        }
    }

    /// A real leader proposes the zxid before it again, and commits nothing from then on.
    @Test
    void a_request_that_cannot_be_read_uses_up_a_zxid_and_nothing_else() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", "witan.heartbeatMillis=0");
        Member witan = ensemble.server(3);
        RecordedLink recorded =
                RecordedLink.of("learner/14-malformed-request-duplicate-zxid", ensemble);
        try (var play = new Play(ensemble, witan, 1)) {
            List<QuorumPacket> answers =
                    play.sendAndRead(
                            PacketReader.all(recorded.dialler()).stream()
                                    .filter(packet ->
                                            packet.type() != PacketType.ACK
                                                    || (int) packet.zxid() == 0)
                                    .toList(),
                            0x1_00000004L);

            assertThat(answers)
                    .filteredOn(packet -> packet.type() == PacketType.PROPOSAL)
                    .extracting(QuorumPacket::zxid)
                    .containsExactly(0x1_00000001L, 0x1_00000002L, 0x1_00000003L, 0x1_00000004L);
            assertThat(answers)
                    .filteredOn(packet -> packet.type() == PacketType.COMMIT)
                    .extracting(QuorumPacket::zxid)
                    .containsExactly(0x1_00000001L, 0x1_00000002L, 0x1_00000003L, 0x1_00000004L);
        }
    }

    private static List<QuorumPacket> upTo(long last, List<QuorumPacket> packets) {
        List<QuorumPacket> result = new ArrayList<>();
        for (QuorumPacket packet : packets) {
            if (packet.type() == PacketType.PROPOSAL && packet.zxid() > last) {
                break;
            }
            if (packet.type() != PacketType.PING) {
                result.add(packet);
            }
        }
        return result;
    }

    private static String text(List<QuorumPacket> packets, boolean commits) {
        return packets.stream()
                .filter(packet -> packet.type() == PacketType.COMMIT == commits)
                .map(RecordedLearnerIT::text)
                .collect(Collectors.joining("\n"));
    }

    private static String text(QuorumPacket packet) {
        String text = PacketType.name(packet.type()) + " " + Long.toHexString(packet.zxid());
        byte[] data = packet.data();
        if (data == null) {
            return text;
        }
        if (packet.type() != PacketType.PROPOSAL) {
            return text + " " + HexFormat.of().formatHex(data);
        }
        LoggedTxn logged = TxnCodec.read(new JuteReader(data.length).reset(data, 0, data.length));
        var header = logged.header();
        return text
                + " session=%x cxid=%d type=%d txn=%s digest=%b"
                        .formatted(
                                header.clientId(),
                                header.cxid(),
                                header.type(),
                                hex(logged.txn()),
                                logged.digest() != null);
    }

    private static String hex(Txn txn) {
        var out = new JuteWriter(64);
        TxnCodec.writeRecord(out, txn);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    /// One other server, which votes for the Witan server and then follows it.
    private static final class Play implements AutoCloseable {

        private final ElectionActor voter;
        private final Socket link;
        private final PacketReader in;
        private final List<QuorumPacket> answers = new ArrayList<>();
        private int requestsSent;

        Play(Ensemble ensemble, Member witan, int learner) throws Exception {
            String config =
                    ensemble.members().stream()
                                    .map(member -> member.place().line())
                                    .collect(Collectors.joining("\n"))
                            + "\nversion=0";
            voter =
                    new ElectionActor(
                            ensemble.server(learner).place(),
                            witan.place(),
                            new Notification(Notification.LOOKING, witan.sid(), 0, 1, 0, config));
            witan.launch();
            List<Socket> sockets = new ArrayList<>();
            Await.until(
                    witan + " listens for learners",
                    () -> {
                        try {
                            sockets.add(
                                    new Socket(
                                            InetAddress.getLoopbackAddress(),
                                            witan.place().quorumPort()));
                            return true;
                        } catch (ConnectException notYet) {
                            return false;
                        }
                    });
            link = sockets.getFirst();
            link.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
            in = new PacketReader(link.getInputStream());
        }

        /// Sends each packet once what it answers has come, and acknowledges every proposal.
        List<QuorumPacket> sendAndRead(List<QuorumPacket> learner, long last) throws IOException {
            for (QuorumPacket packet : learner) {
                switch (packet.type()) {
                    case PacketType.PING -> {}
                    case PacketType.ACKEPOCH -> readUntil(PacketType.LEADERINFO);
                    case PacketType.ACK -> {
                        if ((int) packet.zxid() != 0) {
                            // Below: all that is proposed is acknowledged.
                            continue;
                        }
                        boolean first = count(PacketType.NEWLEADER) == 0;
                        readUntil(first ? PacketType.NEWLEADER : PacketType.UPTODATE);
                    }
                    case PacketType.REQUEST -> {
                        if (isDone(last)) {
                            return answers;
                        }
                        settle();
                    }
                    default -> {}
                }
                if (packet.type() != PacketType.PING) {
                    requestsSent += packet.type() == PacketType.REQUEST ? 1 : 0;
                    send(packet);
                }
            }
            while (!isDone(last)) {
                read();
            }
            return answers;
        }

        /// Every request sent so far has been proposed and committed, or is a sync that has come
        /// back.
        private void settle() throws IOException {
            while (count(PacketType.COMMIT) + count(PacketType.SYNC) < requestsSent) {
                read();
            }
        }

        private boolean isDone(long last) {
            return answers.stream()
                    .anyMatch(
                            packet -> packet.type() == PacketType.COMMIT && packet.zxid() == last);
        }

        private void readUntil(int type) throws IOException {
            while (count(type) == 0) {
                read();
            }
        }

        private int count(int type) {
            return (int) answers.stream().filter(packet -> packet.type() == type).count();
        }

        private void read() throws IOException {
            var packet = in.next();
            if (packet == null) {
                throw new AssertionError("the leader has closed the link after " + answers);
            }
            if (packet.type() == PacketType.PING) {
                if (count(PacketType.UPTODATE) == 0) {
                    return;
                }
                send(new QuorumPacket(PacketType.PING, packet.zxid(), new byte[0]));
                return;
            }
            answers.add(packet);
            if (packet.type() == PacketType.PROPOSAL) {
                send(new QuorumPacket(PacketType.ACK, packet.zxid()));
            }
        }

        private void send(QuorumPacket packet) throws IOException {
            var out = new JuteWriter(64);
            packet.write(out);
            link.getOutputStream().write(out.toByteArray());
        }

        @Override
        public void close() throws Exception {
            link.close();
            voter.close();
        }
    }
}
