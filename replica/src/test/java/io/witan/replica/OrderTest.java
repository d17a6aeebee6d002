package io.witan.replica;

import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.digestAuth;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getAcl;
import static io.witan.replica.Requests.getChildren;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.ping;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.sync;
import static io.witan.replica.Requests.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Section 2.11: order and visibility.
class OrderTest {

    private final TestServer server = new TestServer().holds();

    @Test
    void a_write_is_not_answered_before_it_is_committed() {
        TestClient client = server.connects();

        client.sends(creation("/a"));
        client.hearsNothing();

        server.commits(1);
        assertThat(client.takesAnswer().path()).isEqualTo("/a");
    }

    @Test
    void writes_are_not_visible_before_they_are_committed() {
        TestClient writer = server.connects();
        TestClient reader = server.connects();

        writer.sends(creation("/a"));
        assertThat(reader.err(exists("/a"))).isEqualTo(ErrorCode.NO_NODE);

        server.commits(1);
        assertThat(reader.err(exists("/a"))).isZero();
    }

    @Test
    void a_read_waits_for_the_writes_before_it_and_sees_them() {
        TestClient client = server.connects();
        int create = client.sends(creation("/a", "1"));
        int set = client.sends(setData("/a", "2"));
        int read = client.sends(getData("/a"));

        server.commits(1);
        assertThat(client.takesAnswer().xid()).isEqualTo(create);
        client.hearsNothing();

        server.commits(1);
        assertThat(client.takesAnswer().xid()).isEqualTo(set);
        Frame.Answer answer = client.takesAnswer();
        assertThat(answer.xid()).isEqualTo(read);
        assertThat(answer.data()).isEqualTo("2");
    }

    @Test
    void a_read_between_two_writes_sees_the_first_and_not_the_second() {
        TestClient client = server.connects();
        client.sends(creation("/a", "1"));
        client.sends(getData("/a"));
        client.sends(setData("/a", "2"));
        client.sends(getData("/a"));

        server.commitsAll();

        client.takes();
        assertThat(client.takesAnswer().data()).isEqualTo("1");
        client.takes();
        assertThat(client.takesAnswer().data()).isEqualTo("2");
    }

    @Test
    void reads_of_others_are_not_delayed() {
        TestClient writer = server.connects();
        TestClient reader = server.connects();
        writer.sends(creation("/a"));

        assertThat(reader.err(getChildren("/"))).isZero();
    }

    /// Then the server may wait for the disk itself: 0041.
    @Test
    void it_is_known_whether_every_client_waits_for_an_answer() {
        TestClient one = server.connects();
        TestClient other = server.connects();
        assertThat(server.replica.everyClientWaits()).isFalse();
        one.sends(creation("/a"));
        one.sends(creation("/b"));
        assertThat(server.replica.everyClientWaits()).isFalse();
        other.sends(creation("/c"));
        other.sends(getData("/c"));
        assertThat(server.replica.everyClientWaits()).isTrue();

        server.commits(1);
        assertThat(server.replica.everyClientWaits()).isTrue();
        server.commits(1);
        assertThat(server.replica.everyClientWaits()).isFalse();
    }

    @Test
    void clients_that_come_do_not_wait_and_clients_that_are_gone_do_not_count() {
        TestClient one = server.connects();
        TestClient other = server.connects();
        one.sends(creation("/a"));
        other.sends(creation("/b"));
        TestClient newcomer = server.accepts();
        assertThat(server.replica.everyClientWaits()).isFalse();
        newcomer.vanishes();
        assertThat(server.replica.everyClientWaits()).isTrue();

        other.vanishes();
        assertThat(server.replica.everyClientWaits()).isTrue();
        server.commits(1);
        assertThat(server.replica.everyClientWaits()).isFalse();
        server.commits(1);
        assertThat(server.replica.everyClientWaits()).isFalse();
        one.sends(creation("/c"));
        assertThat(server.replica.everyClientWaits()).isTrue();
    }

    @Test
    void all_requests_but_auth_are_answered_in_the_order_received() {
        TestClient client = server.connects();
        int create = client.sends(creation("/a"));
        client.sends(-2, ping());
        int sync = client.sends(sync("/"));
        int undecodable = client.sends(OpCode.SET_DATA, new byte[] {1});
        int unreadable = client.sends(OpCode.GET_DATA, new byte[] {1});
        int failing = client.sends(creation("/a"));
        int auth = client.sends(digestAuth("u:p"));
        int last = client.sends(exists("/a"));

        server.commitsAll();

        assertThat(client.takesAllTexts())
                .containsExactly(
                        "" + auth,
                        "" + create,
                        "-2",
                        "" + sync,
                        "" + undecodable,
                        "" + unreadable,
                        "" + failing,
                        "" + last);
    }

