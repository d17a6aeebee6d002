package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A snapshot is the state at its zxid and nothing else, whatever happens while it is taken.
class SnapshotCursorTest {

    private static final TreeSettings SETTINGS = new TreeSettings(true, false, true, 7);

    private final ZnodeTree tree = new ZnodeTree(SETTINGS);
    private long zxid;

    /// A snapshot under way, and what must come out.
    private static final class Taking {
        final SnapshotCursor cursor;
        final List<String> wanted;
        final JuteWriter out = new JuteWriter();

        Taking(ZnodeTree tree) {
            cursor = tree.snapshot();
            wanted = TreeText.of(tree);
            cursor.header(out);
        }

        /// The loader refuses a znode whose parent has not come, and one that comes twice.
        void assertExact() {
            var copy = new ZnodeTree(SETTINGS);
            TreeLoader loader = copy.loader(cursor.zxid());
            JuteReader in = JuteReader.over(out.toByteArray());
            Recorded.loadHeader(in, loader);
            while (in.remaining() > 0) {
                Recorded.loadZnode(in.readBufferNotNull("path"), in, loader);
            }
            loader.digest(cursor.zxid(), 2, cursor.digest());
            loader.end();
            assertThat(copy.digestMismatches()).isZero();
            TreeText.assertSame(
                    TreeText.withoutUsage(TreeText.of(copy)), TreeText.withoutUsage(wanted));
        }
    }

    @Seeds(60)
    void snapshots_are_exact_while_transactions_go_on(long seed) {
        var random = new SplittableRandom(seed);
        var history = new RandomHistory(seed, random.nextBoolean() ? 20 : 2500);
        var open = new ArrayList<Taking>();
        int slice = random.nextInt(1, 4000);
        int pace = random.nextInt(1, 30);
        for (int i = 0; i < 600; i++) {
            RandomHistory.Made made = history.next();
            tree.apply(made.header(), made.txn(), TreeListener.NONE);
            if (i == 50 || (random.nextInt(60) == 0 && open.size() < 8)) {
                open.add(new Taking(tree));
            }
            for (Taking taking : List.copyOf(open)) {
                if (random.nextInt(pace) == 0) {
                    if (taking.cursor.advance(taking.out, slice)) {
                        taking.assertExact();
                        open.remove(taking);
                    } else if (random.nextInt(100) == 0) {
                        taking.cursor.abort();
                        open.remove(taking);
                    }
                }
            }
        }
        for (Taking taking : open) {
            while (!taking.cursor.advance(taking.out, slice)) {}
            taking.assertExact();
        }
    }

    /// A directory so wide that its table has many segments, which split and shrink under the
    /// cursor.
    @Seeds(12)
    void a_wide_directory_may_grow_and_shrink_under_the_cursor(long seed) {
        var random = new SplittableRandom(seed);
        create("/wide");
        for (int i = 0; i < 3000; i++) {
            create("/wide/" + i);
        }
        var taking = new Taking(tree);
        int next = 3000;
        boolean grow = random.nextBoolean();
        while (!taking.cursor.advance(taking.out, random.nextInt(1, 3000))) {
            for (int i = 0; i < 60; i++) {
                int n = random.nextInt(next);
                if (grow && random.nextInt(4) > 0) {
                    create("/wide/" + next++);
                } else if (tree.find(("/wide/" + n).getBytes(UTF_8)) == null) {
                    create("/wide/" + n);
                } else {
                    delete("/wide/" + n);
                }
            }
        }
        taking.assertExact();
    }

    @Test
    void a_directory_may_go_and_come_back_with_other_children() {
        create("/a");
        for (String name : List.of("x", "y", "z")) {
            create("/a/" + name);
            create("/a/" + name + "/below");
        }
        for (int slice = 1; slice < 1200; slice += 7) {
            var taking = new Taking(tree);
            taking.cursor.advance(taking.out, slice);
            for (String name : List.of("x", "y", "z")) {
                delete("/a/" + name + "/below");
                delete("/a/" + name);
            }
            delete("/a");
            create("/a");
            for (String name : List.of("y", "z", "x")) {
                create("/a/" + name);
                create("/a/" + name + "/below");
            }
            while (!taking.cursor.advance(taking.out, 100)) {}
            taking.assertExact();
        }
    }

