package io.witan.simulation.check.model;

import io.witan.wire.data.Acl;
import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// One version of a znode (client-and-disk, section 6.1).
///
/// @param creates how many children were ever made below it: the stored cversion
/// @param owner as stored: session id, or a mark of containers and of znodes with a time to live
/// @param children how many it has
public record ModelNode(
        byte @Nullable [] data,
        @Nullable List<Acl> acl,
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int creates,
        int aversion,
        long owner,
        long pzxid,
        int children) {

    static final long CONTAINER_OWNER = Long.MIN_VALUE;
    static final long TTL_MARK = 0xff00_0000_0000_0000L;

    static ModelNode system(@Nullable List<Acl> acl, int aversion, int children) {
        return new ModelNode(new byte[0], acl, 0, 0, 0, 0, 0, 0, aversion, 0, 0, children);
    }

    static ModelNode created(
            byte @Nullable [] data, @Nullable List<Acl> acl, long owner, long zxid, long time) {
        return new ModelNode(data, acl, zxid, zxid, time, time, 0, 0, 0, owner, zxid, 0);
    }

    ModelNode withChildCreated(int newCreates, long zxid) {
        boolean grows = newCreates > creates;
        return new ModelNode(
                data,
                acl,
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                grows ? newCreates : creates,
                aversion,
                owner,
                grows ? zxid : pzxid,
                children + 1);
    }

    ModelNode withChildDeleted(long zxid) {
        return new ModelNode(
                data,
                acl,
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                creates,
                aversion,
                owner,
                Math.max(zxid, pzxid),
                children - 1);
    }

    ModelNode withData(byte @Nullable [] newData, int newVersion, long zxid, long time) {
        return new ModelNode(
                newData,
                acl,
                czxid,
                zxid,
                ctime,
                time,
                newVersion,
                creates,
                aversion,
                owner,
                pzxid,
                children);
    }

    ModelNode withAcl(@Nullable List<Acl> newAcl, int newAversion) {
        return new ModelNode(
                data,
                newAcl,
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                creates,
                newAversion,
                owner,
                pzxid,
                children);
    }

    /// Whether a session owns it.
    public boolean isEphemeral() {
        return owner != 0 && !isContainer() && !isTtl();
    }

    boolean isContainer() {
        return owner == CONTAINER_OWNER;
    }

    /// Whether it has a time to live.
    boolean isTtl() {
        return (owner & TTL_MARK) == TTL_MARK;
    }

    long ttlMillis() {
        return owner & ~TTL_MARK;
    }

    /// What clients see of it.
    public Stat stat() {
        return new Stat(
                czxid,
                mzxid,
                ctime,
                mtime,
                version,
                2 * creates - children,
                aversion,
                isEphemeral() ? owner : 0,
                data == null ? 0 : data.length,
                children,
                pzxid);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelNode node
                && stat().equals(node.stat())
                && owner == node.owner
                && creates == node.creates
                && Arrays.equals(data, node.data)
                && Objects.equals(acl, node.acl);
    }

    @Override
    public int hashCode() {
        return stat().hashCode();
    }
}
