package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.Lab;
import io.witan.interop.Product;
import io.witan.interop.ServerProcess;
import io.witan.interop.disk.LogFiles;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A leader brings a learner up to date with a part of its history, with a snapshot, or by taking
/// back what the learner alone has logged. Servers 1 and 2 are of one product and server 2 leads;
/// server 3 of the other learns.
///
/// Which of the ways was taken is told by the log of the Apache server among the two.
class SynchronisationIT {

    /// More than a leader keeps in memory.
    private static final int MANY_WRITES = 700;

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"WWA", "AAW", "WWW"})
    void a_learner_that_was_away_gets_what_it_missed(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix);
        Member learner = ensemble.server(3);
        startWithout(learner, ensemble);
        ledger.write(ensemble.client(ensemble.server(1)));

        learner.start();
        Replicas.assertSame(ensemble, ledger);

        learner.stop();
        everyKindOfTransaction(ensemble.client(ensemble.server(1)));
        Mark mark = Mark.of(ensemble, learner);
        learner.start();
        mark.assertSynchronisedBy("DIFF");
        Replicas.assertSame(ensemble, ledger);

        learner.kill();
        manyWrites(ensemble.client(ensemble.server(1)));
        learner.start();
        Replicas.assertSame(ensemble, ledger);

        ensemble.closeClients();
        learner.stop();
        learner.start();
        Replicas.assertSame(ensemble, ledger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WWA", "AAW", "WWW"})
    void a_learner_with_a_new_disk_gets_a_snapshot(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix);
        Member learner = ensemble.server(3);
        startWithout(learner, ensemble);
        everyKindOfTransaction(ensemble.client(ensemble.server(1)));
        learner.start();
        learner.stop();
        everyKindOfTransaction(ensemble.client(ensemble.server(1)));

        learner.loseDisk();
        Mark mark = Mark.of(ensemble, learner);
        learner.start();
        mark.assertSynchronisedBy("SNAP");
        Replicas.assertSame(ensemble, ledger);

        learner.kill();
        ledger.write(ensemble.client(ensemble.server(1)), 5);
        learner.start();
        Replicas.assertSame(ensemble, ledger);
    }

    /// Server 3 leads and logs a write that nobody else gets, because the others hang. It must
    /// never have been.
    @ParameterizedTest
    @ValueSource(strings = {"WWA", "AAW", "WWW"})
    void what_only_a_lost_leader_has_logged_is_taken_back(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix);
        Member old = ensemble.server(3);
        ensemble.startLedBy(3);
        ZooKeeper client = ensemble.client(old);
        ledger.write(client, 5);
        Replicas.assertSame(ensemble, ledger);
        awaitSameLogs(ensemble, client);

        ensemble.server(1).freeze();
        ensemble.server(2).freeze();
        client.create(
                "/never-acknowledged",
                null,
                OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (_, _, _, _) -> {},
                null);
        Await.until(
                "the leader has logged the write",
                () -> LogFiles.contain(old.dataDir(), "/never-acknowledged"));
        for (Member member : ensemble.members()) {
            member.kill();
        }
        startWithout(old, ensemble);
        Mark mark = Mark.of(ensemble, old);
        old.start();

        mark.assertSynchronisedBy("TRUNC");
        ledger.write(ensemble.client(old), 5);
        Replicas.assertSame(ensemble, ledger);
        assertThat(ensemble.client(old).exists("/never-acknowledged", false)).isNull();
        old.kill();
        old.start();
        Replicas.assertSame(ensemble, ledger);
    }

    /// A quorum has logged what is acknowledged; the third server may be a little behind, and must
    /// not be when it is to be elected after a `kill -9`.
    private static void awaitSameLogs(Ensemble ensemble, ZooKeeper client) throws Exception {
        String last = "/logged-by-all";
        client.create(last, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (Member member : ensemble.members()) {
            Await.until(
                    member + " has logged everything",
                    () -> LogFiles.contain(member.dataDir(), last));
        }
    }

    private static void startWithout(Member learner, Ensemble ensemble) throws Exception {
        for (Member member : ensemble.members()) {
            if (!member.equals(learner)) {
                member.launch();
            }
        }
        assertThat(ensemble.leader()).isEqualTo(ensemble.server(2));
    }

    private void everyKindOfTransaction(ZooKeeper client) throws Exception {
        ledger.write(client, 5);
        String path = client.create("/s-", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
        client.setData(path, path.getBytes(UTF_8), 0);
        ledger.acknowledged(path, path);
        client.create(path + "/e", null, OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
        client.create(path + "/c", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create(path + "/gone", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.delete(path + "/gone", 0);
        client.setACL(path, OPEN_ACL_UNSAFE, 0);
        client.multi(
                List.of(
                        Op.create(path + "/m", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT),
                        Op.setData(path, path.getBytes(UTF_8), 1)));
        assertThatThrownBy(() ->
                        client.multi(
                                List.of(
                                        Op.setData(path, null, -1),
                                        Op.delete(path + "/missing", -1))))
                .isInstanceOf(NoNodeException.class);
    }

    private static void manyWrites(ZooKeeper client) throws Exception {
        var answered = new CountDownLatch(MANY_WRITES);
        for (int i = 0; i < MANY_WRITES; i++) {
            client.create(
                    "/many-",
                    null,
                    OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT_SEQUENTIAL,
                    (_, _, _, _) -> answered.countDown(),
                    null);
        }
        Lab.await(answered);
    }

    /// Where the logs of the leader end before a learner comes.
    private record Mark(Member leader, int length, Member learner) {

        static Mark of(Ensemble ensemble, Member learner) throws Exception {
            Member leader = ensemble.leader();
            return new Mark(leader, leader.process().log().length(), learner);
        }

        void assertSynchronisedBy(String way) {
            if (learner.product() == Product.APACHE) {
                assertThat(way(learner.process(), 0)).isEqualTo(way);
            } else if (leader.product() == Product.APACHE) {
                assertThat(way(leader.process(), length)).isEqualTo(way);
            }
        }

        private static String way(ServerProcess apache, int since) {
            String log = apache.log().substring(since);
            if (log.contains("synchronization - diff") || log.contains("Sending DIFF")) {
                return "DIFF";
            }
            if (log.contains("synchronization - snap") || log.contains("Sending snapshot")) {
                return "SNAP";
            }
            if (log.contains("synchronization - trunc") || log.contains("Sending TRUNC")) {
                return "TRUNC";
            }
            return log;
        }
    }
}
