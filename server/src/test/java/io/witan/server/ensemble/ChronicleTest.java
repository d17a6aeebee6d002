package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.metrics.EnsembleMetrics;
import io.witan.zab.AgreementView.State;
import io.witan.zab.Happening;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What an operator reads of an ensemble's doings, and what is counted.
class ChronicleTest {

    private static final Set<Long> ALL = new TreeSet<>(List.of(1L, 2L, 3L));

    private final List<String> infos = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final EnsembleMetrics metrics = new EnsembleMetrics();
    private final Chronicle chronicle =
            new Chronicle(metrics, link -> 1_000 * link, infos::add, warnings::add);

    @AfterEach
    void every_line_is_explained_to_operators() throws IOException {
        String page = Files.readString(Path.of("../docs/operations/ensembles.md"));
        for (String line : Stream.concat(infos.stream(), warnings.stream()).toList()) {
            assertThat(page).contains("`" + line.substring(0, line.indexOf(':')));
        }
    }

    @Test
    void an_election_with_its_winner_voters_and_duration() {
        looks(1_000, "the server starts");
        chronicle.told(new Happening.Elected(3, 1, 0x100000007L, 4, ALL), 1_210);

        assertThat(infos)
                .containsExactly(
                        "Looks for a leader: reason=the server starts",
                        "Elected: leader=3 by=[1, 2, 3] round=4 historyEpoch=1"
                                + " lastZxid=0x100000007 millis=210");
        assertThat(metrics.electionMillis.max()).isEqualTo(210);
        assertThat(metrics.looking.count()).isEqualTo(1);
    }

    @Test
    void leading_with_the_epoch_and_those_who_made_it() {
        elected(State.LEADING);
        chronicle.told(new Happening.Serves(State.LEADING, 3, 5, ALL), 1_260);

        assertThat(infos.getLast())
                .isEqualTo("Leads: epoch=5 with=[1, 2, 3] millis=50 sinceLookingMillis=260");
        assertThat(metrics.leaderUnavailableMillis.max()).isEqualTo(260);
        assertThat(metrics.unavailableMillis.max()).isEqualTo(260);
    }

    @Test
    void following_with_the_way_of_synchronisation_and_its_bytes() {
        elected(State.FOLLOWING);
        chronicle.told(new Happening.SynchronisedBy(7, 3, Happening.Way.SNAP, 0x20), 1_220);
        chronicle.told(new Happening.Serves(State.FOLLOWING, 3, 5, Set.of()), 1_300);

        assertThat(infos.getLast())
                .isEqualTo(
                        "Follows: leader=3 epoch=5 way=SNAP zxid=0x20 snapshotBytes=7000"
                                + " millis=90 sinceLookingMillis=300");
        assertThat(metrics.followerSyncMillis.max()).isEqualTo(90);
        assertThat(warnings).isEmpty();
    }

    @Test
    void a_part_taken_without_an_election() {
        looks(0, "this server's part has changed");
        chronicle.told(new Happening.TookPart(State.FOLLOWING, 2, "server 2 was designated"), 5);

        assertThat(infos.getLast())
                .isEqualTo("Follows without an election: leader=2 reason=server 2 was designated");
    }

    @Test
    void the_loss_of_a_part_that_served_is_a_warning() {
        elected(State.LEADING);
        chronicle.told(new Happening.Serves(State.LEADING, 3, 5, ALL), 1_260);
        looks(9_260, "no quorum of servers is synchronised: [3]");

        assertThat(warnings)
                .containsExactly(
                        "Serves no longer and looks for a leader: was=leader forMillis=8000"
                                + " reason=no quorum of servers is synchronised: [3]");
    }

    @Test
    void readers_only_is_a_warning() {
        looks(0, "the server starts");
        chronicle.told(new Happening.Serves(State.LOOKING, -1, 5, Set.of()), 2_000);

        assertThat(warnings)
                .containsExactly(
                        "Serves readers only, those who allow it: no leader for millis=2000");
        assertThat(metrics.unavailableMillis.count()).isZero();
    }

    @Test
    void no_leader_for_long_is_said_again_and_again_with_who_can_be_reached() {
        looks(0, "the server starts");
        chronicle.remind(ALL, Set.of(2L), 9_999);
        assertThat(warnings).isEmpty();

        chronicle.remind(ALL, Set.of(2L), 12_000);

        assertThat(warnings)
                .containsExactly(
                        "Still no leader: millis=12000 participants=[1, 2, 3] connected=[2]");
    }

    @Test
    void a_learner_from_the_decision_to_the_history_on_its_disk() {
        chronicle.told(
                new Happening.Synchronising(
                        4, 2, false, Happening.Way.SNAP, 0, 0x500000003L, 2, 180),
                100);
        chronicle.told(new Happening.Synchronised(4, 2), 350);

        assertThat(infos)
                .containsExactly(
                        "Synchronises a learner: server=2 observer=false way=SNAP from=0x0"
                                + " to=0x500000003 transactions=2 bytes=180",
                        "Learner is synchronised: server=2 way=SNAP snapshotBytes=4000"
                                + " transactions=2 bytes=180 millis=250");
        assertThat(metrics.snapshots.count()).isEqualTo(1);
    }

    @Test
    void an_observer_that_waits() {
        chronicle.told(new Happening.WaitsForTurn(4, 7, true, 10), 100);

        assertThat(infos)
                .containsExactly(
                        "An observer waits for its turn: server=7 limit=10 beingSent=snapshots");
    }

    @Test
    void a_learner_that_is_lost() {
        chronicle.told(new Happening.LostLearner(4, 2, true, "serving", "server 2 is silent"), 100);
        chronicle.told(
                new Happening.LostLearner(5, -1, false, "connected", "it sent nothing"), 100);

        assertThat(warnings).containsExactly("Lost a learner: server=2 reason=server 2 is silent");
        assertThat(infos)
                .containsExactly(
                        "Lost a learner before it served: server=unknown stage=connected"
                                + " reason=it sent nothing");
    }

    private void looks(long nowMillis, String reason) {
        chronicle.told(new Happening.TookPart(State.LOOKING, -1, reason), nowMillis);
    }

    private void elected(State part) {
        looks(1_000, "the server starts");
        chronicle.told(new Happening.Elected(3, 1, 7, 4, ALL), 1_210);
        chronicle.told(new Happening.TookPart(part, 3, "server 3 has been elected"), 1_210);
    }
}
