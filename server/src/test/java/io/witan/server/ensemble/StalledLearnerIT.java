package io.witan.server.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.replica.member.TreeStream;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.Socket;

/// A learner stops reading in the middle of a snapshot, on a real socket. What it is to be sent
/// stays in the tree; only so much waits behind it, and nobody else waits for it.
@Timeout(120)
class StalledLearnerIT {

    private static final int ZNODE_BYTES = 64 << 10;

    /// Far more than the system keeps for a connection.
    private static final int ZNODES = 1_000;

    /// Netty's mark, a slice, and the znode that ends it.
    private static final int UNSENT_BYTES_MAX = (64 << 10) + (64 << 10) + 2 * ZNODE_BYTES;

    private final Sockets sockets = new Sockets();
    private final ZnodeTree tree = new ZnodeTree(new TreeSettings(true, false, true, 1));
    private QuorumServer server;
    private TreeStream snapshot;
    private Socket stalled;
    private int listensOn;
    private long link;

    @BeforeEach
    void aLearnerStalls() throws Exception {
        server = new QuorumServer(false);
        for (int i = 0; i < ZNODES; i++) {
            apply(
                    i + 1,
                    OpCode.CREATE,
                    new Txn.Create(path(i), new byte[ZNODE_BYTES], Acl.OPEN, false, -1));
        }
        snapshot = TreeStream.toDisk(tree.snapshot());
        listensOn = server.listens();
        stalled = sockets.to(listensOn);
        link = OneLoop.next(server.connected);
        run(() -> server.port.sendSnapshot(link, snapshot));
        while (server.loop.ask(() -> server.port.isWritable(link))) {
            // The system still takes it.
        }
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        server.close();
    }

    @Test
    void what_it_does_not_take_stays_in_the_tree() throws Exception {
        assertThat(server.loop.ask(snapshot::isComplete)).isFalse();
        assertThat(server.loop.ask(() -> server.port.unsentBytes(link)))
                .isLessThanOrEqualTo(UNSENT_BYTES_MAX);
    }

    @Test
    void it_is_dropped_when_too_much_waits_behind_the_snapshot() throws Exception {
        var packet = new QuorumPacket(PacketType.PROPOSAL, 1, new byte[ZNODE_BYTES]);
        int fit = QuorumServer.BACKLOG_BYTES_MAX / (ZNODE_BYTES + 64);
        for (int i = 0; i < fit; i++) {
            run(() -> server.port.send(link, packet));
        }
        assertThat(server.lost).isEmpty();

        run(() -> server.port.send(link, packet));

        assertThat(OneLoop.next(server.lost)).startsWith("it does not take what it is sent");
        assertHasCostNothing();
    }

    /// The leader has waited for it long enough.
    @Test
    void when_it_is_dropped_changes_of_the_tree_cost_nothing_more() throws Exception {
        run(() -> server.port.close(link, "it is silent"));

        assertThat(server.loop.ask(() -> server.port.linkCount())).isZero();
        assertHasCostNothing();
    }

    private void assertHasCostNothing() throws Exception {
        server.run(() -> {
            for (int i = 0; i < ZNODES; i++) {
                apply(ZNODES + i + 1, OpCode.SET_DATA, new Txn.SetData(path(i), new byte[1], 1));
            }
        });
        assertThat(server.loop.ask(snapshot::pendingImages)).isZero();
        Sockets.assertIsClosed(stalled);
    }

    @Test
    void others_are_served_meanwhile() throws Exception {
        Socket other = sockets.to(listensOn);
        long others = OneLoop.next(server.connected);
        for (int zxid = 1; zxid <= 100; zxid++) {
            var packet = new QuorumPacket(PacketType.COMMIT, zxid);
            run(() -> server.port.send(others, packet));
            assertThat(other.getInputStream().readNBytes(QuorumPacket.BYTES_MIN))
                    .hasSize(QuorumPacket.BYTES_MIN);
        }

        assertThat(server.loop.ask(snapshot::isComplete)).isFalse();
        assertThat(server.lost).isEmpty();
    }

    @Test
    void it_goes_on_where_it_was_when_it_reads_again() throws Exception {
        var last = new QuorumPacket(PacketType.UPTODATE, -1);
        run(() -> server.port.send(link, last));

        long read = 0;
        while (!server.loop.ask(snapshot::isComplete)) {
            read += stalled.getInputStream().skip(ZNODE_BYTES);
        }

        long all = server.loop.ask(() -> server.port.snapshotBytes(link));
        assertThat(all).isGreaterThan((long) ZNODES * ZNODE_BYTES);
        stalled.getInputStream().skipNBytes(all - read);
        byte[] behind = stalled.getInputStream().readNBytes(QuorumPacket.BYTES_MIN);
        assertThat(behind[3]).isEqualTo((byte) PacketType.UPTODATE);
    }

    private void apply(long zxid, int type, Txn txn) {
        tree.apply(new TxnHeader(1, 1, zxid, 0, type), txn, TreeListener.NONE);
    }

    private static byte[] path(int number) {
        return ("/" + number).getBytes(UTF_8);
    }

    /// As an event of the core.
    private void run(Runnable event) throws Exception {
        server.run(() -> {
            server.loop.core.enter();
            event.run();
        });
    }
}
