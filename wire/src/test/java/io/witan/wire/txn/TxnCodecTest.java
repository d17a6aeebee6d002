package io.witan.wire.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Consumer;

/// Section 8.2 of client-and-disk, and what section 13.2 says about closeSession.
class TxnCodecTest {

    private static final byte[] A = "/a".getBytes(UTF_8);

    @Test
    void an_unknown_type_is_refused() {
        assertThatThrownBy(() -> read(99, out -> {}))
                .isInstanceOf(DecodeException.class)
                .hasMessage("unknown transaction type 99");
    }

    @Test
    void a_header_that_is_cut_off_is_refused() {
        assertThatThrownBy(() -> TxnCodec.read(JuteReader.over(new byte[31])))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void a_create_that_ends_before_parent_cversion_takes_the_next_one() {
        LoggedTxn logged =
                read(
                        OpCode.CREATE,
                        out -> {
                            out.writeBuffer(A).writeBuffer(null);
                            Acl.writeList(out, Acl.OPEN);
                            out.writeBoolean(true);
                        });

        Txn.Create create = (Txn.Create) logged.txn();
        assertThat(create.parentCversion()).isEqualTo(-1);
        assertThat(create.ephemeral()).isTrue();
        assertThat(create.data()).isNull();
        assertThat(logged.digest()).isNull();
    }

    @Test
    void what_follows_the_record_is_its_digest() {
        assertThat(read(OpCode.ERROR, out -> out.writeInt(-101)).digest()).isNull();
        assertThat(read(OpCode.ERROR, out -> out.writeInt(-101).writeInt(2).writeLong(7)).digest())
                .isEqualTo(new TxnDigest(2, 7));
        assertThatThrownBy(() -> read(OpCode.ERROR, out -> out.writeInt(-101).writeInt(2)))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void close_session_without_paths_and_without_digest() {
        assertThat(closed(out -> {})).isNull();
    }

    @Test
    void close_session_with_paths() {
        assertThat(closed(out -> out.writeInt(0))).isEmpty();
        assertThat(closed(out -> out.writeInt(-1).writeInt(2).writeLong(7))).isEmpty();
        assertThat(closed(out -> paths(out).writeInt(2).writeLong(7))).containsExactly(A);
        assertThat(closed(out -> paths(out))).containsExactly(A);
    }

    @Test
    void close_session_with_twelve_bytes_of_paths() {
        List<byte[]> paths = closed(out -> out.writeInt(1).writeBuffer("/abc".getBytes(UTF_8)));

        assertThat(paths).containsExactly("/abc".getBytes(UTF_8));
    }

    /// The original takes these digests for a list of two paths and fails on all but the last.
    @Test
    void close_session_with_nothing_but_a_digest() {
        for (long treeDigest : new long[] {1_371_985_504L, -1, 0x0000_0001_0000_0000L, 0}) {
            LoggedTxn logged =
                    read(
                            OpCode.CLOSE_SESSION,
                            out -> out.writeInt(TxnDigest.VERSION).writeLong(treeDigest));

            assertThat(((Txn.CloseSession) logged.txn()).paths()).isNull();
            assertThat(logged.digest()).isEqualTo(new TxnDigest(2, treeDigest));
        }
    }

    @Test
    void a_path_that_is_null_is_refused() {
        assertThatThrownBy(() -> read(OpCode.DELETE, out -> out.writeBuffer(null)))
                .isInstanceOf(DecodeException.class)
                .hasMessage("null path");
    }

    @Test
    void a_multi_holds_neither_multis_nor_sessions() {
        for (int type : new int[] {OpCode.MULTI, OpCode.CREATE_SESSION, OpCode.CLOSE_SESSION}) {
            assertThatThrownBy(() ->
                            read(
                                    OpCode.MULTI,
                                    out -> out.writeInt(1).writeInt(type).writeBuffer(new byte[4])))
                    .isInstanceOf(DecodeException.class);
        }
    }

    @Test
    void an_operation_of_a_multi_ends_with_its_own_bytes() {
        assertThatThrownBy(() ->
                        read(
                                OpCode.MULTI,
                                out ->
                                        out.writeInt(2)
                                                .writeInt(OpCode.ERROR)
                                                .writeBuffer(new byte[3])
                                                .writeInt(OpCode.ERROR)
                                                .writeBuffer(new byte[4])))
                .isInstanceOf(DecodeException.class);

        // A CreateTxn of the oldest form, then another operation behind it.
        JuteWriter create = new JuteWriter();
        create.writeBuffer(A).writeBuffer(null).writeInt(0).writeBoolean(false);
        LoggedTxn logged =
                read(
                        OpCode.MULTI,
                        out ->
                                out.writeInt(2)
                                        .writeInt(OpCode.CREATE)
                                        .writeBuffer(create.toByteArray())
                                        .writeInt(OpCode.ERROR)
                                        .writeBuffer(new byte[4]));

        List<Txn.Op> ops = ((Txn.Multi) logged.txn()).ops();
        assertThat(((Txn.Create) ops.get(0).txn()).parentCversion()).isEqualTo(-1);
        assertThat(ops.get(1).txn()).isEqualTo(new Txn.Failed(0));
    }

    /// The tools of the original stumble over it.
    @Test
    void ZK_4607_an_operation_that_was_made_an_error_may_have_kept_its_body() {
        JuteWriter body = new JuteWriter().writeBuffer(A).writeBuffer(A).writeInt(0);
        LoggedTxn logged =
                read(
                        OpCode.MULTI,
                        out ->
                                out.writeInt(2)
                                        .writeInt(OpCode.ERROR)
                                        .writeBuffer(body.toByteArray())
                                        .writeInt(OpCode.ERROR)
                                        .writeBuffer(new byte[4]));

        List<Txn.Op> ops = ((Txn.Multi) logged.txn()).ops();
        assertThat(ops).map(Txn.Op::type).containsExactly(OpCode.ERROR, OpCode.ERROR);
        assertThat(ops.get(1).txn()).isEqualTo(new Txn.Failed(0));
    }

    @Test
    void a_count_that_the_data_cannot_hold_is_refused() {
        assertThatThrownBy(() -> read(OpCode.MULTI, out -> out.writeInt(Integer.MAX_VALUE)))
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> read(OpCode.CLOSE_SESSION, out -> out.writeInt(Integer.MAX_VALUE)))
                .isInstanceOf(DecodeException.class);
    }

    private static JuteWriter paths(JuteWriter out) {
        return out.writeVector(List.of(A), JuteWriter::writeBuffer);
    }

    private static @Nullable List<byte[]> closed(Consumer<JuteWriter> record) {
        return ((Txn.CloseSession) read(OpCode.CLOSE_SESSION, record).txn()).paths();
    }

    private static LoggedTxn read(int type, Consumer<JuteWriter> record) {
        JuteWriter out = new JuteWriter();
        new TxnHeader(1, 2, 3, 4, type).write(out);
        record.accept(out);
        return TxnCodec.read(JuteReader.over(out.toByteArray()));
    }
}
