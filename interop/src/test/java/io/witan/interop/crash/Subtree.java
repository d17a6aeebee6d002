package io.witan.interop.crash;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one client has made under its own znode, as it is after some number of its writes.
///
/// @param znodes the children by name
/// @param creates how many children were ever created, which is also the next sequence number
/// @param sessionOpen whether the session that owns the ephemerals lives
record Subtree(SortedMap<String, Znode> znodes, int creates, boolean sessionOpen) {

    record Znode(String data, int version, boolean ephemeral) {}

    static final Subtree EMPTY = new Subtree(new TreeMap<>(), 0, true);

    Subtree created(String name, String data, boolean ephemeral) {
        return with(name, new Znode(data, 0, ephemeral), creates + 1);
    }

    Subtree changed(String name, String data) {
        Znode old = znodes.get(name);
        if (old == null) {
            throw new IllegalStateException("no " + name);
        }
        return with(name, new Znode(data, old.version() + 1, old.ephemeral()), creates);
    }

    Subtree deleted(String name) {
        var rest = new TreeMap<>(znodes);
        rest.remove(name);
        return new Subtree(rest, creates, sessionOpen);
    }

    Subtree closed() {
        var rest = new TreeMap<>(znodes);
        rest.values().removeIf(Znode::ephemeral);
        return new Subtree(rest, creates, false);
    }

    Subtree reopened() {
        return new Subtree(znodes, creates, true);
    }

    private Subtree with(String name, Znode znode, int creates) {
        var changed = new TreeMap<>(Map.copyOf(znodes));
        changed.put(name, znode);
        return new Subtree(changed, creates, sessionOpen);
    }
}
