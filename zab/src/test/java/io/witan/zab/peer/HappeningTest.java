package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.witan.zab.AgreementView.State;
import io.witan.zab.Effect;
import io.witan.zab.Ensembles;
import io.witan.zab.Happening;
import io.witan.zab.PeerSettings;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/// What a server has to tell people, so that they can see what the ensemble does and why.
class HappeningTest {

    private final MemoryEnsemble three = new MemoryEnsemble(Ensembles.of(1, 2, 3));
    private final ScriptedLeader leader = ScriptedLeader.with(1, Txns.entries(1, 1, 3));

    // ---- parts

    @Test
    void an_election_is_told_with_its_winner_and_its_voters() {
        three.start().advance(3000);

        for (long sid = 1; sid <= 3; sid++) {
            List<Happening.Elected> elections =
                    told(three.server(sid).told, Happening.Elected.class);
            assertThat(elections)
                    .singleElement()
                    .satisfies(election -> {
                        assertThat(election.leaderSid()).isEqualTo(3);
                        assertThat(election.voterSids())
                                .contains(3L)
                                .hasSizeGreaterThanOrEqualTo(2);
                    });
        }
    }

    @Test
    void who_serves_is_told_with_the_epoch() {
        three.start().advance(3000);

        assertThat(three.server(1).told)
                .contains(new Happening.Serves(State.FOLLOWING, 3, 1, Set.of()));
        assertThat(told(three.server(3).told, Happening.Serves.class))
                .singleElement()
                .satisfies(serves -> {
                    assertThat(serves.state()).isEqualTo(State.LEADING);
                    assertThat(serves.withSids()).contains(3L).hasSizeGreaterThanOrEqualTo(2);
                });
    }

    @Test
    void a_leader_that_has_lost_its_quorum_says_so() {
        three.start().advance(3000);
        three.server(1).crash();
        three.server(2).crash();

        three.advance(20_000);

        assertThat(told(three.server(3).told, Happening.TookPart.class))
                .anySatisfy(took -> {
                    assertThat(took.state()).isEqualTo(State.LOOKING);
                    assertThat(took.reason())
                            .isEqualTo("no quorum of servers is synchronised: [3]");
                });
    }

    // ---- learners

    @Test
    void a_difference_is_told_with_what_it_consists_of() {
        leader.offering();
        leader.says(1, ackEpoch(1, zxid(1, 1)));

        assertThat(told(Happening.Synchronising.class))
                .singleElement()
                .satisfies(how -> {
                    assertThat(how.sid()).isEqualTo(1);
                    assertThat(how.way()).isEqualTo(Happening.Way.DIFF);
                    assertThat(how.fromZxid()).isEqualTo(zxid(1, 1));
                    assertThat(how.toZxid()).isEqualTo(zxid(1, 3));
                    assertThat(how.txns()).isEqualTo(2);
                    assertThat(how.txnBytes()).isPositive();
                });
    }

    @Test
    void truncations_and_snapshots_are_told_as_such() {
        leader.active();
        leader.joins(4, -1, zxid(1, 5));
        leader.joins(5, -1, 0);

        assertThat(told(Happening.Synchronising.class))
                .extracting(Happening.Synchronising::sid, Happening.Synchronising::way)
                .contains(tuple(4L, Happening.Way.TRUNC), tuple(5L, Happening.Way.SNAP));
    }

    @Test
    void an_observer_that_waits_for_its_turn_is_told_once() {
        ScriptedLeader one =
                ScriptedLeader.with(
                        Settings.withSnapshotsOnly(PeerSettings.standard(ScriptedLeader.SID)),
                        0,
                        List.of(),
                        LeaderWords.members(0));
        one.established();
        one.joins(4, -1, 0);
        one.after(5_000);

        assertThat(
                        told(
                                one.allOf(Effect.Tell.class).stream()
                                        .map(Effect.Tell::happening)
                                        .toList(),
                                Happening.WaitsForTurn.class))
                .containsExactly(new Happening.WaitsForTurn(one.link(4), 4, true, 1));
    }

    @Test
    void a_learner_that_has_the_history_is_told_once() {
        leader.established();
        leader.says(1, ack(leader.epochStart()));

        assertThat(told(Happening.Synchronised.class))
                .containsExactly(new Happening.Synchronised(leader.link(1), 1));
    }

    @Test
    void a_learner_that_is_dropped_is_told_with_the_reason() {
        leader.active();
        leader.disconnects(1);
        leader.says(2, ack(zxid(9, 9)));

        assertThat(told(Happening.LostLearner.class))
                .extracting(Happening.LostLearner::sid, Happening.LostLearner::wasServing)
                .containsExactly(tuple(1L, true), tuple(2L, true));
        assertThat(told(Happening.LostLearner.class))
                .allSatisfy(lost -> assertThat(lost.reason()).isNotBlank());
    }

    private <H extends Happening> List<H> told(Class<H> kind) {
        return told(
                leader.allOf(Effect.Tell.class).stream().map(Effect.Tell::happening).toList(),
                kind);
    }

    private static <H extends Happening> List<H> told(List<Happening> all, Class<H> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
