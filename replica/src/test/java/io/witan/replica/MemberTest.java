package io.witan.replica;

import static io.witan.replica.Requests.bytes;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getData;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.replica.member.TreeStream;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.OpCode;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.txn.Txn;
import io.witan.zab.Effect;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

/// A member between serving periods, and what goes on with its tree.
class MemberTest {

    private static final long EPOCH_1 = 1L << 32;
    private static final long EPOCH_2 = 2L << 32;
    private static final long SESSION = 0x0200_0000_0000_0007L;

    private final TestMember server = new TestMember();

    private static Txn.Create node(String path) {
        return new Txn.Create(bytes(path), bytes("data"), Acl.OPEN, false, 1);
    }

    @Test
    void clients_that_come_while_there_is_no_leader_are_closed() {
        TestClient client = server.accepts();

        assertThat(client.isClosed()).isTrue();
        client.delivers(new byte[44]);
        client.hearsNothing();
    }

    @Test
    void what_is_delivered_before_clients_are_served_is_in_the_tree() {
        server.delivers(7, 1, EPOCH_1 + 1, OpCode.CREATE, node("/a"));
        server.follows(1);

        assertThat(server.znode("/a")).isNotNull();
        assertThat(server.member.lastDeliveredZxid()).isEqualTo(EPOCH_1 + 1);
    }

