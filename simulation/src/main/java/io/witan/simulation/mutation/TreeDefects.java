package io.witan.simulation.mutation;

import io.witan.simulation.fault.Profile;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.server.ServerPlan;
import io.witan.tree.TreeListener;
import io.witan.tree.TreeSettings;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import java.util.List;

/// What a tree makes of znodes.
final class TreeDefects {

    private TreeDefects() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.ofHosts(
                        "a time to live is taken for an owner",
                        "ZOOKEEPER-3113",
                        Profile.CALM,
                        // Leaders, most of them of a higher id, know better.
                        sid -> sid == 1 ? new TakesTtlsForOwners() : HostMutation.NONE,
                        "X2",
                        "L2"),
                Mutation.ofHost(
                        "a key stands for another list after a start",
                        "ZOOKEEPER-3306, 4846, 4689, 3007",
                        Profile.DEFAULT,
                        MixesLists::new,
                        "X2",
                        "L1",
                        "L2"));
    }

    /// The owners of znodes with a time to live are sessions that nobody knows.
    private static final class TakesTtlsForOwners implements HostMutation {

        @Override
        public ServerPlan plan(ServerPlan plan) {
            TreeSettings tree = plan.tree();
            return plan.withTree(new TreeSettings(false, false, tree.digest(), tree.hashSeed()));
        }
    }

    /// After a start a znode has the list of another.
    private static final class MixesLists implements HostMutation {

        @Override
        public void loaded(ZnodeTree tree) {
            mix(tree, tree.root());
        }

        private static void mix(ZnodeTree tree, Znode parent) {
            parent.forEachChild(child -> {
                if (!tree.acls().list(child.aclKey()).equals(Acl.OPEN)) {
                    tree.apply(
                            new TxnHeader(0, 0, tree.lastZxid(), 0, OpCode.SET_ACL),
                            new Txn.SetAcl(child.path(), Acl.OPEN, child.aversion()),
                            TreeListener.NONE);
                }
                mix(tree, child);
            });
        }
    }
}
