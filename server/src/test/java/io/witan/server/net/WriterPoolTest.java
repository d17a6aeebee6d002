package io.witan.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;

class WriterPoolTest {

    private static final int MEBIBYTE = 1 << 20;

    private final WriterPool pool = new WriterPool();

    @Test
    void the_array_that_a_megabyte_needed_is_used_for_the_next_one() {
        JuteWriter writer = pool.borrow();
        answer(writer);
        byte[] bytes = writer.bytes();
        pool.giveBack(writer);

        JuteWriter next = pool.borrow();
        assertThat(next.length()).isZero();
        answer(next);

        assertThat(next.bytes()).isSameAs(bytes);
    }

    @Test
    void what_one_giant_answer_needed_is_let_go() {
        JuteWriter writer = pool.borrow();
        writer.writeBuffer(new byte[WriterPool.KEPT_BYTES]);
        pool.giveBack(writer);

        assertThat(pool.borrow().capacity()).isLessThan(MEBIBYTE);
    }

    @Test
    void all_that_is_kept_has_a_limit() {
        for (int i = 0; i < 20; i++) {
            pool.giveBack(new JuteWriter(MEBIBYTE));
        }

        int kept = 0;
        for (JuteWriter writer = pool.borrow();
                writer.capacity() >= MEBIBYTE;
                writer = pool.borrow()) {
            kept += writer.capacity();
        }
        assertThat(kept).isEqualTo(WriterPool.KEPT_BYTES_TOGETHER);
    }

    /// As `getData` answers: what follows the data needs room as well.
    private static void answer(JuteWriter writer) {
        writer.writeInt(1).writeBuffer(new byte[MEBIBYTE]).writeLong(2);
    }
}
