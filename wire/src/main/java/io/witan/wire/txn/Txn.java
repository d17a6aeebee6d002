package io.witan.wire.txn;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A change of the replicated state, as it stands in the log and in proposals (client-and-disk,
/// section 8.1). Paths are UTF-8 bytes. Several transaction types share a record where they differ
/// only in their type number, which the [TxnHeader] (or the enclosing multi) carries.
public sealed interface Txn {

    /// Types create and create2. `parentCversion` is the parent's number of creates after this one,
    /// or -1 in logs of old servers: "one more than it has".
    record Create(
            byte[] path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            boolean ephemeral,
            int parentCversion)
            implements Txn {}

    /// Type createContainer.
    record CreateContainer(
            byte[] path, byte @Nullable [] data, @Nullable List<Acl> acl, int parentCversion)
            implements Txn {}

    /// Type createTTL; `ttl` in milliseconds.
    record CreateTtl(
            byte[] path,
            byte @Nullable [] data,
            @Nullable List<Acl> acl,
            int parentCversion,
            long ttl)
            implements Txn {}

    /// Types delete and deleteContainer.
    record Delete(byte[] path) implements Txn {}

    /// Types setData and reconfig; `version` is the new version.
    record SetData(byte[] path, byte @Nullable [] data, int version) implements Txn {}

    /// Type setACL; `version` is the new aversion.
    record SetAcl(byte[] path, @Nullable List<Acl> acl, int version) implements Txn {}

    /// Type check, within a multi; `version` is the znode's version + 1 and is not used.
    record CheckVersion(byte[] path, int version) implements Txn {}

    /// Type multi: all or nothing, one zxid and one time.
    record Multi(List<Op> ops) implements Txn {}

    /// One operation of a [Multi]: its type number and its record.
    record Op(int type, Txn txn) {}

    /// Type createSession; negotiated timeout in milliseconds.
    record CreateSession(int timeOut) implements Txn {}

    /// Type closeSession; the paths are null in logs of old servers, which means "all ephemerals
    /// the session has".
    record CloseSession(@Nullable List<byte[]> paths) implements Txn {}

    /// Type error: a write that failed its checks and took its zxid all the same.
    record Failed(int err) implements Txn {}
}
