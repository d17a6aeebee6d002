package io.witan.torment.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.txn.Txn;

import org.junit.jupiter.api.Test;

class FailedMultisTest {

    private static final Txn.Create CREATE =
            new Txn.Create(Txns.bytes("/a"), null, Acl.OPEN, false, 1);
    private static final Txn.Op FAILED = failed(ErrorCode.NODE_EXISTS);

    @Test
    void as_it_is_proposed_and_as_apache_sends_it_later_a_failed_multi_is_the_same() {
        byte[] proposed = Txns.multi(1, new Txn.Op(OpCode.CREATE, CREATE), FAILED);
        // "/a" has two bytes.
        byte[] sentLater = Txns.multi(1, failed(2), FAILED);

        assertThat(FailedMultis.inOneForm(sentLater))
                .isEqualTo(FailedMultis.inOneForm(proposed))
                .isEqualTo(Txns.multi(1, failed(ErrorCode.OK), FAILED));
    }

    @Test
    void all_else_stays_as_it_is() {
        byte[] multi = Txns.multi(1, new Txn.Op(OpCode.CREATE, CREATE));
        byte[] create = Txns.create(1, 1, "/a");

        assertThat(FailedMultis.inOneForm(multi)).isEqualTo(multi);
        assertThat(FailedMultis.inOneForm(create)).isEqualTo(create);
    }

    private static Txn.Op failed(int err) {
        return new Txn.Op(OpCode.ERROR, new Txn.Failed(err));
    }
}
