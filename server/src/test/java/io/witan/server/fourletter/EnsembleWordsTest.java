package io.witan.server.fourletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.server.config.ConfigReader;
import io.witan.server.config.ServerConfig;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// What a member of an ensemble answers. Expected texts are those of an ensemble of Apache
/// ZooKeeper 3.9.4 in the same state, three servers and an observer.
class EnsembleWordsTest {

    private static final String MEMBERS =
            """
            server.1=127.0.0.1:26111:26121:participant
            server.2=127.0.0.1:26112:26122:participant
            server.3=127.0.0.1:26113:26123:participant
            server.4=127.0.0.1:26114:26124:observer
            """;

    @TempDir Path data;

    private final FakeServer server = new FakeServer();
    private ServerConfig config = standalone();

    @BeforeEach
    void this_is_server_three_and_leads() throws IOException, ConfigTextException {
        Files.writeString(data.resolve("myid"), "3");
        var file =
                Files.writeString(
                        data.resolve("zoo.cfg"),
                        """
                        tickTime=2000
                        initLimit=10
                        syncLimit=5
                        clientPort=26183
                        dataDir=%s
                        4lw.commands.whitelist=*
                        %s
                        """
                                .formatted(data, MEMBERS));
        config = new ConfigReader(Map.of()).read(List.of(file.toString())).config();
        server.mode = "leader";
        server.ensemble =
                new EnsembleFigures(
                        3,
                        "leading - broadcast",
                        EnsembleConfig.parse(MEMBERS),
                        new EnsembleFigures.Leader(
                                3, 2, 0, 1, 0, 34_387, EnsembleFigures.ProposalSizes.NONE),
                        -1);
    }

    @Test
    void srvr_of_a_leader_shows_the_sizes_of_proposals() {
        assertThat(answer("srvr"))
                .endsWith(
                        """
                        Mode: leader
                        Node count: 5
                        Proposal sizes last/min/max: -1/-1/-1
                        """);
    }

    @Test
    void stat_of_a_leader_shows_them_too() {
        assertThat(answer("stat")).endsWith("Proposal sizes last/min/max: -1/-1/-1\n");
    }

    @Test
    void srvr_of_others_does_not() {
        learns("observer", "observing - broadcast", 3);

        assertThat(answer("srvr")).endsWith("Mode: observer\nNode count: 5\n");
    }

    @Test
    void conf_shows_the_limits_and_the_members() {
        assertThat(answer("conf"))
                .endsWith(
                        """
                        clientPortListenBacklog=-1
                        serverId=3
                        initLimit=10
                        syncLimit=5
                        electionAlg=3
                        electionPort=26123
                        quorumPort=26113
                        peerType=0
                        membership:\s
                        server.1=127.0.0.1:26111:26121:participant
                        server.2=127.0.0.1:26112:26122:participant
                        server.3=127.0.0.1:26113:26123:participant
                        server.4=127.0.0.1:26114:26124:observer
                        version=0
                        """);
    }

    @Test
    void mntr_of_a_leader_shows_its_learners() {
        assertThat(answer("mntr"))
                .contains(
                        """
                        zk_server_state\tleader
                        zk_peer_state\tleading - broadcast
                        """)
                .contains(
                        "zk_quorum_size\t3\n",
                        "zk_learners\t3\n",
                        "zk_synced_followers\t2\n",
                        "zk_synced_non_voting_followers\t0\n",
                        "zk_synced_observers\t1\n",
                        "zk_pending_syncs\t0\n",
                        "zk_leader_uptime\t34387\n",
                        "zk_last_proposal_size\t-1\n",
                        "zk_min_proposal_size\t-1\n",
                        "zk_max_proposal_size\t-1\n");
    }

    @Test
    void mntr_of_a_learner_shows_where_it_stands() {
        learns("observer", "observing - broadcast", 3);

        assertThat(answer("mntr"))
                .contains(
                        "zk_server_state\tobserver\n",
                        "zk_peer_state\tobserving - broadcast\n",
                        "zk_observer_master_id\t3\n",
                        "zk_quorum_size\t3\n")
                .doesNotContain("zk_synced_followers", "zk_leader_uptime");
        learns("follower", "following - broadcast", -1);
        assertThat(answer("mntr")).doesNotContain("zk_observer_master_id");
    }

    /// So that clients in read-only mode, which ask for a server to write to, do not come here.
    @Test
    void a_leader_that_takes_no_clients_is_nothing_for_them_but_answers_all_words() {
        server.takesClients = false;

        assertThat(answer("isro")).isEqualTo("null");
        assertThat(answer("srvr")).contains("Mode: leader\n");
        assertThat(answer("mntr")).contains("zk_server_state\tleader\n");
    }

    @Test
    void a_server_for_readers_only_says_so() {
        learns("read-only", "looking - election", -1);

        assertThat(answer("isro")).isEqualTo("ro");
        assertThat(answer("srvr"))
                .contains("\nREAD-ONLY mode; serving only read-only clients\nLatency")
                .contains("Mode: read-only\n");
        assertThat(answer("mntr")).contains("zk_server_state\tread-only\n");
    }

    @Test
    void sizes_of_proposals_are_the_last_the_least_and_the_greatest() {
        var sizes = EnsembleFigures.ProposalSizes.NONE.with(50).with(36).with(48);

        assertThat(sizes).hasToString("48/36/50");
    }

    private static ServerConfig standalone() {
        return new ConfigReader(Map.of()).read(List.of("2181", "/tmp")).config();
    }

    private void learns(String mode, String peerState, long observerMasterSid) {
        var before = Objects.requireNonNull(server.ensemble);
        server.mode = mode;
        server.ensemble =
                new EnsembleFigures(3, peerState, before.config(), null, observerMasterSid);
    }

    private String answer(String word) {
        var environment =
                Environment.of(
                        "3.9.4",
                        "localhost",
                        Map.of("java.version", "25", "user.dir", "/"),
                        () -> new long[] {1, 2, 3});
        return new FourLetterWords(config, environment, () -> ZoneId.of("UTC"))
                .answer(FourLetterWord.valueOf(word.toUpperCase(Locale.ROOT)), 0, server)
                .toString();
    }
}
