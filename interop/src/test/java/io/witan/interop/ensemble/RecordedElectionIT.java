package io.witan.interop.ensemble;

import io.witan.interop.ensemble.RecordedLeader.Role;
import io.witan.wire.election.Notification;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

/// A Witan server takes the part of either server on each recorded election link, and must say,
/// byte for byte, what that one said.
///
/// How it came to where it was then is recorded on the links of learners; that is played first.
class RecordedElectionIT {

    private static final String NO_HEARTBEATS = "witan.heartbeatMillis=0";

    private static final String[] RECONFIGURABLE = {
        NO_HEARTBEATS, "reconfigEnabled=true", "standaloneEnabled=false"
    };

    private static final String TWO_ADDRESSES = "fle/10-multiaddress-initial-message-v2";

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    @TempDir private Path home;

    // ---- fresh servers

    @ParameterizedTest
    @ValueSource(strings = {"fle/01-fresh-sid3-to-sid1", "fle/02-fresh-sid2-to-sid1"})
    @Plays(acceptors = {"fle/01-fresh-sid3-to-sid1", "fle/02-fresh-sid2-to-sid1"})
    void a_fresh_server_takes_the_vote_of_who_dials_it(String name) throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(1);
        witan.launch();

        dial(witan, RecordedLink.of(name, ensemble));
    }

    @Test
    @Plays(diallers = "fle/01-fresh-sid3-to-sid1")
    void a_fresh_server_dials_and_says_its_vote() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        ensemble.server(3).launch();

        accept(ensemble, 1, RecordedLink.of("fle/01-fresh-sid3-to-sid1", ensemble));
    }

    /// The real one had taken it before it dialled. This one may dial before.
    @Test
    @Plays(diallers = "fle/02-fresh-sid2-to-sid1")
    void a_fresh_server_dials_and_says_the_vote_that_it_has_taken() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(2);
        witan.launch();
        try (var _ = candidate(ensemble, witan);
                var port = port(ensemble, 1);
                var talk = ElectionTalk.accepting(port).passingOverVotesFor(2)) {
            talk.play(RecordedLink.of("fle/02-fresh-sid2-to-sid1", ensemble), false);
        }
    }

    // ---- servers that were there before

    @Test
    @Plays(
            diallers = "fle/03-challenge-lost-sid1-to-sid2",
            acceptors = "fle/04-restarted-follower-sid2-to-sid1")
    void a_follower_that_is_started_again_dials_who_dials_back() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(1);
        learn(ensemble, witan, 3, "learner/01-fresh-follower-diff-and-broadcast");
        witan.launch();

        accept(ensemble, 2, RecordedLink.of("fle/03-challenge-lost-sid1-to-sid2", ensemble));
        dial(witan, RecordedLink.of("fle/04-restarted-follower-sid2-to-sid1", ensemble));
    }

    @Test
    @Plays(
            diallers = "fle/04-restarted-follower-sid2-to-sid1",
            acceptors = "fle/03-challenge-lost-sid1-to-sid2")
    void a_follower_dials_back_who_is_started_again() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(2);
        try (var _ = followed(ensemble, witan, "learner/07-follower2-broadcast");
                var port = port(ensemble, 1)) {
            try (var talk = ElectionTalk.dialling(witan.place())) {
                talk.play(RecordedLink.of("fle/03-challenge-lost-sid1-to-sid2", ensemble), true);
                talk.awaitEnd();
            }
            try (var talk = ElectionTalk.accepting(port)) {
                talk.play(
                        RecordedLink.of("fle/04-restarted-follower-sid2-to-sid1", ensemble), false);
            }
        }
    }

    @Test
    @Plays(acceptors = "fle/06-after-leader-crash-sid2-to-sid1")
    void followers_that_are_started_again_without_their_leader_agree() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(1);
        learn(ensemble, witan, 3, "learner/04-wiped-follower-snap");
        witan.launch();

        dial(witan, RecordedLink.of("fle/06-after-leader-crash-sid2-to-sid1", ensemble));
    }

    @Test
    @Plays(diallers = "fle/06-after-leader-crash-sid2-to-sid1")
    void a_follower_that_is_started_again_without_its_leader_votes_for_itself() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(2);
        learn(ensemble, witan, 3, "learner/07-follower2-broadcast");
        witan.launch();

        accept(ensemble, 1, RecordedLink.of("fle/06-after-leader-crash-sid2-to-sid1", ensemble));
    }

    @Test
    @Plays(acceptors = "fle/07-old-leader-rejoins-sid3-to-sid2")
    void a_leader_tells_the_old_one_that_it_leads() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(2);
        learn(ensemble, witan, 3, "learner/07-follower2-broadcast");
        try (var _ = voter(ensemble, witan, 1, 0x1_00000013L, 1);
                var learners = new RecordedLearners(witan)) {
            witan.launch();
            String name = "learner/06-new-epoch-empty-diff";
            learners.with(name, RecordedLink.of(name, ensemble)).play();

            dial(witan, RecordedLink.of("fle/07-old-leader-rejoins-sid3-to-sid2", ensemble));
        }
    }

    /// It has logged a transaction that nobody else has.
    @Test
    @Plays(diallers = "fle/07-old-leader-rejoins-sid3-to-sid2")
    void an_old_leader_votes_for_itself() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(3);
        RecordedLeader.play(
                ensemble,
                witan,
                Role.of(ensemble, 2),
                RecordedLink.of("learner/07-follower2-broadcast", ensemble));
        witan.launch();

        accept(ensemble, 2, RecordedLink.of("fle/07-old-leader-rejoins-sid3-to-sid2", ensemble));
    }

    // ---- who has no vote

    @Test
    @Plays(acceptors = "fle/05-observer-sid4-to-sid2")
    void a_follower_tells_an_observer_whom_it_follows() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(2);
        try (var _ = followed(ensemble, witan, "learner/07-follower2-broadcast")) {
            dial(witan, RecordedLink.of("fle/05-observer-sid4-to-sid2", ensemble));
        }
    }

    @Test
    @Plays(diallers = "fle/05-observer-sid4-to-sid2")
    void an_observer_votes_for_nobody() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        ensemble.server(4).launch();

        accept(ensemble, 2, RecordedLink.of("fle/05-observer-sid4-to-sid2", ensemble));
    }

    /// The second link was recorded at another follower, which said the same.
    @Test
    @Plays(
            acceptors = {
                "fle/08-nonmember-sid4-to-sid2",
                "fle/09-nonmember-restarted-election-sid4-to-sid1"
            })
    void a_follower_tells_a_server_that_is_no_member_the_configuration() throws Exception {
        Ensemble ensemble = ensembles.of("WWW>W", RECONFIGURABLE);
        Member witan = ensemble.server(2);
        try (var _ = followed(ensemble, witan, "reconfig/01-follower1")) {
            dial(witan, RecordedLink.of("fle/08-nonmember-sid4-to-sid2", ensemble));
            dial(
                    witan,
                    RecordedLink.of("fle/09-nonmember-restarted-election-sid4-to-sid1", ensemble));
        }
    }

    /// The real one begins to count its rounds anew, too. This one goes on: a round that others
    /// have seen is not used again.
    @Test
    @Plays(
            diallers = {
                "fle/08-nonmember-sid4-to-sid2",
                "fle/09-nonmember-restarted-election-sid4-to-sid1"
            })
    void a_server_that_learns_that_it_is_no_member_begins_again() throws Exception {
        Ensemble ensemble = ensembles.of("WWW>W", RECONFIGURABLE);
        ensemble.server(4).launch();
        try (var port = port(ensemble, 2);
                var talk = ElectionTalk.accepting(port)) {
            talk.play(RecordedLink.of("fle/08-nonmember-sid4-to-sid2", ensemble), false);
            talk.awaitEnd();
        }
        try (var port = port(ensemble, 1);
                var talk = ElectionTalk.accepting(port).whateverTheRound()) {
            talk.play(
                    RecordedLink.of("fle/09-nonmember-restarted-election-sid4-to-sid1", ensemble),
                    false);
        }
    }

    // ---- several addresses

    @Test
    @Plays(acceptors = TWO_ADDRESSES)
    void a_server_with_two_addresses_is_dialled() throws Exception {
        try (var servers = new TwoAddresses(home)) {
            RecordedLink recorded = RecordedLink.of(TWO_ADDRESSES, servers::here);
            servers.launch(2);

            dial(servers.place(2), recorded);
        }
    }

    @Test
    @Plays(diallers = TWO_ADDRESSES)
    void a_server_with_two_addresses_dials_and_says_both() throws Exception {
        try (var servers = new TwoAddresses(home)) {
            RecordedLink recorded = RecordedLink.of(TWO_ADDRESSES, servers::here);
            servers.launch(3);

            accept(servers.place(2), recorded);
        }
    }

    // ---- links

    private static void dial(Member witan, RecordedLink recorded) throws Exception {
        dial(witan.place(), recorded);
    }

    private static void dial(Place witan, RecordedLink recorded) throws Exception {
        Await.until(witan + " is listened at", () -> isListening(witan));
        try (var talk = ElectionTalk.dialling(witan)) {
            talk.play(recorded, true);
        }
    }

    private static boolean isListening(Place witan) {
        try (var _ = ElectionTalk.dialling(witan)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// The Witan server dials that one.
    private static void accept(Ensemble ensemble, int sid, RecordedLink recorded) throws Exception {
        accept(ensemble.server(sid).place(), recorded);
    }

    private static void accept(Place dialled, RecordedLink recorded) throws Exception {
        try (var port = port(dialled);
                var talk = ElectionTalk.accepting(port)) {
            talk.play(recorded, false);
        }
    }

    private static ServerSocket port(Ensemble ensemble, int sid) throws IOException {
        return port(ensemble.server(sid).place());
    }

    private static ServerSocket port(Place place) throws IOException {
        return new ServerSocket(place.electionPort(), 50, InetAddress.getLoopbackAddress());
    }

    // ---- what came before

    /// Up to where all servers but the leader were stopped.
    private static void learn(Ensemble ensemble, Member witan, int leader, String name)
            throws Exception {
        RecordedLeader.play(
                ensemble,
                witan,
                Role.of(ensemble, leader),
                RecordedLink.of(name, ensemble).before(0x1_00000014L));
    }

    /// Server 3, which is fresh and looks.
    private static ElectionActor candidate(Ensemble ensemble, Member witan) throws IOException {
        return voter(ensemble, 3, witan, 3, 0, 0);
    }

    private static ElectionActor voter(
            Ensemble ensemble, Member witan, int sid, long zxid, long peerEpoch)
            throws IOException {
        return voter(ensemble, sid, witan, witan.sid(), zxid, peerEpoch);
    }

    private static ElectionActor voter(
            Ensemble ensemble, int sid, Member witan, int leader, long zxid, long peerEpoch)
            throws IOException {
        String config = ensemble.foundingConfig();
        return new ElectionActor(
                ensemble.server(sid).place(),
                witan.place(),
                new Notification(Notification.LOOKING, leader, zxid, 1, peerEpoch, config));
    }

    /// Starts a fresh server, which elects server 3 with that one's vote, and follows it.
    private static AutoCloseable followed(Ensemble ensemble, Member witan, String name)
            throws Exception {
        var candidate = candidate(ensemble, witan);
        var leader =
                RecordedLeader.follower(
                        ensemble.server(3).place(), witan, RecordedLink.of(name, ensemble));
        return () -> {
            leader.close();
            candidate.close();
        };
    }
}
