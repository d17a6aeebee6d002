package io.witan.interop.ensemble;

import static io.witan.interop.ensemble.RecordedLeader.play;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.ServerProcess;
import io.witan.interop.ensemble.RecordedLeader.Role;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// A Witan server that learns is sent, byte by byte, what a real leader sent to a real learner, and
/// must answer what that one answered. Pings depend on time, requests on clients; they are left
/// out.
///
/// One play follows another on the same directory, with a `kill -9` between them.
class RecordedLeaderIT {

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
        "1, 3, learner/11-local-session-upgrade",
    })
    @Plays(
            diallers = {
                "learner/01-fresh-follower-diff-and-broadcast",
                "learner/02-observer-snap-and-inform",
                "learner/03-follower-diff-with-txns",
                "learner/04-wiped-follower-snap",
                "learner/05-old-leader-trunc",
                "learner/07-follower2-broadcast",
                "learner/08-revalidate-unknown-session",
                "learner/09-revalidate-known-session",
                "learner/11-local-session-upgrade",
                "learner/13-observermaster-follower-to-leader",
            })
    void the_learner_answers_what_a_real_one_answered(int learner, int leader, String recordings)
            throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(learner);
        for (String name : recordings.split(" ")) {
            play(ensemble, witan, Role.of(ensemble, leader), RecordedLink.of(name, ensemble));
        }
    }

    /// Its leader has logged one transaction more, and nobody else has.
    @Test
    @Plays(diallers = "learner/06-new-epoch-empty-diff")
    void a_new_epoch_begins_where_the_old_one_was() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(1);
        play(
                ensemble,
                witan,
                Role.of(ensemble, 2),
                RecordedLink.of("learner/04-wiped-follower-snap", ensemble).before(0x1_00000014L));
        play(
                ensemble,
                witan,
                Role.of(ensemble, 2),
                RecordedLink.of("learner/06-new-epoch-empty-diff", ensemble));
    }

    /// The real follower logged it again, and ended.
    @Test
    @Plays(diallers = "learner/14-malformed-request-duplicate-zxid")
    void a_leader_that_proposes_a_zxid_twice_loses_its_follower() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(1);

        List<QuorumPacket> answers =
                RecordedLeader.playUntilDropped(
                        ensemble,
                        witan,
                        Role.of(ensemble, 3),
                        RecordedLink.of("learner/14-malformed-request-duplicate-zxid", ensemble));

        assertThat(answers)
                .filteredOn(packet -> packet.type() == PacketType.ACK)
                .extracting(QuorumPacket::zxid)
                .containsExactly(0x1_00000000L, 0x1_00000000L, 0x1_00000001L, 0x1_00000002L);
        assertThat(witan.isAlive()).isTrue();
    }

    /// It looks for a follower that takes observers.
    @Test
    @Plays(diallers = "learner/12-observer-on-observermaster")
    void an_observer_answers_an_observer_master_as_a_real_one_did() throws Exception {
        int port = ServerProcess.freePort();
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS, "observerMasterPort=" + port);

        play(
                ensemble,
                ensemble.server(4),
                new Role(3, port),
                RecordedLink.of("learner/12-observer-on-observermaster", ensemble));
    }

    /// Its leader and its observer were recorded at the same time.
    @Test
    @Plays(
            diallers = "learner/13-observermaster-follower-to-leader",
            acceptors = "learner/12-observer-on-observermaster")
    void a_follower_that_serves_an_observer_says_to_both_sides_what_a_real_one_said()
            throws Exception {
        int port = ServerProcess.freePort();
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS, "observerMasterPort=" + port);

        RecordedLeader.playWithObserver(
                ensemble,
                ensemble.server(1),
                Role.of(ensemble, 3),
                RecordedLink.of("learner/13-observermaster-follower-to-leader", ensemble),
                port,
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
    @Plays(
            diallers = {
                "reconfig/01-follower1",
                "reconfig/02-server4-nonvoting-follower",
                "reconfig/03-server4-observer",
                "reconfig/04-server4-participant",
                "reconfig/05-next-leader",
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
            play(ensemble, witan, Role.of(ensemble, leader), RecordedLink.of(parts[0], ensemble));
        }
    }
}
