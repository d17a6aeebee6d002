package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.Events;
import io.witan.interop.Lab;
import io.witan.interop.Product;
import io.witan.interop.disk.Tree;

import org.apache.zookeeper.ZooKeeper;

import java.util.List;

/// Compares what the servers of an ensemble hold, as a superuser sees it.
final class Replicas {

    private static final List<Long> NONE = List.of(0L);
    private static final List<Long> NONE_OR_UNKNOWN = List.of(0L, -1L);

    private Replicas() {}

    /// Every server that runs holds the same tree, path by path with data, stat and access list;
    /// all that was acknowledged is in it; and no server has found a digest that does not fit.
    static void assertSame(Ensemble ensemble, Ledger ledger) throws Exception {
        Tree first = null;
        Member holder = null;
        for (Member member : ensemble.running()) {
            Tree tree = synced(member);
            if (first == null || holder == null) {
                first = tree;
                holder = member;
                ledger.assertHeldBy(tree);
            } else {
                assertThat(tree.lines()).as(member + " against " + holder).isEqualTo(first.lines());
            }
        }
        for (Member member : ensemble.running()) {
            assertThat(member.figure("zk_digest_mismatches_count"))
                    .as("digest mismatches of " + member)
                    .isIn(member.product() == Product.APACHE ? NONE : NONE_OR_UNKNOWN);
        }
    }

    /// The configuration's own znode is left out: each server rewrites it by itself, and with it
    /// its time.
    private static Tree synced(Member member) throws Exception {
        try (ZooKeeper client = Lab.connected(member.connectString(), new Events())) {
            client.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            client.sync("/");
            var lines =
                    Tree.of(client).lines().stream()
                            .filter(line -> !line.startsWith("/zookeeper/config "))
                            .toList();
            return new Tree(lines);
        }
    }
}
