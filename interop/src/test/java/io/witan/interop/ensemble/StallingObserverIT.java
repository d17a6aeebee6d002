package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.ServerProcess;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// An observer stops reading in the middle of the snapshot that its leader sends it. It costs
/// nobody else anything but the place that it has taken among those that are sent snapshots, and
/// that for `initLimit` at most.
///
/// Servers 1 and 2 vote, server 2 leads; 3 stalls, and 4 observes, too.
class StallingObserverIT {

    private static final String ONE_AT_A_TIME = "leader.maxConcurrentSnapSyncs=1";

    /// Longer than any test waits.
    private static final String FAR_LIMIT = "initLimit=10000";

    /// Ticks of 400 ms.
    private static final String NEAR_LIMIT = "initLimit=20";

    /// Much more than the system keeps for a connection.
    private static final int TRANSACTIONS = 64;

    private static final int ZNODES = 32;
    private static final int ZNODE_BYTES = 16 << 10;
    private static final int RECEIVE_BUFFER_BYTES = 32 << 10;

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @Test
    void the_others_go_on_while_it_stalls_and_its_place_is_free_when_it_goes() throws Exception {
        Ensemble ensemble = filled(FAR_LIMIT);
        Member follower = ensemble.server(1);
        Member waiting = ensemble.server(4);
        try (var _ = stalled(ensemble)) {
            ledger.write(ensemble.client(follower), 20);
            ledger.write(ensemble.client(ensemble.server(2)), 20);
            waiting.launch();
            Await.until(
                    "server 4 is told to wait for its turn",
                    () ->
                            leaderLog(ensemble)
                                    .contains("An observer waits for its turn: server=4 limit=1"));
            ledger.write(ensemble.client(follower), 20);
            assertThat(leaderLog(ensemble))
                    .doesNotContain("Lost a learner before it served: server=3");
        }
        waiting.awaitServing();
        Replicas.assertSame(ensemble, ledger);
    }

    @Test
    void it_is_dropped_after_init_limit_and_its_place_is_free_then() throws Exception {
        Ensemble ensemble = filled(NEAR_LIMIT);
        Member waiting = ensemble.server(4);
        try (var stalled = stalled(ensemble)) {
            waiting.launch();
            ledger.write(ensemble.client(ensemble.server(1)), 20);
            waiting.awaitServing();

            assertThat(leaderLog(ensemble))
                    .containsSubsequence(
                            "Synchronises a learner: server=3 observer=true way=SNAP",
                            "An observer waits for its turn: server=4",
                            "Lost a learner before it served: server=3 stage=synchronising",
                            "Learner is synchronised: server=4 way=SNAP");
            assertIsClosed(stalled);
        }
        Replicas.assertSame(ensemble, ledger);
    }

    private static String leaderLog(Ensemble ensemble) {
        return ensemble.server(2).process().log();
    }

    // ---- the ensemble

    private Ensemble filled(String limit) throws Exception {
        Ensemble ensemble = ensembles.of("WW+WW", ONE_AT_A_TIME, limit);
        ensemble.server(1).launch();
        ensemble.server(2).launch();
        assertThat(ensemble.leader()).isEqualTo(ensemble.server(2));
        ZooKeeper client = ensemble.client(ensemble.server(2));
        var random = new Random(1);
        for (int transaction = 0; transaction < TRANSACTIONS; transaction++) {
            List<Op> creates = new ArrayList<>();
            for (int znode = 0; znode < ZNODES; znode++) {
                byte[] data = new byte[ZNODE_BYTES];
                random.nextBytes(data);
                creates.add(
                        Op.create(
                                "/large-%d-%d".formatted(transaction, znode),
                                data,
                                OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT));
            }
            client.multi(creates);
        }
        return ensemble;
    }

    // ---- server 3

    /// It has no disk, and has begun to take a snapshot.
    private static Socket stalled(Ensemble ensemble) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
        socket.connect(
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), ensemble.server(2).place().quorumPort()));
        say(
                socket,
                new QuorumPacket(
                        PacketType.OBSERVERINFO,
                        0,
                        new LearnerInfo(3, LearnerInfo.PROTOCOL_VERSION, 0).encode()));
        var in = new PacketReader(socket.getInputStream());
        QuorumPacket leaderInfo = in.next();
        assertThat(leaderInfo).isNotNull();
        say(socket, new QuorumPacket(PacketType.ACKEPOCH, 0, Payloads.currentEpoch(0)));
        byte[] snap = socket.getInputStream().readNBytes(QuorumPacket.BYTES_MIN);
        assertThat(snap[3]).isEqualTo((byte) PacketType.SNAP);
        return socket;
    }

    private static void say(Socket socket, QuorumPacket packet) throws IOException {
        var out = new JuteWriter(64);
        packet.write(out);
        socket.getOutputStream().write(out.toByteArray());
    }

    /// What the system has kept for it comes first.
    private static void assertIsClosed(Socket socket) throws IOException {
        byte[] some = new byte[ZNODE_BYTES];
        try {
            while (socket.getInputStream().read(some) >= 0) {
                // On to the end.
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }
}
