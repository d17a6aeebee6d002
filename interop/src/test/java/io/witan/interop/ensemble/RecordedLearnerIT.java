package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.witan.interop.Events;
import io.witan.interop.ensemble.RecordedLeader.Role;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.Txn;

import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/// A Witan server that leads is sent what real learners sent to a real leader, and must answer what
/// that one answered: the same packets with the same transactions, but for times and the digests
/// that come of them.
///
/// Links that were recorded in one run are played together, with the requests of all of them.
class RecordedLearnerIT {

    /// What Witan's servers say to each other beyond the original's protocol.
    private static final String NO_HEARTBEATS = "witan.heartbeatMillis=0";

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    @ParameterizedTest
    @CsvSource({
        "WWW, learner/08-revalidate-unknown-session learner/09-revalidate-known-session, false",
        "WWW, learner/11-local-session-upgrade, true",
        "WWW+W, learner/13-observermaster-follower-to-leader, false",
    })
    @Plays(
            acceptors = {
                "learner/08-revalidate-unknown-session",
                "learner/09-revalidate-known-session",
                "learner/11-local-session-upgrade",
                "learner/13-observermaster-follower-to-leader",
            })
    void the_leader_answers_what_a_real_one_answered(
            String mix, String names, boolean localSessions) throws Exception {
        Ensemble ensemble =
                ensembles.of(
                        mix,
                        NO_HEARTBEATS,
                        "localSessionsEnabled=" + localSessions,
                        "localSessionsUpgradingEnabled=" + localSessions);
        Member witan = ensemble.server(3);
        try (var _ = elected(ensemble, witan, 1, 0, 0);
                var learners = new RecordedLearners(witan)) {
            for (String name : names.split(" ")) {
                learners.with(name, RecordedLink.of(name, ensemble));
            }
            learners.play().assertSame();
        }
    }

