package io.witan.simulation.check.model;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A state with changes on top that may be thrown away: what the operations of one transaction do
/// (client-and-disk, section 8.5).
final class Overlay implements ModelView {

    private final ModelView below;
    private final long zxid;
    private final long time;
    private final SortedMap<String, Optional<ModelNode>> changed = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    Overlay(ModelView below, long zxid, long time) {
        this.below = below;
        this.zxid = zxid;
        this.time = time;
    }

    /// What is different, by path; empty for what is gone.
    SortedMap<String, Optional<ModelNode>> changed() {
        return changed;
    }

    /// In order.
    List<Change> changes() {
        return changes;
    }

    @Override
    public @Nullable ModelNode node(String path) {
        Optional<ModelNode> here = changed.get(path);
        return here == null ? below.node(path) : here.orElse(null);
    }

    @Override
    public boolean hasSession(long sessionId) {
        return below.hasSession(sessionId);
    }

    @Override
    public boolean mayWrite(long sessionId) {
        return below.mayWrite(sessionId);
    }

    /// The parent exists, the znode does not.
    void create(
            String path, byte @Nullable [] data, @Nullable List<Acl> acl, long owner, int creates) {
        String parentPath = ModelView.parent(path);
        ModelNode parent = Objects.requireNonNull(node(parentPath), parentPath);
        changed.put(parentPath, Optional.of(parent.withChildCreated(creates, zxid)));
        changed.put(path, Optional.of(ModelNode.created(data, acl, owner, zxid, time)));
        changes.add(new Change(zxid, Change.Kind.CREATED, path, acl, parent.acl()));
    }

    /// The znode exists.
    void delete(String path) {
        String parentPath = ModelView.parent(path);
        ModelNode parent = Objects.requireNonNull(node(parentPath), parentPath);
        changed.put(parentPath, Optional.of(parent.withChildDeleted(zxid)));
        ModelNode node = Objects.requireNonNull(node(path), path);
        changed.put(path, Optional.empty());
        changes.add(new Change(zxid, Change.Kind.DELETED, path, node.acl(), parent.acl()));
    }

    void setData(String path, byte @Nullable [] data, int version) {
        ModelNode node = Objects.requireNonNull(node(path), path);
        changed.put(path, Optional.of(node.withData(data, version, zxid, time)));
        changes.add(new Change(zxid, Change.Kind.DATA_CHANGED, path, node.acl(), null));
    }

    void setAcl(String path, @Nullable List<Acl> acl, int version) {
        ModelNode node = Objects.requireNonNull(node(path), path);
        changed.put(path, Optional.of(node.withAcl(acl, version)));
    }
}