    @Test
    void nothing_is_delivered_twice() {
        server.delivers(7, 1, EPOCH_1 + 1, OpCode.CREATE, node("/a"));

        assertThatThrownBy(() -> server.delivers(7, 1, EPOCH_1 + 1, OpCode.CREATE, node("/a")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_epoch_begins_for_clients_with_its_first_zxid() {
        server.leads(3);
        TestClient client = server.introduces();
        server.commitsAll();
        client.takesConnectResponse();

        assertThat(server.agreement.log.getFirst().header().zxid()).isEqualTo((3L << 32) + 1);
        assertThat(client.asks(exists("/none")).zxid()).isEqualTo((3L << 32) + 1);
    }

    @Test
    void also_a_learner_has_all_that_came_before_the_epoch() {
        server.follows(3);

        assertThat(server.member.tree().lastZxid()).isEqualTo(3L << 32);
        assertThat(server.member.lastDeliveredZxid()).isZero();
    }

    @Test
    void clients_go_with_the_serving_period() {
        server.leads(1);
        TestClient client = server.connects();

        server.does(new Effect.StopServing("no quorum"));

        assertThat(client.isClosed()).isTrue();
        assertThat(server.member.replica()).isNull();
        assertThat(server.accepts().isClosed()).isTrue();
    }

    @Test
    void a_leader_that_does_not_serve_clients_closes_them() {
        TestMember leader = new TestMember(o -> o.leaderServes = false);
        leader.leads(1);

        TestClient client = leader.accepts();

        assertThat(leader.member.takesClients()).isFalse();
        assertThat(client.isClosed()).isTrue();
        client.delivers(new byte[44]);
        client.hearsNothing();
    }

    @Test
    void a_leader_that_does_not_serve_clients_serves_those_of_its_learners() {
        TestMember leader = new TestMember(o -> o.leaderServes = false);
        leader.leads(1);

        leader.forwards(5, SESSION, 0, OpCode.CREATE_SESSION, new byte[] {0, 0, 0x10, 0});
        leader.commitsAll();
        leader.forwards(5, SESSION, 1, creation("/a"));
        leader.commitsAll();

        assertThat(leader.znode("/a")).isNotNull();
        assertThat(leader.member.tree().sessions().contains(SESSION)).isTrue();
    }

    @Test
    void a_server_that_does_not_serve_clients_as_leader_does_so_as_follower() {
        TestMember once = new TestMember(o -> o.leaderServes = false);
        once.leads(1);
        once.does(new Effect.StopServing("no quorum"));
        once.follows(2);

        assertThat(once.member.takesClients()).isTrue();
        assertThat(once.accepts().isClosed()).isFalse();
    }

    @Test
    void a_proposal_of_an_earlier_period_is_answered_to_nobody() {
        server.leads(1);
        TestClient client = server.connects();
        client.sends(creation("/a"));
        var entry = server.agreement.proposed.removeFirst();
        server.does(new Effect.StopServing("no quorum"));

        server.does(new Effect.Deliver(entry.zxid(), entry.txn()));
        server.leads(2);
        TestClient later = server.connects();

        client.hearsNothing();
        assertThat(later.err(exists("/a"))).isZero();
        assertThat(server.lastTxn().header().zxid()).isEqualTo(EPOCH_2 + 1);
    }

    @Test
    void what_a_client_of_an_earlier_period_still_sends_is_not_heard() {
        server.leads(1);
        TestClient client = server.connects();
        server.does(new Effect.StopServing("no quorum"));
        server.leads(2);
        int proposals = server.agreement.log.size();

        server.member.received(client.connection, new byte[] {0, 0, 0, 1, 0, 0, 0, 11}, 0, 8);
        server.member.disconnected(client.connection);

        client.hearsNothing();
        assertThat(server.agreement.log).hasSize(proposals);
    }

    @Test
    void the_configuration_in_force_can_be_read() {
        server.leads(1);
        TestClient client = server.connects();

        assertThat(client.asks(getData("/zookeeper/config")).data()).isEqualTo(TestMember.CONFIG);
    }

    @Test
    void history_does_not_bring_back_an_older_configuration() {
        EnsembleConfig newest = TestMember.config(TestMember.CONFIG).withVersion(EPOCH_1 + 9);
        server.does(new Effect.ConfigInForce(newest));

        var older = new Txn.SetData(bytes("/zookeeper/config"), bytes("version=100000002"), -1);
        server.delivers(7, 1, EPOCH_1 + 2, OpCode.RECONFIG, older);

        assertThat(server.data("/zookeeper/config")).isEqualTo(newest.text());
    }

    @Test
    void a_snapshot_goes_from_the_leader_to_a_learner() {
        TestMember learner = new TestMember();
        server.delivers(7, 0, EPOCH_1 + 1, OpCode.CREATE_SESSION, new Txn.CreateSession(4_000));
        server.delivers(7, 1, EPOCH_1 + 2, OpCode.CREATE, node("/a"));
        server.does(new Effect.SendSnapshot(5, EPOCH_1 + 2));
        server.delivers(7, 2, EPOCH_1 + 3, OpCode.CREATE, node("/b"));

        learner.does(new Effect.ReceiveSnapshot(6, EPOCH_1 + 2));
        byte[] stream = pulled(server.sentSnapshots.getFirst());
        SnapshotStreamParser parser = Objects.requireNonNull(learner.snapshotParser);
        parser.feed(stream, 0, stream.length);
        learner.member.snapshotReceived(6);

        assertThat(parser.isComplete()).isTrue();
        assertThat(learner.znode("/a")).isNotNull();
        assertThat(learner.znode("/b")).isNull();
        assertThat(learner.member.tree().sessions().contains(7)).isTrue();
        assertThat(learner.member.lastDeliveredZxid()).isEqualTo(EPOCH_1 + 2);
        assertThat(learner.agreement.events).containsExactly("snapshot received 6");
        assertThat(learner.data("/zookeeper/config")).isEqualTo(TestMember.CONFIG);
    }

    /// It would be a file of the zxid before, without what had not yet come.
    @Test
    void there_is_no_snapshot_of_a_tree_that_is_being_received_nor_when_that_has_failed() {
        server.does(new Effect.SendSnapshot(5, EPOCH_1 + 2));
        byte[] stream = pulled(server.sentSnapshots.getFirst());
        TestMember learner = new TestMember();
        learner.does(new Effect.ReceiveSnapshot(6, EPOCH_1 + 2));
        SnapshotStreamParser parser = Objects.requireNonNull(learner.snapshotParser);
        parser.feed(stream, 0, stream.length / 2);

        assertThatThrownBy(learner.member::snapshot).isInstanceOf(IllegalStateException.class);
        learner.member.disconnected(6, "gone");
        assertThatThrownBy(learner.member::snapshot).isInstanceOf(IllegalStateException.class);

        learner.member.treeReloaded(1, new ZnodeTree(learner.member.tree().settings()), List.of());
        assertThat(learner.member.snapshot().zxid()).isZero();
    }

    private static byte[] pulled(TreeStream stream) {
        var out = new JuteWriter();
        while (!stream.advance(out, 10)) {
            assertThat(stream.isComplete()).isFalse();
        }
        return out.toByteArray();
    }

    @Test
    void a_snapshot_on_disk_has_the_name_of_the_last_transaction() {
        server.delivers(7, 1, EPOCH_1 + 2, OpCode.CREATE, node("/a"));
        server.leads(2);

        assertThat(server.member.snapshot().zxid()).isEqualTo(EPOCH_1 + 2);
        server.does(new Effect.StoreSnapshot(3, EPOCH_1 + 2));
        assertThat(server.storedSnapshots.getFirst().zxid()).isEqualTo(EPOCH_1 + 2);
    }

    @Test
    void a_tree_that_was_loaded_again_takes_the_place_of_the_old_one() {
        server.delivers(7, 1, EPOCH_1 + 2, OpCode.CREATE, node("/a"));
        server.does(new Effect.ReloadTree(8));
        assertThat(server.reloads).containsExactly(8L);

        server.member.treeReloaded(
                8, new ZnodeTree(new TreeSettings(true, false, true, 99)), List.of());

        assertThat(server.znode("/a")).isNull();
        assertThat(server.member.lastDeliveredZxid()).isZero();
        assertThat(server.agreement.events).containsExactly("tree reloaded 8 at 0");
        assertThat(server.data("/zookeeper/config")).isEqualTo(TestMember.CONFIG);
    }

    @Test
    void a_ping_is_answered_with_the_sessions_heard_of() {
        server.follows(1);
        server.does(new Effect.AnswerPing(4, 99));

        var answer = (Effect.SendPacket) server.effects.getLast();
        assertThat(answer.link()).isEqualTo(4);
        assertThat(answer.packet().type()).isEqualTo(PacketType.PING);
        assertThat(answer.packet().zxid()).isEqualTo(99);
        assertThat(answer.packet().data()).isNotNull().isEmpty();
        assertThat(SessionTouch.decode(answer.packet().data())).isEmpty();
    }

    @Test
    void it_wants_to_be_woken_for_its_sessions() {
        assertThat(server.member.wakeAtMillis()).isEqualTo(Long.MAX_VALUE);
        server.leads(1);
        server.connects();

        assertThat(server.member.wakeAtMillis()).isBetween(server.now(), server.now() + 1_000);
    }
}
