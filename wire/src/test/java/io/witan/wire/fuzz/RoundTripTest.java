package io.witan.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.List;
import java.util.Random;

/// What is written is read back as it was.
class RoundTripTest {

    @Property(seed = "2026")
    void requests(@ForAll Random random) {
        Request request = new Samples(random).request();

        JuteWriter out = new JuteWriter();
        request.write(out);
        JuteReader in = JuteReader.over(out.toByteArray());

        assertEqual(Request.read(request.type(), in), request);
        assertThat(in.remaining()).isZero();
    }

    @Property(seed = "2026")
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

    @Property(seed = "2026")
    void transactions(@ForAll Random random) {
        LoggedTxn logged = new Samples(random).transaction();

        JuteWriter out = new JuteWriter();
        TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());
        JuteReader in = JuteReader.over(out.toByteArray());

        assertEqual(TxnCodec.read(in), logged);
        assertThat(in.remaining()).isZero();
    }

    @Property(seed = "2026")
    void quorum_packets(@ForAll Random random) {
        QuorumPacket packet = new QuorumSamples(random).packet();

        JuteWriter out = new JuteWriter();
        packet.write(out);
        JuteReader in = JuteReader.over(out.toByteArray());

        assertEqual(QuorumPacket.read(in), packet);
        assertThat(in.remaining()).isZero();
    }

    @Property(seed = "2026")
    void forwarded_requests(@ForAll Random random) {
        ForwardedRequest request = new QuorumSamples(random).forwardedRequest();

        assertEqual(ForwardedRequest.of(request.toPacket()), request);
    }

    @Property(seed = "2026")
    void payloads_of_quorum_packets(@ForAll Random random) {
        List<SessionTouch> touches = new QuorumSamples(random).touches();
        var info = new LearnerInfo(random.nextLong(), random.nextInt(), random.nextLong());
        var question = new Revalidation.Question(random.nextLong(), random.nextInt());
        var answer = new Revalidation.Answer(random.nextLong(), random.nextBoolean());

        assertThat(SessionTouch.decode(SessionTouch.encode(touches))).isEqualTo(touches);
        assertThat(LearnerInfo.decode(info.encode())).isEqualTo(info);
        assertThat(Revalidation.Question.decode(question.encode())).isEqualTo(question);
        assertThat(Revalidation.Answer.decode(answer.encode())).isEqualTo(answer);
    }

    @Property(seed = "2026")
    void notifications(@ForAll Random random) {
        Notification notification = new QuorumSamples(random).notification();

        byte[] bytes = notification.encode();

        assertThat(Notification.decode(bytes, 0, bytes.length)).isEqualTo(notification);
    }

    @Property(seed = "2026")
    void initial_messages(@ForAll Random random) {
        InitialMessage message = new QuorumSamples(random).initialMessage();

        byte[] bytes = message.encode();

        assertThat(InitialMessage.bytesNeeded(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(InitialMessage.decode(bytes, 0, bytes.length)).isEqualTo(message);
    }

    @Property(seed = "2026")
    void configurations(@ForAll Random random) throws ConfigTextException {
        EnsembleConfig config = new QuorumSamples(random).config();

        assertThat(EnsembleConfig.parse(config.text())).isEqualTo(config);
        assertThat(EnsembleConfig.parse(config.fileText())).matches(config::sameContent);
    }

    /// By all fields, because records compare arrays by identity.
    private static void assertEqual(Object actual, Object expected) {
        assertThat(actual).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(expected);
    }
}
