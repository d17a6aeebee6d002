package io.witan.replica;

import static io.witan.replica.Requests.check;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.create2;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnDigest;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// However many writes wait to be committed, each comes to what it would have come to if nothing
/// had been waiting; each transaction carries the digest that it leads to; and each read sees
/// exactly what was applied when it was answered, its own session's writes among it.
class PipelineTest {

    @Property(seed = "2026", tries = 100, shrinking = ShrinkingMode.OFF)
    void a_pipeline_of_writes_is_as_good_as_one_after_the_other(@ForAll long seed) {
        new Pipeline().run(new Random(Long.getLong("seed", seed)));
    }
}

/// One run.
final class Pipeline {

    /// What a client is due.
    ///
    /// @param minZxid of the session's last write before it, or its own
    private record Due(int xid, Request request, String outcome, long minZxid) {}

    private static final class Peer {
        final TestClient client;
        final Deque<Due> due = new ArrayDeque<>();
        long lastWrite;

        Peer(TestClient client) {
            this.client = client;
        }
    }

    private final TestServer server = new TestServer().holds();
    private final SequentialModel model = new SequentialModel();

    /// The model as of each zxid.
    private final Map<Long, SequentialModel> history = new HashMap<>();

    private final List<Peer> peers = new ArrayList<>();
    private int checkedTxns;

    void run(Random random) {
        history.put(0L, model.copy());
        for (int i = 0; i < 3; i++) {
            peers.add(newPeer());
        }

        for (int step = 0; step < 150; step++) {
            Peer peer = peers.get(random.nextInt(peers.size()));
            int dice = random.nextInt(100);
            if (dice < 65) {
                write(peer, randomWrite(random));
            } else if (dice < 80) {
                read(peer, randomPath(random));
            } else if (dice < 97) {
                commits(random.nextInt(server.heldCount() + 1));
            } else {
                ends(peer);
            }
            assertThat(server.replica.everyClientWaits())
                    .isEqualTo(peers.stream().noneMatch(p -> p.due.isEmpty()));
        }
        commits(server.heldCount());

        assertThat(server.tree.znodeCount()).isEqualTo(model.size());
        assertThat(server.replica.pendingZnodeCount()).isZero();
        assertThat(server.replica.outstandingCount()).isZero();
        assertThat(peers).allSatisfy(peer -> assertThat(peer.due).isEmpty());
    }

    // ---- steps

    private Peer newPeer() {
        commits(server.heldCount());
        Peer peer = new Peer(server.connects());
        remember();
        checkedTxns = server.log.size();
        return peer;
    }

    private void write(Peer peer, Request request) {
        String outcome = model.does(request, peer.client.sessionId());
        int xid = peer.client.sends(request);
        remember();
        peer.lastWrite = server.lastTxn().header().zxid();
        peer.due.addLast(new Due(xid, request, outcome, peer.lastWrite));
    }

    private void read(Peer peer, String path) {
        Request request = getData(path);
        int xid = peer.client.sends(request);
        peer.due.addLast(new Due(xid, request, path, peer.lastWrite));
        heard(peer);
    }

    private void ends(Peer peer) {
        model.ends(peer.client.sessionId());
        peer.client.sends(closeSession());
        remember();
        commits(server.heldCount());
        assertThat(peer.client.takesAnswer().err()).isZero();
        assertThat(peer.client.isClosed()).isTrue();
        peers.set(peers.indexOf(peer), newPeer());
    }

    /// One by one, so that each digest can be compared.
    private void commits(int count) {
        for (int i = 0; i < count; i++) {
            server.commits(1);
            LoggedTxn txn = server.log.get(checkedTxns++);
            if (txn.header().type() == OpCode.ERROR) {
                assertThat(txn.digest()).isNull();
            } else {
                assertThat(txn.digest())
                        .as(txn.toString())
                        .isEqualTo(new TxnDigest(TxnDigest.VERSION, server.tree.digest()));
            }
            peers.forEach(this::heard);
        }
    }

    private void remember() {
        for (long zxid = history.size(); zxid <= server.log.size(); zxid++) {
            history.put(zxid, model.copy());
        }
    }

    private void heard(Peer peer) {
        for (Frame frame = nextDue(peer); frame != null; frame = nextDue(peer)) {
            Frame.Answer answer = (Frame.Answer) frame;
            Due due = peer.due.removeFirst();
            assertThat(answer.xid()).isEqualTo(due.xid());
            if (SequentialModel.isWrite(due.request())) {
                assertThat(answer.zxid()).isEqualTo(due.minZxid());
                assertThat(SequentialModel.said(answer))
                        .as(due.request().toString())
                        .isEqualTo(due.outcome());
            } else {
                assertThat(answer.zxid()).isGreaterThanOrEqualTo(due.minZxid());
                Due next = peer.due.peekFirst();
                if (next != null && SequentialModel.isWrite(next.request())) {
                    assertThat(answer.zxid()).isLessThan(next.minZxid());
                }
                SequentialModel then = Objects.requireNonNull(history.get(answer.zxid()));
                assertThat(SequentialModel.said(answer)).isEqualTo(then.read(due.outcome()));
            }
        }
    }

    private static @Nullable Frame nextDue(Peer peer) {
        return peer.due.isEmpty() ? null : peer.client.hears();
    }

    // ---- chance

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append('/').append((char) ('a' + random.nextInt(3)));
        }
        return path.toString();
    }

    private static Request randomWrite(Random random) {
        if (random.nextInt(5) > 0) {
            return randomOp(random, false);
        }
        List<Request> ops = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            ops.add(randomOp(random, true));
        }
        return Request.multi(ops);
    }

    private static Request randomOp(Random random, boolean inMulti) {
        String path = randomPath(random);
        int version = random.nextInt(3) - 1;
        return switch (random.nextInt(inMulti ? 8 : 7)) {
            case 0, 1 -> creation(path, "d" + random.nextInt(100));
            case 2 -> creation(path, random.nextInt(4));
            case 3 -> create2(path, random.nextInt(4));
            case 4, 5 -> delete(path, version);
            case 6 -> setData(path, "s" + random.nextInt(100), version);
            default -> check(path, version);
        };
    }
}
