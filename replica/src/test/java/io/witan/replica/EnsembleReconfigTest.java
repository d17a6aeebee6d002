package io.witan.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Id;
import io.witan.wire.txn.Txn;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Set;

/// Requests for other members, on the leader (quorum, sections 5.1 to 5.3).
class EnsembleReconfigTest {

    private static final String FOUR = "server.4=h4:2888:3888:participant;h4:2181";
    private static final long SESSION = 0x0200_0000_0000_0007L;

    private final TestMember leader =
            new TestMember(o -> o.superDigest = "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=").leads(1);

    private static Request joining(String servers) {
        return new Request.Reconfig(servers, null, null, -1);
    }

    /// The error of a request of a client that may do everything.
    private int err(Request request) {
        TestClient client = leader.connects();
        client.asks(Requests.digestAuth("super:admin"));
        client.sends(request);
        leader.commitsAll();
        return client.takesAnswer().err();
    }

    @Test
    void a_server_joins() {
        leader.agreement.synced.add(4L);
        TestClient client = leader.connects();
        assertThat(client.err(Requests.digestAuth("super:admin"))).isZero();
        client.asks(Requests.watching(Requests.getData("/zookeeper/config")));
        client.sends(joining(FOUR));

        var header = leader.lastTxn().header();
        assertThat(header.type()).isEqualTo(OpCode.RECONFIG);
        String text =
                """
                server.1=h1:2888:3888:participant;h1:2181
                server.2=h2:2888:3888:participant;h2:2181
                server.3=h3:2888:3888:participant;h3:2181
                server.4=h4:2888:3888:participant;h4:2181
                version=\
                """
                        + Long.toHexString(header.zxid());
        Txn.SetData txn = (Txn.SetData) leader.lastTxn().txn();
        assertThat(Frame.text(txn.path())).isEqualTo("/zookeeper/config");
        assertThat(Frame.text(txn.data())).isEqualTo(text);
        assertThat(txn.version()).isEqualTo(-1);

        leader.commitsAll();

        assertThat(client.takes()).hasToString("data /zookeeper/config");
        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.data()).isEqualTo(text);
        assertThat(answer.stat().version()).isEqualTo(-1);
        assertThat(answer.stat().mzxid()).isEqualTo(header.zxid());
        assertThat(answer.body()).isInstanceOf(Reply.DataAndStat.class);
    }

    @Test
    void it_may_be_asked_for_through_a_learner() {
        leader.agreement.synced.add(4L);
        leader.forwards(5, SESSION, 0, OpCode.CREATE_SESSION, new byte[] {0, 0, 0x27, 0x10});

        leader.forwards(5, SESSION, 3, joining(FOUR), new Id("super", ""));

        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.RECONFIG);
        assertThat(leader.lastTxn().header().cxid()).isEqualTo(3);
    }

    @Test
    void only_where_reconfiguration_is_enabled() {
        TestMember server = new TestMember(o -> o.reconfigEnabled = false).leads(1);
        TestClient client = server.connects();
        client.sends(joining(FOUR));
        server.commitsAll();

        assertThat(client.takesAnswer().err()).isEqualTo(ErrorCode.RECONFIG_DISABLED);
    }

    @Test
    void only_one_at_a_time() {
        leader.agreement.lastSeen = leader.agreement.committed.withVersion(99);

        assertThat(err(joining(FOUR))).isEqualTo(ErrorCode.RECONFIG_IN_PROGRESS);
    }

    @Test
    void only_on_the_version_that_the_client_knows() {
        assertThat(err(new Request.Reconfig(FOUR, null, null, 77)))
                .isEqualTo(ErrorCode.BAD_VERSION);
    }

    @Test
    void only_what_can_be_understood() {
        assertThat(err(joining("server.x"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    @Test
    void two_participants_at_least_remain() {
        assertThat(err(leaving("2,3"))).isEqualTo(ErrorCode.BAD_ARGUMENTS);
    }

    private static Request leaving(@Nullable String servers) {
        return new Request.Reconfig(null, servers, null, -1);
    }

    @Test
    void a_quorum_of_the_new_members_is_in_synchrony() {
        leader.agreement.synced.retainAll(Set.of(1L));

        assertThat(err(leaving("3"))).isEqualTo(ErrorCode.NEW_CONFIG_NO_QUORUM);
    }

    @Test
    void only_by_those_who_may_write_the_configuration() {
        TestClient client = leader.connects();
        client.sends(leaving("3"));
        leader.commitsAll();

        assertThat(client.takesAnswer().err()).isEqualTo(ErrorCode.NO_AUTH);
        assertThat(leader.lastTxn().header().type()).isEqualTo(OpCode.ERROR);
        assertThat(leader.data("/zookeeper/config")).isEqualTo(TestMember.CONFIG);
    }
}
