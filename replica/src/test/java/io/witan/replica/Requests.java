package io.witan.replica;

import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Requests in few words.
final class Requests {

    static final int PERSISTENT = 0;
    static final int EPHEMERAL = 1;
    static final int SEQUENTIAL = 2;
    static final int EPHEMERAL_SEQUENTIAL = 3;
    static final int CONTAINER = 4;
    static final int TTL = 5;
    static final int SEQUENTIAL_TTL = 6;

    static final int ANY = -1;

    private Requests() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] orNull(@Nullable String text) {
        return text == null ? null : bytes(text);
    }

    static Request creation(String path) {
        return creation(path, PERSISTENT);
    }

    static Request creation(@Nullable String path, int flags) {
        return creation(OpCode.CREATE, path, "", flags, 0, Acl.OPEN);
    }

    static Request creation(String path, String data) {
        return creation(OpCode.CREATE, path, data, PERSISTENT, 0, Acl.OPEN);
    }

    static Request creation(String path, @Nullable List<Acl> acl) {
        return creation(OpCode.CREATE, path, "", PERSISTENT, 0, acl);
    }

    static Request create2(String path, int flags) {
        return creation(OpCode.CREATE2, path, "", flags, 0, Acl.OPEN);
    }

    static Request createContainer(String path, int flags) {
        return creation(OpCode.CREATE_CONTAINER, path, "", flags, 0, Acl.OPEN);
    }

    static Request createContainer(String path) {
        return createContainer(path, CONTAINER);
    }

    static Request createTtl(String path, int flags, long ttl) {
        return creation(OpCode.CREATE_TTL, path, "", flags, ttl, Acl.OPEN);
    }

    static Request creation(
            int type,
            @Nullable String path,
            @Nullable String data,
            int flags,
            long ttl,
            @Nullable List<Acl> acl) {
        return new Request.Create(
                type, new CreateRequest(orNull(path), orNull(data), acl, flags, ttl));
    }

    static Request delete(@Nullable String path) {
        return delete(path, ANY);
    }

    static Request delete(@Nullable String path, int version) {
        return new Request.Delete(orNull(path), version);
    }

    static Request setData(@Nullable String path, @Nullable String data) {
        return setData(path, data, ANY);
    }

    static Request setData(@Nullable String path, @Nullable String data, int version) {
        return new Request.SetData(orNull(path), orNull(data), version);
    }

    static Request setAcl(@Nullable String path, @Nullable List<Acl> acl, int version) {
        return new Request.SetAcl(orNull(path), acl, version);
    }

    static Request setAcl(String path, List<Acl> acl) {
        return setAcl(path, acl, ANY);
    }

    static Request check(@Nullable String path, int version) {
        return new Request.Check(orNull(path), version);
    }

    static Request multi(Request... ops) {
        return Request.multi(List.of(ops));
    }

    static Request multiRead(Request... ops) {
        return Request.multiRead(List.of(ops));
    }

    static Request getData(@Nullable String path) {
        return new Request.Watchable(OpCode.GET_DATA, orNull(path), false);
    }

    static Request exists(@Nullable String path) {
        return new Request.Watchable(OpCode.EXISTS, orNull(path), false);
    }

    static Request getChildren(@Nullable String path) {
        return new Request.Watchable(OpCode.GET_CHILDREN, orNull(path), false);
    }

    static Request getChildren2(String path) {
        return new Request.Watchable(OpCode.GET_CHILDREN2, bytes(path), false);
    }

    /// The same with a watch.
    static Request watching(Request request) {
        Request.Watchable read = (Request.Watchable) request;
        return new Request.Watchable(read.type(), read.path(), true);
    }

    static Request getAcl(String path) {
        return new Request.OfPath(OpCode.GET_ACL, bytes(path));
    }

    static Request sync(@Nullable String path) {
        return new Request.OfPath(OpCode.SYNC, orNull(path));
    }

    static Request getEphemerals(@Nullable String prefix) {
        return new Request.OfPath(OpCode.GET_EPHEMERALS, orNull(prefix));
    }

    static Request getAllChildrenNumber(String path) {
        return new Request.OfPath(OpCode.GET_ALL_CHILDREN_NUMBER, bytes(path));
    }

    static Request ping() {
        return new Request.Bare(OpCode.PING);
    }

    static Request whoAmI() {
        return new Request.Bare(OpCode.WHO_AM_I);
    }

    static Request closeSession() {
        return new Request.Bare(OpCode.CLOSE_SESSION);
    }

    static Request addWatch(@Nullable String path, int mode) {
        return new Request.AddWatch(orNull(path), mode);
    }

    static Request checkWatches(String path, int type) {
        return new Request.OfWatches(OpCode.CHECK_WATCHES, bytes(path), type);
    }

    static Request removeWatches(String path, int type) {
        return new Request.OfWatches(OpCode.REMOVE_WATCHES, bytes(path), type);
    }

    static Request auth(@Nullable String scheme, String data) {
        return new Request.Auth(0, scheme, bytes(data));
    }

    static Request digestAuth(String userAndPassword) {
        return auth("digest", userAndPassword);
    }

    static Request reconfig() {
        return new Request.Reconfig(null, null, null, -1);
    }

    static List<byte @Nullable []> paths(String... paths) {
        return java.util.Arrays.stream(paths).map(Requests::bytes).toList();
    }

    static Acl acl(int perms, @Nullable String scheme, @Nullable String id) {
        return new Acl(perms, new Id(scheme, id));
    }

    static List<Acl> anyone(int perms) {
        return List.of(acl(perms, "world", "anyone"));
    }
}
