package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.ScriptedLeader.pong;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.zab.Effect;
import io.witan.zab.Ensembles;
import io.witan.zab.LogEntry;
import io.witan.zab.PeerSettings;
import io.witan.zab.Zxids;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What a real learner sent to a real leader is sent to a [Peer] in the state of that leader; the
/// peer must answer with the same packets in the same order, but for pings, which depend on time.
///
/// A second voter, with a script, stands for the rest of the ensemble: it makes the quorum without
/// which there would be no leader, answers pings, and acknowledges what the recorded leader
/// commits.
class RecordedLearnerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "learner/01-fresh-follower-diff-and-broadcast",
                "learner/03-follower-diff-with-txns",
                "learner/04-wiped-follower-snap",
                "learner/05-old-leader-trunc",
                "learner/06-new-epoch-empty-diff",
                "learner/07-follower2-broadcast",
                "learner/08-revalidate-unknown-session",
                "learner/13-observermaster-follower-to-leader",
                "learner/11-local-session-upgrade"
            })
    void the_leader_sends_what_the_real_leader_sent(String name) {
        Replay replay = new Replay(RecordedLink.of(name));

        replay.run();

        replay.assertSame(0);
    }

    /// A leader of the original counts the start of its epoch as a position, and sends a snapshot
    /// to whoever is not there. A learner that has all there is needs none.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "learner/02-observer-snap-and-inform",
                "learner/09-revalidate-known-session"
            })
    void a_fresh_learner_of_a_fresh_ensemble_is_not_sent_a_snapshot_of_nothing(String name) {
        Replay replay = new Replay(RecordedLink.of(name));

        replay.run();

        assertThat(replay.sent().get(1).type()).isEqualTo(PacketType.DIFF);
        replay.assertSame(2);
    }

    private static final class Replay {

        private final List<QuorumPacket> expected;
        private final List<QuorumPacket> fromLearner;
        private final ScriptedLeader leader;
        private final long learner;
        private final long voter;

        private int fed;
        private int votersPings;
        private int learnersPings;

        Replay(RecordedLink recorded) {
            expected = besidesPings(recorded.fromLeader());
            fromLearner = besidesPings(recorded.fromLearner());
            learner = LearnerInfo.decode(fromLearner.getFirst().data()).sid();
            EnsembleConfig config = config(recorded);
            voter =
                    config.participants().stream()
                            .filter(sid -> sid != recorded.leaderSid() && sid != learner)
                            .findFirst()
                            .orElseThrow();
            PeerSettings settings =
                    Settings.withoutReconfig(PeerSettings.standard(recorded.leaderSid()));
            long epoch = Zxids.epoch(expected.getFirst().zxid());
            long last = expected.get(1).zxid();
            List<LogEntry> log =
                    Zxids.epoch(last) < epoch && last != 0
                            ? Txns.entries(Zxids.epoch(last), 1, Zxids.counter(last))
                            : List.of();
            leader = ScriptedLeader.with(settings, epoch - 1, log, config);
            lead(epoch, last);
        }

        private static EnsembleConfig config(RecordedLink recorded) {
            QuorumPacket newLeader =
                    RecordedLink.first(recorded.fromLeader(), PacketType.NEWLEADER);
            String text = Payloads.configText(newLeader.dataNotNull());
            return Ensembles.parse(Objects.requireNonNull(text));
        }

        /// Until it has committed everything up to `last`.
        private void lead(long epoch, long last) {
            leader.elected();
            leader.introduces(voter, epoch - 1);
            leader.disk();
            leader.says(voter, ackEpoch(epoch - 1, leader.peer.lastLoggedZxid()));
            leader.disk();
            leader.says(voter, ack(zxid(epoch, 0)));
            leader.disk();
            for (long zxid = zxid(epoch, 1); zxid <= last; zxid++) {
                propose(zxid);
                commit(zxid);
            }
            leader.connects(learner);
        }

        /// As it was recorded, if it was.
        private void propose(long zxid) {
            expected.stream()
                    .filter(packet -> packet.type() == PacketType.PROPOSAL)
                    .filter(packet -> packet.zxid() == zxid)
                    .findFirst()
                    .ifPresentOrElse(packet -> propose(zxid, packet), () -> leader.proposes(zxid));
        }

        private void commit(long zxid) {
            leader.disk();
            leader.says(voter, ack(zxid));
        }

        void run() {
            for (int sent = 0; sent < expected.size(); sent = sent().size()) {
                provoke(expected.get(sent));
                answerPings();
            }
            while (fed < fromLearner.size()) {
                feed();
                answerPings();
            }
            assertThat(leader.allOf(Effect.CloseLink.class)).isEmpty();
        }

        /// Does what makes the leader send that, or something on the way there.
        private void provoke(QuorumPacket wanted) {
            long zxid = wanted.zxid();
            switch (wanted.type()) {
                case PacketType.PROPOSAL -> propose(zxid, wanted);
                case PacketType.INFORM -> {
                    propose(zxid, wanted);
                    commit(zxid);
                }
                case PacketType.COMMIT -> commit(zxid);
                case PacketType.REVALIDATE -> {
                    Revalidation.Answer answer = Revalidation.Answer.decode(wanted.data());
                    leader.does(p ->
                            p.revalidation(
                                    leader.link(learner), answer.sessionId(), answer.valid()));
                }
                default -> feed();
            }
        }

        private void propose(long zxid, QuorumPacket wanted) {
            leader.does(p -> p.propose(zxid, wanted.dataNotNull()));
        }

        private void feed() {
            assertThat(fed).as("packets of the learner").isLessThan(fromLearner.size());
            leader.says(learner, fromLearner.get(fed++));
        }

        private void answerPings() {
            votersPings = answerPings(voter, votersPings);
            learnersPings = answerPings(learner, learnersPings);
        }

        private int answerPings(long sid, int answered) {
            List<QuorumPacket> pings =
                    leader.packetsTo(sid).stream()
                            .filter(packet -> packet.type() == PacketType.PING)
                            .toList();
            for (QuorumPacket ping : pings.subList(answered, pings.size())) {
                leader.says(sid, pong(ping.zxid()));
            }
            return pings.size();
        }

        List<QuorumPacket> sent() {
            return besidesPings(leader.packetsTo(learner));
        }

        void assertSame(int from) {
            List<QuorumPacket> sent = sent();
            assertThat(sent).hasSameSizeAs(expected);
            for (int i = from; i < expected.size(); i++) {
                QuorumPacket packet = sent.get(i);
                assertThat(packet.toString()).isEqualTo(expected.get(i).toString());
                assertThat(packet.data()).isEqualTo(expected.get(i).data());
            }
        }

        private static List<QuorumPacket> besidesPings(List<QuorumPacket> packets) {
            var others = new ArrayList<>(packets);
            others.removeIf(packet -> packet.type() == PacketType.PING);
            return others;
        }
    }
}
