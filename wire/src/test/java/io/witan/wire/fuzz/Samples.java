package io.witan.wire.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.ClientInfo;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Stat;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// Random records of all kinds, nulls included wherever the protocol has them.
final class Samples {

    private static final int[] REQUEST_TYPES = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 100, 101, 102, 103,
        104, 105, 106, 107, -11
    };

    private static final int[] WRITES_IN_MULTI = {1, 2, 5, 13, 15, 19, 21};
    private static final int[] READS_IN_MULTI = {4, 8};
    private static final int[] RESULTS = {-1, 1, 2, 4, 5, 8, 13, 15};
    private static final int[] TRANSACTIONS = {-11, -10, -1, 1, 2, 5, 7, 14, 15, 16, 19, 20, 21};
    private static final int[] TRANSACTIONS_IN_MULTI = {-1, 1, 2, 5, 13, 15, 19, 21};

    private final Random random;

    Samples(Random random) {
        this.random = random;
    }

    Request request() {
        return request(oneOf(REQUEST_TYPES));
    }

    private Request request(int type) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2, OpCode.CREATE_CONTAINER ->
                    new Request.Create(
                            type,
                            new CreateRequest(buffer(), buffer(), acl(), random.nextInt(), 0));
            case OpCode.CREATE_TTL ->
                    new Request.Create(
                            type,
                            new CreateRequest(
                                    buffer(),
                                    buffer(),
                                    acl(),
                                    random.nextInt(),
                                    random.nextLong()));
            case OpCode.DELETE -> new Request.Delete(buffer(), random.nextInt());
            case OpCode.SET_DATA -> new Request.SetData(buffer(), buffer(), random.nextInt());
            case OpCode.SET_ACL -> new Request.SetAcl(buffer(), acl(), random.nextInt());
            case OpCode.CHECK -> new Request.Check(buffer(), random.nextInt());
            case OpCode.EXISTS, OpCode.GET_DATA, OpCode.GET_CHILDREN, OpCode.GET_CHILDREN2 ->
                    new Request.Watchable(type, buffer(), random.nextBoolean());
            case OpCode.GET_ACL,
                    OpCode.SYNC,
                    OpCode.GET_ALL_CHILDREN_NUMBER,
                    OpCode.GET_EPHEMERALS ->
                    new Request.OfPath(type, buffer());
            case OpCode.ADD_WATCH -> new Request.AddWatch(buffer(), random.nextInt());
            case OpCode.CHECK_WATCHES, OpCode.REMOVE_WATCHES ->
                    new Request.OfWatches(type, buffer(), random.nextInt());
            case OpCode.SET_WATCHES ->
                    new Request.SetWatches(random.nextLong(), paths(), paths(), paths());
            case OpCode.SET_WATCHES2 ->
                    new Request.SetWatches2(
                            random.nextLong(), paths(), paths(), paths(), paths(), paths());
            case OpCode.AUTH -> new Request.Auth(random.nextInt(), text(), buffer());
            case OpCode.SASL -> new Request.Sasl(buffer());
            case OpCode.RECONFIG -> new Request.Reconfig(text(), text(), text(), random.nextLong());
            case OpCode.MULTI -> Request.multi(list(() -> request(oneOf(WRITES_IN_MULTI))));
            case OpCode.MULTI_READ -> Request.multiRead(list(() -> request(oneOf(READS_IN_MULTI))));
            default -> new Request.Bare(type);
        };
    }

    /// The body of a reply to a request of `type`.
    Reply reply(int type) {
        return switch (type) {
            case OpCode.CREATE, OpCode.SYNC -> new Reply.OfPath(buffer());
            case OpCode.CREATE2, OpCode.CREATE_CONTAINER, OpCode.CREATE_TTL ->
                    new Reply.PathAndStat(buffer(), stat());
            case OpCode.EXISTS, OpCode.SET_DATA, OpCode.SET_ACL -> new Reply.OfStat(stat());
            case OpCode.GET_DATA, OpCode.RECONFIG -> new Reply.DataAndStat(buffer(), stat());
            case OpCode.GET_ACL -> new Reply.AclAndStat(acl(), stat());
            case OpCode.GET_CHILDREN, OpCode.GET_EPHEMERALS -> new Reply.Names(paths());
            case OpCode.GET_CHILDREN2 -> new Reply.NamesAndStat(paths(), stat());
            case OpCode.GET_ALL_CHILDREN_NUMBER -> new Reply.Count(random.nextInt());
            case OpCode.ADD_WATCH -> new Reply.Err(random.nextInt());
            case OpCode.WHO_AM_I ->
                    new Reply.Identities(
                            nullable(() -> list(() -> new ClientInfo(text(), text()))));
            case OpCode.SASL -> new Reply.Token(buffer());
            case OpCode.MULTI, OpCode.MULTI_READ -> new Reply.Results(list(this::result));
            default -> new Reply.Empty();
        };
    }

    LoggedTxn transaction() {
        int type = oneOf(TRANSACTIONS);
        TxnHeader header =
                new TxnHeader(
                        random.nextLong(),
                        random.nextInt(),
                        random.nextLong(),
                        random.nextLong(),
                        type);
        TxnDigest digest = nullable(() -> new TxnDigest(TxnDigest.VERSION, random.nextLong()));
        return new LoggedTxn(header, txn(type), digest);
    }

    private Txn txn(int type) {
        return switch (type) {
            case OpCode.CREATE, OpCode.CREATE2 ->
                    new Txn.Create(
                            bytes(), buffer(), acl(), random.nextBoolean(), random.nextInt());
            case OpCode.CREATE_CONTAINER ->
                    new Txn.CreateContainer(bytes(), buffer(), acl(), random.nextInt());
            case OpCode.CREATE_TTL ->
                    new Txn.CreateTtl(
                            bytes(), buffer(), acl(), random.nextInt(), random.nextLong());
            case OpCode.DELETE, OpCode.DELETE_CONTAINER -> new Txn.Delete(bytes());
            case OpCode.SET_DATA, OpCode.RECONFIG ->
                    new Txn.SetData(bytes(), buffer(), random.nextInt());
            case OpCode.SET_ACL -> new Txn.SetAcl(bytes(), acl(), random.nextInt());
            case OpCode.CHECK -> new Txn.CheckVersion(bytes(), random.nextInt());
            case OpCode.MULTI -> new Txn.Multi(list(this::txnOp));
            case OpCode.CREATE_SESSION -> new Txn.CreateSession(random.nextInt());
            case OpCode.CLOSE_SESSION -> new Txn.CloseSession(nullable(() -> list(this::path)));
            default -> new Txn.Failed(random.nextInt());
        };
    }

    private Txn.Op txnOp() {
        int type = oneOf(TRANSACTIONS_IN_MULTI);
        return new Txn.Op(type, txn(type));
    }

    private Reply.Result result() {
        int type = oneOf(RESULTS);
        return type == OpCode.ERROR
                ? Reply.Result.error(random.nextInt())
                : new Reply.Result(type, 0, reply(type));
    }

    private Stat stat() {
        return new Stat(
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(),
                random.nextInt(),
                random.nextLong(),
                random.nextInt(),
                random.nextInt(),
                random.nextLong());
    }

    private @Nullable List<Acl> acl() {
        return nullable(() -> list(() -> new Acl(random.nextInt(), new Id(text(), text()))));
    }

    private @Nullable List<byte @Nullable []> paths() {
        return nullable(() -> list(this::buffer));
    }

    private byte @Nullable [] buffer() {
        return random.nextInt(8) == 0 ? null : bytes();
    }

    private byte[] path() {
        return ("/" + random.nextInt(100)).getBytes(UTF_8);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Any text without lone surrogates, which UTF-8 does not have.
    private @Nullable String text() {
        return nullable(() ->
                random.ints(random.nextInt(6), 0, Character.MAX_CODE_POINT + 1)
                        .filter(c -> c < 0xD800 || c > 0xDFFF)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString());
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private <T> @Nullable T nullable(Supplier<T> value) {
        return random.nextInt(8) == 0 ? null : value.get();
    }

    private int oneOf(int[] values) {
        return values[random.nextInt(values.length)];
    }
}
