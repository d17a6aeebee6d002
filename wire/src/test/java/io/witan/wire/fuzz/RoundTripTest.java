package io.witan.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.Random;

/// What is written is read back as it was.
class RoundTripTest {

    @Property
    void requests(@ForAll Random random) {
        Request request = new Samples(random).request();

        JuteWriter out = new JuteWriter();
        request.write(out);
        JuteReader in = JuteReader.over(out.toByteArray());

        assertEqual(Request.read(request.type(), in), request);
        assertThat(in.remaining()).isZero();
    }

    @Property
    void replies(@ForAll Random random) {
        Samples samples = new Samples(random);
        int type = samples.request().type();
        Reply reply = samples.reply(type);

        JuteWriter out = new JuteWriter();
        reply.write(out);
        JuteReader in = JuteReader.over(out.toByteArray());

        assertEqual(Reply.read(type, in), reply);
        assertThat(in.remaining()).isZero();
    }

    @Property
    void transactions(@ForAll Random random) {
        LoggedTxn logged = new Samples(random).transaction();

        JuteWriter out = new JuteWriter();
        TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());
        JuteReader in = JuteReader.over(out.toByteArray());

        assertEqual(TxnCodec.read(in), logged);
        assertThat(in.remaining()).isZero();
    }

    /// By all fields, because records compare arrays by identity.
    private static void assertEqual(Object actual, Object expected) {
        assertThat(actual).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(expected);
    }
}