    /// An epoch from its beginning, with a server that is restarted, and then loses its disk. At
    /// its end the real leader logged a transaction that it sent and nobody acknowledged.
    @Test
    @Plays(
            acceptors = {
                "learner/01-fresh-follower-diff-and-broadcast",
                "learner/02-observer-snap-and-inform",
                "learner/03-follower-diff-with-txns",
                "learner/04-wiped-follower-snap",
                "learner/07-follower2-broadcast",
            })
    void the_leader_of_a_whole_epoch_answers_what_a_real_one_answered() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(3);
        try (var _ = elected(ensemble, witan, 1, 0, 0);
                var learners = new RecordedLearners(witan)) {
            for (String name :
                    List.of(
                            "learner/01-fresh-follower-diff-and-broadcast",
                            "learner/07-follower2-broadcast",
                            "learner/02-observer-snap-and-inform",
                            "learner/03-follower-diff-with-txns",
                            "learner/04-wiped-follower-snap")) {
                learners.with(name, RecordedLink.of(name, ensemble).before(0x1_00000014L));
            }
            learners.play().assertSame();

            RecordedLink wiped = RecordedLink.of("learner/04-wiped-follower-snap", ensemble);
            assertThat(learners.znodes("learner/04-wiped-follower-snap"))
                    .containsExactlyInAnyOrderElementsOf(PacketReader.znodesOf(wiped.acceptor()));
        }
    }

    /// The next epoch, led by a server that followed in the one before; the old leader has one
    /// transaction more than it.
    @Test
    @Plays(
            acceptors = {
                "learner/05-old-leader-trunc",
                "learner/06-new-epoch-empty-diff",
            })
    void the_leader_of_the_next_epoch_answers_what_a_real_one_answered() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(2);
        RecordedLeader.play(
                ensemble,
                witan,
                Role.of(ensemble, 3),
                RecordedLink.of("learner/07-follower2-broadcast", ensemble).before(0x1_00000014L));

        try (var _ = elected(ensemble, witan, 1, 0x1_00000013L, 1);
                var learners = new RecordedLearners(witan)) {
            for (String name :
                    List.of("learner/06-new-epoch-empty-diff", "learner/05-old-leader-trunc")) {
                learners.with(name, RecordedLink.of(name, ensemble));
            }
            learners.play().assertSame();
        }
    }

    /// A member comes, observes, votes; then the leader itself is removed. Server 2 is needed as
    /// long as the member has no vote; then it is slow, for who acknowledges the last change may
    /// lead.
    @Test
    @Plays(
            acceptors = {
                "reconfig/01-follower1",
                "reconfig/02-server4-nonvoting-follower",
                "reconfig/03-server4-observer",
                "reconfig/04-server4-participant",
            })
    void the_leader_changes_its_ensemble_as_a_real_one_did() throws Exception {
        Ensemble ensemble =
                ensembles.of(
                        "WWW>W", NO_HEARTBEATS, "reconfigEnabled=true", "standaloneEnabled=false");
        Member witan = ensemble.server(3);
        try (var _ = elected(ensemble, witan, 1, 0, 0);
                var learners = new RecordedLearners(witan)) {
            for (String name :
                    List.of(
                            "reconfig/01-follower1",
                            "reconfig/02-server4-nonvoting-follower",
                            "reconfig/03-server4-observer",
                            "reconfig/04-server4-participant")) {
                learners.with(name, RecordedLink.of(name, ensemble));
            }
            learners.withAnother(2, 0x1_00000006L).play().assertSame();
        }
    }

    /// It was designated by the leader that had been removed. Its own client makes it propose all.
    @Test
    @Plays(acceptors = {"reconfig/05-next-leader"})
    void the_next_leader_changes_the_ensemble_as_a_real_one_did() throws Exception {
        Ensemble ensemble =
                ensembles.of(
                        "WWW>W", NO_HEARTBEATS, "reconfigEnabled=true", "standaloneEnabled=false");
        Member witan = ensemble.server(1);
        RecordedLeader.play(
                ensemble,
                witan,
                Role.of(ensemble, 3),
                RecordedLink.of("reconfig/01-follower1", ensemble));
        RecordedLink recorded = RecordedLink.of("reconfig/05-next-leader", ensemble);

        try (var _ = elected(ensemble, witan, 2, 0x1_0000000bL, 1, config(recorded));
                var learners =
                        new RecordedLearners(witan).with("reconfig/05-next-leader", recorded)) {
            learners.play();
            try (var admin = new ZooKeeperAdmin(witan.connectString(), 10_000, new Events())) {
                admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
                assertThat(admin.exists("/", false)).isNotNull();
                learners.proposedBySomebody(0x2_00000001L);
                admin.reconfigure(null, null, lastMembers(recorded), -1, new Stat());
                learners.proposedBySomebody(0x2_00000002L);

                learners.assertSame(PacketText::withoutSessions);
            }
        }
    }

    private static String config(RecordedLink recorded) throws Exception {
        QuorumPacket newLeader =
                PacketReader.all(recorded.acceptor()).stream()
                        .filter(packet -> packet.type() == PacketType.NEWLEADER)
                        .findFirst()
                        .orElseThrow();
        return requireNonNull(Payloads.configText(newLeader.data()));
    }

    /// As a client lists them.
    private static String lastMembers(RecordedLink recorded) throws Exception {
        QuorumPacket proposal =
                PacketReader.all(recorded.acceptor()).stream()
                        .filter(packet -> packet.type() == PacketType.PROPOSAL)
                        .reduce((_, last) -> last)
                        .orElseThrow();
        var set = (Txn.SetData) PacketText.txn(proposal).txn();
        return new String(requireNonNull(set.data()), UTF_8)
                .lines()
                .filter(line -> line.startsWith("server."))
                .collect(joining(","));
    }

    /// A real leader proposes the zxid before it again, and commits nothing from then on. This one
    /// goes on: at last the session is over, for nobody says that its client is heard of.
    @Test
    @Plays(acceptors = {"learner/14-malformed-request-duplicate-zxid"})
    void a_request_that_cannot_be_read_uses_up_a_zxid_and_nothing_else() throws Exception {
        Ensemble ensemble = ensembles.of("WWW+W", NO_HEARTBEATS);
        Member witan = ensemble.server(3);
        RecordedLink recorded =
                RecordedLink.of("learner/14-malformed-request-duplicate-zxid", ensemble);
        try (var _ = elected(ensemble, witan, 1, 0, 0);
                var learner = PlayedLearner.at(witan.place().quorumPort())) {
            int commits = 0;
            for (QuorumPacket packet : PacketReader.all(recorded.dialler())) {
                switch (packet.type()) {
                    case PacketType.FOLLOWERINFO -> learner.say(packet);
                    case PacketType.ACKEPOCH -> {
                        learner.awaits(PacketType.LEADERINFO);
                        learner.say(packet);
                    }
                    case PacketType.REQUEST -> {
                        learner.awaits(PacketType.UPTODATE);
                        learner.say(packet);
                        commits++;
                        learner.awaits(commits, each -> each.type() == PacketType.COMMIT);
                    }
                    case PacketType.ACK -> {
                        if ((int) packet.zxid() == 0) {
                            learner.awaits(PacketType.NEWLEADER);
                            learner.say(packet);
                            learner.awaits(PacketType.UPTODATE);
                        }
                    }
                    default -> {}
                }
            }

            learner.awaits(commits + 1, each -> each.type() == PacketType.COMMIT);
            for (int type : List.of(PacketType.PROPOSAL, PacketType.COMMIT)) {
                assertThat(learner.heard())
                        .filteredOn(packet -> packet.type() == type)
                        .extracting(QuorumPacket::zxid)
                        .containsExactly(
                                0x1_00000001L, 0x1_00000002L, 0x1_00000003L, 0x1_00000004L);
            }
        }
    }

    /// Starts the server; one other votes for it, with that log.
    private static AutoCloseable elected(
            Ensemble ensemble, Member witan, int voter, long zxid, long peerEpoch)
            throws Exception {
        return elected(ensemble, witan, voter, zxid, peerEpoch, ensemble.foundingConfig());
    }

    private static AutoCloseable elected(
            Ensemble ensemble, Member witan, int voter, long zxid, long peerEpoch, String config)
            throws Exception {
        var actor =
                new ElectionActor(
                        ensemble.server(voter).place(),
                        witan.place(),
                        new Notification(
                                Notification.LOOKING, witan.sid(), zxid, 1, peerEpoch, config));
        witan.launch();
        return actor;
    }
}
