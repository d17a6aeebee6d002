package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Random histories against the dumbest model.
class ZnodeTreePropertiesTest {

    private static TreeSettings settings(long seed) {
        return new TreeSettings(true, false, true, seed * 31);
    }

    @Seeds(60)
    void a_tree_is_what_the_transactions_say(long seed) {
        var history = new RandomHistory(seed).withOldRecords();
        var tree = new ZnodeTree(settings(seed));

        for (int i = 0; i < 400; i++) {
            RandomHistory.Made made = history.next();
            tree.apply(made.header(), made.txn(), TreeListener.NONE);

            assertThat(tree.digest()).as("%s", made).isEqualTo(history.model.digest());
            if (i % 80 == 0) {
                TreeText.assertSame(TreeText.content(tree), history.model.content());
            }
        }

        TreeText.assertSame(TreeText.content(tree), history.model.content());
        assertIndexesAgree(tree);
        TreeText.assertSame(
                TreeText.withoutUsage(TreeText.of(RecordedHistoriesTest.reloaded(tree))),
                TreeText.withoutUsage(TreeText.of(tree)));
    }

    /// Sections 8.5 and 9.6, step 5. The snapshot is made as the original makes it: depth first,
    /// each znode as it is when its turn comes, the names of its children at that moment, while
    /// transactions go on.
    @Seeds(150)
    void replaying_over_a_fuzzy_snapshot_leads_to_the_same_state(long seed) {
        var random = new SplittableRandom(seed);
        var history = new RandomHistory(seed);
        var tree = new ZnodeTree(settings(seed));
        var later = new ArrayList<RandomHistory.Made>();
        for (int i = random.nextInt(200); i > 0; i--) {
            RandomHistory.Made made = history.next();
            tree.apply(made.header(), made.txn(), TreeListener.NONE);
        }
        long zxid = tree.lastZxid();

        var loaded = new ZnodeTree(settings(seed + 1));
        TreeLoader loader = loaded.loader(zxid);
        var header = new JuteWriter();
        tree.snapshot().header(header);
        Recorded.loadHeader(JuteReader.over(header.toByteArray()), loader);
        var paths = new ArrayList<String>(List.of(""));
        long[] key = {1000};
        while (!paths.isEmpty()) {
            String path = paths.removeLast();
            while (random.nextInt(3) == 0) {
                RandomHistory.Made made = history.next();
                tree.apply(made.header(), made.txn(), TreeListener.NONE);
                later.add(made);
            }
            byte[] bytes = path.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Znode znode = tree.find(bytes);
            if (znode != null) {
                loader.acl(++key[0], tree.acls().list(znode.aclKey()));
                Recorded.znode(loader, bytes, znode.data(), key[0], znode.storedStat());
                znode.forEachChild(child ->
                        paths.add(
                                path
                                        + "/"
                                        + new String(
                                                child.name(),
                                                java.nio.charset.StandardCharsets.UTF_8)));
            }
        }
        loader.end();
        for (RandomHistory.Made made : later) {
            loaded.apply(made.header(), made.txn(), TreeListener.NONE);
        }

        TreeText.assertSame(
                TreeText.withoutUsage(TreeText.of(loaded)),
                TreeText.withoutUsage(TreeText.of(tree)));
        assertIndexesAgree(loaded);
    }

    /// Counts and indexes follow from the znodes.
    static void assertIndexesAgree(ZnodeTree tree) {
        var ephemerals = new ArrayList<Znode>();
        var containers = new ArrayList<Znode>();
        var ttls = new ArrayList<Znode>();
        long bytes = 0;
        int count = 0;
        for (Znode z : TreeText.all(tree)) {
            count++;
            bytes += (z.parent() == null ? 0 : z.path().length) + z.dataLength();
            switch (z.kind()) {
                case EPHEMERAL -> ephemerals.add(z);
                case CONTAINER -> containers.add(z);
                case TTL -> ttls.add(z);
                case PERSISTENT -> {}
            }
        }
        assertThat(tree.znodeCount()).isEqualTo(count);
        assertThat(tree.znodes().heldCount()).isBetween(count, count + tree.buriedCount());
        assertThat(tree.descendantCount(tree.root())).isEqualTo(count - 1);
        assertThat(tree.approximateDataBytes()).isEqualTo(bytes);
        assertThat(tree.containers().toArray()).containsExactlyInAnyOrderElementsOf(containers);
        assertThat(tree.ttlZnodes().toArray()).containsExactlyInAnyOrderElementsOf(ttls);
        assertThat(tree.ephemeralCount()).isEqualTo(ephemerals.size());
        for (Znode z : ephemerals) {
            assertThat(tree.sessions().ephemerals(z.ephemeralOwner()).toArray()).contains(z);
        }
    }
}
