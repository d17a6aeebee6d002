package io.witan.zab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/// What a real leader sent to a real learner is sent to a [Peer] in the state of that learner; the
/// peer must answer with the same bytes in the same order.
///
/// Two things are compared on their own, because they are not agreement's: requests and
/// revalidations of clients are left out, and of pings only the zxid counts, for the sessions in
/// their answers are the replica's. And a ping may be answered before or after an acknowledgement:
/// that depends on the disk.
class RecordedLeaderTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "learner/01-fresh-follower-diff-and-broadcast",
                "learner/02-observer-snap-and-inform",
                "learner/03-follower-diff-with-txns",
                "learner/04-wiped-follower-snap",
                "learner/05-old-leader-trunc",
                "learner/06-new-epoch-empty-diff",
                "learner/07-follower2-broadcast",
                "learner/08-revalidate-unknown-session",
                "learner/09-revalidate-known-session",
                "learner/11-local-session-upgrade",
                "learner/12-observer-on-observermaster",
                "learner/13-observermaster-follower-to-leader",
                "reconfig/01-follower1",
                "reconfig/02-server4-nonvoting-follower",
                "reconfig/03-server4-observer",
                "reconfig/04-server4-participant",
                "reconfig/05-next-leader"
            })
    void the_peer_sends_what_the_real_learner_sent(String name) throws ConfigTextException {
        RecordedLink recorded = RecordedLink.of(name);
        ScriptedPeer peer = inPlaceOf(recorded);

        replay(recorded, peer);

        assertBeginsWith(besidesPings(sent(peer)), besidesPings(recorded.fromLearner()));
        assertBeginsWith(pingsAnswered(peer), pings(recorded.fromLearner()));
    }

    /// ZooKeeper's defect X1 (quorum, section 10.1): the leader proposes one zxid twice. The real
    /// follower logs it twice and ends at the next commit.
    @Test
    void a_zxid_that_is_proposed_twice_drops_the_link() throws ConfigTextException {
        RecordedLink recorded = RecordedLink.of("learner/14-malformed-request-duplicate-zxid");
        ScriptedPeer peer = inPlaceOf(recorded);

        replay(recorded, peer);

        assertThat(peer.last(Effect.CloseLink.class).reason())
                .endsWith("sent 0x100000002, which does not follow 0x100000002");
        assertThat(peer.peer.lastLoggedZxid()).isEqualTo(0x1_0000_0002L);
    }

    // ---- the learner's state

    /// A peer that is what the recorded learner says of itself.
    private static ScriptedPeer inPlaceOf(RecordedLink recorded) throws ConfigTextException {
        QuorumPacket introduction = recorded.fromLearner().getFirst();
        LearnerInfo info = LearnerInfo.decode(introduction.data());
        QuorumPacket ackEpoch = RecordedLink.first(recorded.fromLearner(), PacketType.ACKEPOCH);
        long acceptedEpoch = Zxids.epoch(introduction.zxid());
        long currentEpoch = Payloads.currentEpoch(ackEpoch.data());
        String text =
                Payloads.configText(
                        RecordedLink.first(recorded.fromLeader(), PacketType.NEWLEADER).data());
        EnsembleConfig config =
                EnsembleConfig.parse(Objects.requireNonNull(text))
                        .withVersion(info.configVersion());
        long last = ackEpoch.zxid();
        long[] log = LongStream.rangeClosed(Zxids.startOf(Zxids.epoch(last)) + 1, last).toArray();
        ScriptedPeer peer =
                ScriptedPeer.withSid(
                        info.sid(),
                        acceptedEpoch,
                        currentEpoch < 0 ? acceptedEpoch : currentEpoch,
                        config,
                        log);
        peer.ensemble = config;
        peer.does(peer.peer::start);
        peer.hearsOfLeader(recorded.leaderSid());
        return peer;
    }

    private static void replay(RecordedLink recorded, ScriptedPeer peer) {
        peer.connected();
        for (QuorumPacket packet : recorded.fromLeader()) {
            peer.receives(packet);
            if (packet.type() == PacketType.SNAP) {
                peer.snapshotReceived();
            }
            peer.disk();
        }
    }

    // ---- comparing

    /// The last packet of some recordings was not answered, for the learner was stopped.
    private static <T> void assertBeginsWith(List<T> ours, List<T> recorded) {
        assertThat(ours.subList(0, Math.min(ours.size(), recorded.size()))).isEqualTo(recorded);
        assertThat(ours).hasSizeLessThanOrEqualTo(recorded.size() + 1);
    }

    private static List<QuorumPacket> sent(ScriptedPeer peer) {
        List<QuorumPacket> sent = new ArrayList<>();
        for (Effect.SendPacket send : peer.allOf(Effect.SendPacket.class)) {
            sent.add(send.packet());
        }
        return sent;
    }

    private static List<String> besidesPings(List<QuorumPacket> packets) {
        return packets.stream()
                .filter(packet ->
                        packet.type() != PacketType.PING
                                && packet.type() != PacketType.REQUEST
                                && packet.type() != PacketType.REVALIDATE)
                .map(packet -> packet + " " + hex(packet))
                .toList();
    }

    private static String hex(QuorumPacket packet) {
        JuteWriter out = new JuteWriter();
        packet.write(out);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    private static List<Long> pings(List<QuorumPacket> packets) {
        return packets.stream()
                .filter(packet -> packet.type() == PacketType.PING)
                .map(QuorumPacket::zxid)
                .toList();
    }

    private static List<Long> pingsAnswered(ScriptedPeer peer) {
        return peer.allOf(Effect.AnswerPing.class).stream().map(Effect.AnswerPing::zxid).toList();
    }
}
