package io.witan.simulation.check.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/// What leaders do of their own accord.
class ModelTest {

    private static final int TTL_MILLIS = 1_000;

    private final Model model = new Model();
    private long zxid = 0x1_0000_0000L;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// What is wrong with a transaction that no client has asked for.
    private @Nullable String does(int type, long millis, Txn txn) {
        JuteWriter out = new JuteWriter();
        TxnCodec.write(out, new TxnHeader(0, 0, ++zxid, millis, type), txn, null);
        return model.committed(zxid, out.toByteArray());
    }

    private @Nullable String sweeps(String path, long millis) {
        return does(OpCode.DELETE_CONTAINER, millis, new Txn.Delete(bytes(path)));
    }

    private void hasContainer(String path) {
        does(
                OpCode.CREATE_CONTAINER,
                0,
                new Txn.CreateContainer(bytes(path), bytes(""), Acl.OPEN, 1));
    }

    private void has(String path) {
        does(OpCode.CREATE, 0, new Txn.Create(bytes(path), bytes(""), Acl.OPEN, false, 1));
    }

    @Test
    void an_empty_container_goes() {
        hasContainer("/k");

        assertThat(sweeps("/k", 0)).isNull();
    }

    @Test
    void one_with_children_stays() {
        hasContainer("/k");
        has("/k/a");

        assertThat(sweeps("/k", 0)).startsWith("L1").contains("has children");
    }

    @Test
    void what_is_no_container_stays() {
        has("/a");

        assertThat(sweeps("/a", 0)).startsWith("L1").contains("no container");
    }

    @Test
    void a_time_to_live_must_be_over() {
        var txn = new Txn.CreateTtl(bytes("/t"), bytes(""), Acl.OPEN, 1, TTL_MILLIS);
        does(OpCode.CREATE_TTL, 0, txn);

        assertThat(sweeps("/t", TTL_MILLIS)).startsWith("L1").contains("not over");
        does(OpCode.CREATE_TTL, 0, txn);
        assertThat(sweeps("/t", TTL_MILLIS + 1)).isNull();
    }
}
