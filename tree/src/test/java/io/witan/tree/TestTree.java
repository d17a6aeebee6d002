package io.witan.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A tree with the words that tests use, each a transaction with the next zxid. Its clock shows the
/// zxid times a thousand.
final class TestTree implements TreeListener {

    static final long SESSION = 0x100_0000_0000_0001L;

    final ZnodeTree tree;
    final List<String> events = new ArrayList<>();
    long zxid;

    TestTree() {
        this(new TreeSettings(true, false, true, 77));
    }

    TestTree(TreeSettings settings) {
        tree = new ZnodeTree(settings);
    }

    TxnOutcome create(String path) {
        return create(OpCode.CREATE, path, -1);
    }

    TxnOutcome create(int type, String path, int parentCversion) {
        return apply(type, created(path, parentCversion));
    }

    TxnOutcome createEphemeral(String path, long session) {
        return apply(
                session,
                OpCode.CREATE2,
                new Txn.Create(bytes(path), new byte[0], Acl.OPEN, true, -1));
    }

    TxnOutcome createContainer(String path) {
        return apply(
                OpCode.CREATE_CONTAINER,
                new Txn.CreateContainer(bytes(path), new byte[0], Acl.OPEN, -1));
    }

    TxnOutcome createTtl(String path, long ttl) {
        return apply(
                OpCode.CREATE_TTL, new Txn.CreateTtl(bytes(path), new byte[0], Acl.OPEN, -1, ttl));
    }

    TxnOutcome create(String path, @Nullable String data) {
        return apply(
                OpCode.CREATE,
                new Txn.Create(
                        bytes(path), data == null ? null : bytes(data), Acl.OPEN, false, -1));
    }

    TxnOutcome createWith(List<Acl> acl, String path) {
        return apply(OpCode.CREATE2, new Txn.Create(bytes(path), new byte[0], acl, false, -1));
    }

    TxnOutcome delete(String path) {
        return apply(OpCode.DELETE, new Txn.Delete(bytes(path)));
    }

    TxnOutcome setData(String path, String data, int version) {
        return apply(OpCode.SET_DATA, new Txn.SetData(bytes(path), bytes(data), version));
    }

    TxnOutcome createSession(long id) {
        return apply(id, OpCode.CREATE_SESSION, new Txn.CreateSession(4000));
    }

    TxnOutcome closeSession(long id, String... paths) {
        var list = new ArrayList<byte[]>();
        for (String path : paths) {
            list.add(bytes(path));
        }
        return apply(id, OpCode.CLOSE_SESSION, new Txn.CloseSession(list));
    }

    TxnOutcome multi(Txn.Op... ops) {
        return apply(OpCode.MULTI, new Txn.Multi(List.of(ops)));
    }

    TxnOutcome apply(int type, Txn txn) {
        return apply(SESSION, type, txn);
    }

    TxnOutcome apply(long session, int type, Txn txn) {
        zxid++;
        return tree.apply(new TxnHeader(session, 1, zxid, zxid * 1000, type), txn, this);
    }

    static Txn.Create created(String path, int parentCversion) {
        return new Txn.Create(bytes(path), new byte[0], Acl.OPEN, false, parentCversion);
    }

    Znode at(String path) {
        return Objects.requireNonNull(tree.find(bytes(path)), path);
    }

    boolean exists(String path) {
        return tree.find(bytes(path)) != null;
    }

    String data(String path) {
        return new String(Objects.requireNonNull(at(path).data()), UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void created(byte[] path, int aclKey, int parentAclKey, long zxid) {
        events.add("created " + new String(path, UTF_8));
    }

    @Override
    public void deleted(byte[] path, int aclKey, int parentAclKey, long zxid) {
        events.add("deleted " + new String(path, UTF_8) + " " + tree.acls().list(aclKey).size());
    }

    @Override
    public void dataChanged(byte[] path, int aclKey, long zxid) {
        events.add("changed " + new String(path, UTF_8));
    }
}
