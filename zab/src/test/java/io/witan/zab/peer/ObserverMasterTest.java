package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.ScriptedLeader.followerInfo;
import static io.witan.zab.peer.ScriptedLeader.observerInfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.quorum.SessionTouch;
import io.witan.zab.Effect;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Observers at a follower: server 1 follows server 3, server 4 observes.
class ObserverMasterTest {

    private static final long OBSERVER = 501;
    private static final long ANOTHER = 502;

    // ---- the port

    @Test
    void a_follower_takes_observers_while_it_serves() {
        ScriptedPeer follower = following(1, 0x1_0000_0001L);

        assertThat(follower.disconnected())
                .contains("refuse observers")
                .doesNotContain("accept observers");
        assertThat(follower.allOf(Effect.AcceptObservers.class)).hasSize(1);
    }

    @Test
    void its_observers_go_when_it_loses_its_leader() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);

        assertThat(follower.disconnected()).contains("close: this server follows no longer");
    }

    @Test
    void without_the_setting_it_takes_none() {
        ScriptedPeer follower = ScriptedPeer.follower().serving(1);

        assertThat(follower.allOf(Effect.AcceptObservers.class)).isEmpty();
        assertThat(follower.does(() -> follower.peer.learnerConnected(OBSERVER)))
                .containsExactly("close: this server does not lead");
    }

    @Test
    void followers_are_sent_away() {
        ScriptedPeer follower = following(1);
        follower.does(() -> follower.peer.learnerConnected(OBSERVER));

        assertThat(says(follower, OBSERVER, followerInfo(2, 0)))
                .containsExactly("close: only observers are taken here");
    }

    @Test
    void who_has_promised_a_later_epoch_is_sent_away() {
        ScriptedPeer follower = following(1);
        follower.does(() -> follower.peer.learnerConnected(OBSERVER));

        assertThat(says(follower, OBSERVER, observerInfo(4, 2)))
                .containsExactly("close: server 4 has promised epoch 2, this is 1");
    }

    // ---- observers dial followers

    @Test
    void an_observer_dials_each_participant_in_turn_and_then_the_leader() {
        ScriptedPeer observer =
                new ScriptedPeer(
                        PeerSettings.standard(4).withObserverMasters(true),
                        new PeerStart(
                                0,
                                0,
                                0,
                                List.of(),
                                true,
                                LeaderWords.members(0),
                                LeaderWords.members(0)));
        List<String> dialled = new ArrayList<>();
        observer.does(observer.peer::start);
        dialled.addAll(observer.hearsOfLeader());
        for (int i = 0; i < 4; i++) {
            observer.unreachable();
            dialled.addAll(observer.after(100));
        }

        assertThat(dialled)
                .filteredOn(word -> word.startsWith("dial"))
                .hasSize(5)
                .contains(
                        "dial observer master 1",
                        "dial observer master 2",
                        "dial observer master 3",
                        "dial 3");
    }

    // ---- history

    @Test
    void an_observer_is_synchronised_from_what_the_follower_has_delivered() {
        ScriptedPeer follower = following(1, 0x1_0000_0001L, 0x1_0000_0002L);
        follower.receives(LeaderWords.proposal(0x1_0000_0003L));
        follower.disk();
        follower.does(() -> follower.peer.learnerConnected(OBSERVER));
        says(follower, OBSERVER, observerInfo(4, 1));

        assertThat(says(follower, OBSERVER, ackEpoch(1, 0x1_0000_0001L)))
                .containsExactly(
                        "send DIFF 1_2",
                        "send PROPOSAL 1_2",
                        "send COMMIT 1_2",
                        "send NEWLEADER 1_0");
        assertThat(says(follower, OBSERVER, ack(0x1_0000_0000L)))
                .containsExactly("send UPTODATE -1");
        assertThat(follower.receives(LeaderWords.commit(0x1_0000_0003L)))
                .containsExactly("deliver 1_3", "send INFORM 1_3");
    }

    @Test
    void an_observer_that_is_ahead_waits_until_the_follower_is_as_far() {
        ScriptedPeer follower = following(1, 0x1_0000_0001L);
        follower.does(() -> follower.peer.learnerConnected(OBSERVER));
        says(follower, OBSERVER, observerInfo(4, 1));

        assertThat(says(follower, OBSERVER, ackEpoch(1, 0x1_0000_0003L))).isEmpty();
        assertThat(deliver(follower, 0x1_0000_0002L)).containsExactly("deliver 1_2");
        assertThat(deliver(follower, 0x1_0000_0003L))
                .containsExactly("deliver 1_3", "send DIFF 1_3", "send NEWLEADER 1_0");
    }

    @Test
    void ZK_5088_what_is_under_way_when_an_observer_comes_reaches_it() {
        ScriptedPeer follower = following(1);
        follower.receives(LeaderWords.proposal(0x1_0000_0001L));
        follower.disk();
        observes(follower, OBSERVER);

        follower.receives(LeaderWords.commit(0x1_0000_0001L));

        QuorumPacket told = sentTo(follower, OBSERVER).getLast();
        assertThat(told.type()).isEqualTo(PacketType.INFORM);
        assertThat(told.zxid()).isEqualTo(0x1_0000_0001L);
    }

    @Test
    void a_reconfiguration_is_told_with_the_leader_that_it_designates() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        EnsembleConfig next =
                LeaderWords.config(0x1_0000_0001L, "participant", "observer", "participant");
        byte[] txn = LeaderWords.reconfig(0x1_0000_0001L, next);
        follower.receives(LeaderWords.proposal(0x1_0000_0001L, txn));
        follower.disk();

        follower.receives(LeaderWords.commitAndActivate(0x1_0000_0001L, 3));

        QuorumPacket told = sentTo(follower, OBSERVER).getLast();
        assertThat(told.type()).isEqualTo(PacketType.INFORMANDACTIVATE);
        assertThat(Payloads.informedLeader(told.data())).isEqualTo(3);
        assertThat(Payloads.informedTxn(told.data())).isEqualTo(txn);
    }

    // ---- questions

    @Test
    void answers_go_to_who_asked() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        observes(follower, ANOTHER);
        says(follower, ANOTHER, new Revalidation.Question(7, 1000).toPacket());
        says(follower, OBSERVER, new Revalidation.Question(8, 1000).toPacket());
        follower.does(() -> follower.peer.revalidate(7, 1000));

        follower.receives(LeaderWords.revalidated(7, true));
        follower.receives(LeaderWords.revalidated(8, false));

        assertThat(sentTo(follower, ANOTHER).getLast().type()).isEqualTo(PacketType.REVALIDATE);
        assertThat(sentTo(follower, OBSERVER).getLast().type()).isEqualTo(PacketType.REVALIDATE);
        assertThat(follower.allOf(Effect.Revalidated.class)).isEmpty();
        assertThat(follower.receives(LeaderWords.revalidated(7, true)))
                .containsExactly("session 7 lives");
    }

    /// Nor is it left without an answer for ever, in case that its client is still there.
    @Test
    void what_a_session_asks_where_it_was_before_is_not_passed_on_and_ends_that_link() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        observes(follower, ANOTHER);
        assertThat(asks(follower, OBSERVER, 7, 1)).isTrue();
        assertThat(asks(follower, OBSERVER, 8, 1)).isTrue();

        follower.does(() -> follower.peer.revalidate(7, 1000));
        assertThat(asksItself(follower, 7, 1)).isTrue();
        asks(follower, OBSERVER, 7, 2);

        assertThat(follower.allOf(Effect.CloseLink.class))
                .singleElement()
                .matches(close -> close.link() == OBSERVER);
        assertThat(follower.allOf(Effect.SendPacket.class))
                .filteredOn(sent -> sent.packet().type() == PacketType.REQUEST)
                .hasSize(3);
    }

    @Test
    void a_session_that_goes_to_an_observer_leaves_the_follower() {
        ScriptedPeer follower = following(1);
        observes(follower, ANOTHER);
        follower.does(() -> follower.peer.revalidate(7, 1000));
        assertThat(follower.allOf(Effect.SessionLeft.class)).isEmpty();

        says(follower, ANOTHER, new Revalidation.Question(7, 1000).toPacket());

        assertThat(follower.allOf(Effect.SessionLeft.class))
                .containsExactly(new Effect.SessionLeft(7));
        assertThat(asksItself(follower, 7, 2)).isFalse();
        assertThat(asks(follower, ANOTHER, 7, 1)).isTrue();
    }

    /// Whether a request that comes from an observer goes on to the leader.
    private static boolean asks(ScriptedPeer follower, long link, long session, int cxid) {
        return !asks(follower, link, session, cxid, 8).isEmpty();
    }

    private static List<String> asks(
            ScriptedPeer follower, long link, long session, int cxid, int bytes) {
        var request =
                new ForwardedRequest(session, cxid, OpCode.DELETE, new byte[bytes], List.of());
        return says(follower, link, request.toPacket());
    }

    // ---- an observer that asks without end

    /// Otherwise it would cost the follower its own link to the leader.
    @Test
    void who_has_most_of_what_waits_for_the_leader_goes_when_that_is_too_much() {
        ScriptedPeer follower = followingWithBacklog(20_000);
        observes(follower, OBSERVER);
        observes(follower, ANOTHER);
        asks(follower, ANOTHER, 8, 1, 3000);
        asks(follower, OBSERVER, 7, 1, 3000);
        asks(follower, OBSERVER, 7, 2, 3000);

        assertThat(asks(follower, ANOTHER, 8, 2, 2000))
                .anyMatch(word ->
                        word.startsWith("close: server 4")
                                && word.contains("requests that wait for the leader"));
        assertThat(asks(follower, ANOTHER, 8, 3, 3000)).noneMatch(word -> word.contains("close"));
    }

    @Test
    void what_has_become_a_transaction_waits_no_longer() {
        ScriptedPeer follower = followingWithBacklog(20_000);
        observes(follower, OBSERVER);
        for (int cxid = 1; cxid <= 30; cxid++) {
            assertThat(asks(follower, OBSERVER, 7, cxid, 4000))
                    .noneMatch(word -> word.contains("close"));
            if (cxid % 2 == 0) {
                // That of the one before has come of nothing.
                deliver(follower, Txns.zxid(1, cxid / 2), 7, cxid);
            }
        }

        asks(follower, OBSERVER, 7, 31, 4000);
        asks(follower, OBSERVER, 7, 32, 4000);
        assertThat(asks(follower, OBSERVER, 7, 33, 4000))
                .anyMatch(word -> word.startsWith("close: server 4"));
    }

    private static void deliver(ScriptedPeer follower, long zxid, long session, int cxid) {
        follower.receives(LeaderWords.proposal(zxid, Txns.answering(zxid, session, cxid)));
        follower.disk();
        follower.receives(LeaderWords.commit(zxid));
    }

    private static boolean asksItself(ScriptedPeer follower, long session, int cxid) {
        return !follower.does(() ->
                        follower.peer.forward(session, cxid, OpCode.DELETE, new byte[8], List.of()))
                .isEmpty();
    }

    @Test
    void sessions_that_an_observer_has_heard_of_are_heard_of() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        follower.after(PeerSettings.standard(1).ticks().tickTimeMillis());
        byte[] touches = SessionTouch.encode(List.of(new SessionTouch(9, 4000)));

        assertThat(says(follower, OBSERVER, new QuorumPacket(PacketType.PING, 0, touches)))
                .hasSize(1)
                .allMatch(word -> word.startsWith("heard of"));
    }

    @Test
    void sessions_in_the_answer_to_a_ping_that_was_not_sent_are_not_heard_of() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        byte[] touches = SessionTouch.encode(List.of(new SessionTouch(9, 4000)));

        assertThat(says(follower, OBSERVER, new QuorumPacket(PacketType.PING, 0, touches)))
                .containsExactly(
                        "close: server 4 on link 501 answered a ping that it was not sent",
                        "learner gone 501");
    }

    @Test
    void a_silent_observer_is_dropped_after_syncLimit() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            follower.receives(LeaderWords.ping(0x1_0000_0000L));
            wanted.addAll(follower.after(1000));
        }

        assertThat(wanted).anyMatch(word -> word.startsWith("close: server 4 is silent"));
    }

    /// It is heard of, so that it is not silent, and would have all pings kept that it was sent.
    @Test
    void an_observer_that_answers_no_pings_is_sent_no_more_of_them() {
        ScriptedPeer follower = following(1);
        observes(follower, OBSERVER);
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            follower.receives(LeaderWords.ping(0x1_0000_0000L));
            wanted.addAll(says(follower, OBSERVER, new Revalidation.Question(9, 4000).toPacket()));
            wanted.addAll(follower.after(1000));
        }

        assertThat(sentTo(follower, OBSERVER))
                .filteredOn(packet -> packet.type() == PacketType.PING)
                .hasSize(16);
        assertThat(wanted).noneMatch(word -> word.startsWith("close"));
    }

    /// Both connections of a real follower, at the same time: what its leader and its observer send
    /// is sent here in the order in which it was recorded to matter, and the observer is sent the
    /// same packets. Pings depend on time.
    @Test
    void an_observer_is_sent_what_a_real_follower_sent_it() {
        RecordedLink observer = RecordedLink.of("learner/12-observer-on-observermaster");
        RecordedLink leader = RecordedLink.of("learner/13-observermaster-follower-to-leader");
        EnsembleConfig config =
                Ensembles.parse(
                        Objects.requireNonNull(
                                Payloads.configText(
                                        RecordedLink.first(
                                                        leader.fromLeader(), PacketType.NEWLEADER)
                                                .data())));
        var peer =
                new ScriptedPeer(
                        Settings.withoutReconfig(PeerSettings.standard(1))
                                .withObserverMasters(true),
                        new PeerStart(0, 0, 0, List.of(), true, config, config));
        peer.ensemble = config;
        peer.does(peer.peer::start);
        peer.hearsOfLeader(3);
        peer.connected();
        var fromLeader = new ArrayList<>(leader.fromLeader());
        while (!peer.peer.isServing()) {
            peer.receives(fromLeader.removeFirst());
            peer.disk();
        }
        peer.does(() -> peer.peer.learnerConnected(OBSERVER));

        for (QuorumPacket packet : besidesPings(observer.fromLearner())) {
            says(peer, OBSERVER, packet);
        }
        for (QuorumPacket packet : besidesPings(fromLeader)) {
            peer.receives(packet);
            peer.disk();
        }

        assertThat(words(sentTo(peer, OBSERVER)))
                .isEqualTo(words(besidesPings(observer.fromLeader())));
    }

    // ----

    private static ScriptedPeer following(long epoch, long... zxids) {
        return following(PeerSettings.standard(1), epoch, zxids);
    }

    /// So many bytes may wait for the leader.
    private static ScriptedPeer followingWithBacklog(long bytesMax) {
        return following(Settings.backlogBytesMax(PeerSettings.standard(1), bytesMax), 1);
    }

    private static ScriptedPeer following(PeerSettings settings, long epoch, long... zxids) {
        long own = zxids.length == 0 ? 0 : epoch;
        return new ScriptedPeer(
                        settings.withObserverMasters(true),
                        new PeerStart(
                                own,
                                own,
                                zxids.length == 0 ? 0 : zxids[zxids.length - 1],
                                LeaderWords.entries(zxids),
                                true,
                                LeaderWords.members(0),
                                LeaderWords.members(0)))
                .serving(epoch);
    }

    /// With all there is.
    private static void observes(ScriptedPeer follower, long link) {
        follower.does(() -> follower.peer.learnerConnected(link));
        says(follower, link, observerInfo(link == OBSERVER ? 4 : 5, 0));
        says(follower, link, ackEpoch(0, follower.peer.lastCommittedZxid()));
        says(follower, link, ack(0x1_0000_0000L));
        says(follower, link, ack(0x1_0000_0000L));
    }

    private static List<String> says(ScriptedPeer follower, long link, QuorumPacket packet) {
        return follower.does(() -> follower.peer.received(link, packet));
    }

    private static List<String> deliver(ScriptedPeer follower, long zxid) {
        follower.receives(LeaderWords.proposal(zxid));
        follower.disk();
        return follower.receives(LeaderWords.commit(zxid));
    }

    private static List<QuorumPacket> sentTo(ScriptedPeer follower, long link) {
        return follower.allOf(Effect.SendPacket.class).stream()
                .filter(send -> send.link() == link)
                .map(Effect.SendPacket::packet)
                .toList();
    }

    private static List<QuorumPacket> besidesPings(List<QuorumPacket> packets) {
        return packets.stream().filter(packet -> packet.type() != PacketType.PING).toList();
    }

    private static List<String> words(List<QuorumPacket> packets) {
        return packets.stream()
                .map(packet -> packet + " " + java.util.Arrays.toString(packet.data()))
                .toList();
    }
}
