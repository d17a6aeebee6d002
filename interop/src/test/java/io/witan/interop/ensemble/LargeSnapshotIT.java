package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A leader sends a snapshot that is several times larger than all the memory it has left, to a
/// learner that has no more. Server 2 leads, server 3 learns.
///
/// `-Dsnapshot.megabytes=N` makes it larger.
class LargeSnapshotIT {

    private static final int MEGABYTES = Integer.getInteger("snapshot.megabytes", 160);
    private static final int ZNODE_BYTES = 16 << 10;
    private static final int COUNT = MEGABYTES * ((1 << 20) / ZNODE_BYTES);

    /// More than a leader keeps in memory beside the tree.
    private static final int SMALL_WRITES = 700;

    private static final int UNANSWERED_MAX = 32;

    /// A quarter of the tree is left for all else, the JVM's own needs included.
    private static final String HEAP = "-Xmx" + (MEGABYTES + MEGABYTES / 4) + "m";

    private static final Pattern SNAPSHOT =
            Pattern.compile("Learner is synchronised: server=3 way=SNAP snapshotBytes=([0-9]+)");

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @Test
    void a_snapshot_needs_no_memory_of_its_size() throws Exception {
        Ensemble ensemble = ensembles.of("WWW", HEAP, "-Xmn16m", "-XX:MaxDirectMemorySize=32m");
        ensemble.server(1).launch();
        ensemble.server(2).launch();
        Member leader = ensemble.leader();
        assertThat(leader).isEqualTo(ensemble.server(2));
        fill(ensemble.client(leader));

        Member learner = ensemble.server(3);
        learner.launch();
        ledger.write(ensemble.client(ensemble.server(1)), 5);
        learner.awaitServing();

        Matcher sent = SNAPSHOT.matcher(leader.process().log());
        assertThat(sent.find()).as("the leader has sent a snapshot").isTrue();
        assertThat(Long.parseLong(sent.group(1))).isGreaterThan((long) COUNT * ZNODE_BYTES);
        ZooKeeper reader = ensemble.client(learner);
        reader.sync("/");
        for (int i = 0; i < COUNT; i++) {
            assertThat(Arrays.equals(reader.getData(path(i), false, null), data(i)))
                    .as("data of " + path(i))
                    .isTrue();
        }
        ledger.write(reader, 5);
        assertThat(learner.figure("zk_znode_count")).isEqualTo(leader.figure("zk_znode_count"));
    }

    private static void fill(ZooKeeper client) throws Exception {
        client.create("/large", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        var unanswered = new Semaphore(UNANSWERED_MAX);
        Queue<Code> answers = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < COUNT + SMALL_WRITES; i++) {
            unanswered.acquire();
            client.create(
                    path(i),
                    i < COUNT ? data(i) : null,
                    OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (code, _, _, _) -> {
                        answers.add(Code.get(code));
                        unanswered.release();
                    },
                    null);
        }
        unanswered.acquire(UNANSWERED_MAX);
        assertThat(answers).hasSize(COUNT + SMALL_WRITES).containsOnly(Code.OK);
    }

    private static String path(int number) {
        return "/large/" + number;
    }

    private static byte[] data(int number) {
        byte[] data = new byte[ZNODE_BYTES];
        new Random(number).nextBytes(data);
        return data;
    }
}
