package io.witan.simulation.server;

import io.witan.replica.member.Member;
import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.ZnodeImage;
import io.witan.tree.Znode;
import io.witan.tree.ZnodeTree;

import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Everything that a tree holds.
public final class Census {

    private Census() {}

    static TraceEvent.Census of(Stamp at, Member member) {
        return of(at, member.lastDeliveredZxid(), member.tree());
    }

    /// @param zxid of the last transaction that the tree holds
    public static TraceEvent.Census of(Stamp at, long zxid, ZnodeTree tree) {
        NavigableMap<String, ZnodeImage> znodes = new TreeMap<>();
        add(tree, tree.root(), znodes);
        NavigableMap<Long, Integer> timeouts = new TreeMap<>();
        tree.sessions().forEach(timeouts::put);
        return new TraceEvent.Census(at, zxid, znodes, timeouts);
    }

    private static void add(ZnodeTree tree, Znode znode, NavigableMap<String, ZnodeImage> znodes) {
        String path = new String(znode.path(), StandardCharsets.UTF_8);
        znodes.put(
                path, new ZnodeImage(znode.data(), znode.stat(), tree.acls().list(znode.aclKey())));
        znode.forEachChild(child -> add(tree, child, znodes));
    }
}