    @Test
    void a_request_has_the_identities_of_the_moment_it_was_read() {
        TestClient client = server.connects();
        server.releases();
        client.asks(digestAuth("u:p"));
        client.asks(creation("/secret", List.of(new Acl(Perms.ALL, client.connection.ids.get(1)))));
        server.holds();
        TestClient other = server.connects();

        other.sends(setData("/", "x"));
        other.sends(getData("/secret"));
        other.sends(setData("/secret", "x"));
        other.sends(digestAuth("u:p"));
        other.sends(getData("/secret"));
        other.sends(setData("/secret", "x"));
        server.commitsAll();

        assertThat(other.takesAll())
                .map(frame -> ((Frame.Answer) frame).err())
                .containsExactly(0, 0, ErrorCode.NO_AUTH, ErrorCode.NO_AUTH, 0, 0);
    }

    @Test
    void a_notification_comes_before_the_reply_to_the_write_that_caused_it() {
        TestClient client = server.connects();
        client.asks(watching(exists("/a")));

        client.sends(creation("/a"));
        server.commitsAll();

        assertThat(client.takesAllTexts()).containsExactly("created /a", "2");
    }

    @Test
    void a_notification_comes_before_any_reply_that_reflects_the_change() {
        TestClient watcher = server.connects();
        TestClient writer = server.connects();
        watcher.asks(watching(exists("/a")));
        watcher.sends(setData("/", "x"));
        writer.sends(creation("/a"));
        watcher.sends(setData("/", "y"));
        int read = watcher.sends(exists("/a"));

        server.commitsAll();

        List<String> heard = watcher.takesAllTexts();
        assertThat(heard).containsSubsequence("created /a", "" + read);
    }

    @Test
    void reads_behind_a_close_are_not_answered_but_the_close_is() {
        TestClient client = server.connects();
        int create = client.sends(creation("/a"));
        int close = client.sends(closeSession());
        client.sends(getData("/a"));
        client.sends(creation("/b"));

        server.commitsAll();

        assertThat(client.takesAllTexts()).containsExactly("" + create, "" + close);
        assertThat(client.isClosed()).isTrue();
        assertThat(server.znode("/b")).isNull();
    }

    @Test
    void the_zxid_of_a_reply_is_that_of_the_write_or_the_last_applied_one() {
        TestClient client = server.connects();
        TestClient other = server.connects();
        long before = server.lastZxid();
        client.sends(creation("/a"));
        client.sends(creation("/a"));
        client.sends(exists("/a"));
        other.sends(creation("/b"));

        server.commitsAll();

        assertThat(client.takesAnswer().zxid()).isEqualTo(before + 1);
        assertThat(client.takesAnswer().zxid()).isEqualTo(before + 2);
        assertThat(client.takesAnswer().zxid()).isEqualTo(before + 2);
        assertThat(other.takesAnswer().zxid()).isEqualTo(before + 3);
    }

    @Test
    void reads_on_a_new_connection_wait_for_the_writes_that_the_session_made_on_the_old_one() {
        TestClient before = server.connects();
        before.sends(creation("/a"));

        TestClient after = server.renews(before);
        after.sends(exists("/a"));
        server.commitsAll();

        after.takesConnectResponse();
        assertThat(after.takesAnswer().err()).isZero();
    }

    @Test
    void what_a_lost_connection_asked_for_is_done_but_answered_to_nobody() {
        TestClient client = server.connects();
        client.sends(creation("/a"));
        client.vanishes();

        server.commitsAll();

        assertThat(server.znode("/a")).isNotNull();
        client.hearsNothing();
    }

    @Test
    void a_slow_reader_does_not_see_its_later_writes_in_earlier_reads() {
        TestClient client = server.connects();
        client.sends(creation("/a", "1"));
        client.sends(getData("/a"));
        client.sends(setData("/a", "2"));
        client.sends(getData("/a"));
        client.sends(delete("/a"));
        client.isSlow(true);

        server.commits(1);
        server.commits(1);
        server.commits(1);
        client.isSlow(false);

        client.takes();
        assertThat(client.takesAnswer().data()).isEqualTo("1");
        client.takes();
        assertThat(client.takesAnswer().data()).isEqualTo("2");
        assertThat(client.takesAnswer().err()).isZero();
    }

    @Test
    void getAcl_and_all_other_reads_wait_as_well() {
        TestClient client = server.connects();
        client.sends(creation("/a"));
        int read = client.sends(getAcl("/a"));
        client.hearsNothing();

        server.commitsAll();

        assertThat(client.takesAllTexts()).containsExactly("1", "" + read);
    }
}