    /// As the log makes it over a snapshot that holds later changes.
    @Test
    void a_directory_may_go_together_with_all_that_is_below_it() {
        for (int slice = 1; slice < 1200; slice += 7) {
            create("/a");
            for (String name : List.of("x", "y", "z")) {
                create("/a/" + name);
                create("/a/" + name + "/below");
                create("/a/" + name + "/below/it");
            }
            var taking = new Taking(tree);
            taking.cursor.advance(taking.out, slice);
            delete("/a");
            create("/a");
            create("/a/y");
            while (!taking.cursor.advance(taking.out, 100)) {}
            taking.assertExact();
            delete("/a");
        }
    }

    @Test
    void what_is_deleted_meanwhile_takes_no_more_memory_with_each_snapshot() {
        create("/a");
        int buriedMax = 0;
        SnapshotCursor cursor = tree.snapshot();
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 200; i++) {
                create("/a/" + i);
            }
            // Most of the time there is a snapshot.
            if (round % 10 == 7) {
                cursor.abort();
            } else if (round % 10 == 9) {
                cursor = tree.snapshot();
            }
            delete("/a");
            create("/a");
            int heldMost = tree.znodeCount() + tree.buriedCount();
            assertThat(tree.znodes().heldCount()).isLessThanOrEqualTo(heldMost);
            buriedMax = Math.max(buriedMax, tree.buriedCount());
            if (!cursor.isAborted()) {
                assertThat(cursor.pendingBytes()).isPositive();
            }
        }
        assertThat(buriedMax).isBetween(1_000, 4_000);
        cursor.abort();
        for (int i = 0; i < 1_000; i++) {
            setData("/a".getBytes(UTF_8));
        }
        assertThat(tree.buriedCount()).isZero();
        assertThat(tree.znodes().heldCount()).isEqualTo(tree.znodeCount());
    }

    @Test
    void the_header_holds_sessions_and_acls_of_the_start() {
        apply(5, OpCode.CREATE_SESSION, new Txn.CreateSession(3000));
        create("/a");
        var taking = new Taking(tree);
        delete("/a");
        apply(5, OpCode.CLOSE_SESSION, new Txn.CloseSession(null));
        apply(6, OpCode.CREATE_SESSION, new Txn.CreateSession(3000));

        while (!taking.cursor.advance(taking.out, 10)) {}

        taking.assertExact();
    }

    @Test
    void an_aborted_snapshot_costs_nothing_more() {
        create("/a");
        SnapshotCursor cursor = tree.snapshot();
        cursor.advance(new JuteWriter(), 1);
        cursor.abort();

        delete("/a");

        assertThat(cursor.isAborted()).isTrue();
        assertThat(cursor.pendingImages()).isZero();
    }

    @Test
    void loading_another_state_aborts_open_snapshots() {
        SnapshotCursor cursor = tree.snapshot();

        tree.loader(1);

        assertThat(cursor.isAborted()).isTrue();
    }

    /// Anything that recursed by depth would need far more than the stack that this thread has.
    @Test
    void depth_is_no_limit() throws InterruptedException {
        var failure = new Throwable[1];
        var thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                goDeep();
                            } catch (Throwable t) {
                                failure[0] = t;
                            }
                        },
                        "small stack",
                        200_000);
        thread.start();
        thread.join();
        assertThat(failure[0]).isNull();
    }

    private void goDeep() {
        int depth = 6000;
        var path = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            path.append("/d");
            create(path.toString());
        }
        byte[] deepest = path.toString().getBytes(UTF_8);
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter();
        setData(deepest);
        assertThat(cursor.pendingImages()).isEqualTo(depth + 1);
        int slices = 0;
        while (!cursor.advance(out.reset(), 1 << 20)) {
            slices++;
        }
        assertThat(slices).isGreaterThan(30);
        assertThat(tree.descendantCount(tree.root())).isEqualTo(depth + 3);
        delete("/d");
        assertThat(tree.znodeCount()).isEqualTo(4);
        assertThat(tree.digest()).isNotZero();
    }

    private void create(String path) {
        apply(
                1,
                OpCode.CREATE,
                new Txn.Create(path.getBytes(UTF_8), new byte[3], Acl.OPEN, false, -1));
    }

    private void delete(String path) {
        apply(1, OpCode.DELETE, new Txn.Delete(path.getBytes(UTF_8)));
    }

    private void setData(byte[] path) {
        apply(1, OpCode.SET_DATA, new Txn.SetData(path, new byte[1], 1));
    }

    private void apply(long session, int type, Txn txn) {
        TxnOutcome outcome =
                tree.apply(
                        new TxnHeader(session, 1, ++zxid, 1000 + zxid, type),
                        txn,
                        TreeListener.NONE);
        assertThat(outcome.err()).isZero();
    }
}
