package io.witan.replica;

import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.multiRead;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.Request;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Section 2.13, and the promise that no client costs unbounded memory.
class LimitsTest {

    @Test
    void beyond_the_limit_a_connection_with_requests_in_progress_is_not_read_from() {
        TestServer server = new TestServer(o -> o.outstandingMax = 2).holds();
        TestClient client = server.connects();

        for (int i = 0; i < 5; i++) {
            client.sends(creation("/" + i));
        }

        assertThat(client.isPaused()).isTrue();
        assertThat(server.heldCount()).isEqualTo(3);
        assertThat(server.replica.outstandingCount()).isEqualTo(3);
    }

    @Test
    void a_paused_connection_is_read_from_again_when_enough_has_been_answered() {
        TestServer server = new TestServer(o -> o.outstandingMax = 2).holds();
        TestClient client = server.connects();
        for (int i = 0; i < 5; i++) {
            client.sends(creation("/" + i));
        }

        server.commits(1);
        assertThat(server.heldCount()).isEqualTo(3);

        server.commitsAll();
        assertThat(client.takesAll()).hasSize(5);
        assertThat(server.replica.outstandingCount()).isZero();
        assertThat(client.isPaused()).isFalse();
    }

    @Test
    void a_connection_without_requests_in_progress_is_served_even_then() {
        TestServer server = new TestServer(o -> o.outstandingMax = 2).holds();
        TestClient busy = server.connects();
        TestClient idle = server.connects();
        for (int i = 0; i < 5; i++) {
            busy.sends(creation("/" + i));
        }

        assertThat(idle.err(exists("/"))).isZero();
        assertThat(idle.isPaused()).isFalse();
    }

    @Test
    void waiting_reads_count_as_well() {
        TestServer server = new TestServer(o -> o.outstandingMax = 2).holds();
        TestClient client = server.connects();
        client.sends(creation("/a"));

        for (int i = 0; i < 5; i++) {
            client.sends(getData("/a"));
        }

        assertThat(server.replica.outstandingCount()).isEqualTo(3);
        server.commitsAll();
        assertThat(client.takesAll()).hasSize(6);
    }

    @Test
    void the_bytes_of_requests_in_progress_are_limited_too() {
        TestServer server = new TestServer(o -> o.outstandingBytesMax = 10_000).holds();
        TestClient client = server.connects();
        client.sends(creation("/a"));

        for (int i = 0; i < 5; i++) {
            client.sends(setData("/a", "x".repeat(4_000)));
        }

        assertThat(client.isPaused()).isTrue();
        assertThat(server.heldCount()).isEqualTo(4);
        server.commitsAll();
        assertThat(client.takesAll()).hasSize(6);
    }

    @Test
    void far_beyond_that_limit_no_connection_is_read_from() {
        TestServer server = new TestServer(o -> o.outstandingBytesMax = 10_000).holds();
        TestClient idle = server.connects();
        List<TestClient> busy = Stream.generate(server::connects).limit(4).toList();
        for (TestClient client : busy) {
            client.sends(setData("/", "x".repeat(6_000)));
        }

        assertThat(idle.isPaused()).isTrue();

        server.commitsAll();
        assertThat(idle.isPaused()).isFalse();
        assertThat(idle.err(exists("/"))).isZero();
    }

    @Test
    void a_connection_made_under_load_is_paused_like_any_other() {
        TestServer server = new TestServer(o -> o.outstandingMax = 2).holds();
        TestClient busy = server.connects();
        TestClient late = server.accepts();
        for (int i = 0; i < 5; i++) {
            busy.sends(creation("/busy" + i));
        }
        late.introduces(new ConnectRequest(0, 0, 10_000, 0, null, false, true));
        for (int i = 0; i < 50; i++) {
            late.sends(creation("/late" + i));
        }

        while (server.heldCount() > 0) {
            server.commits(1);
            assertThat(server.replica.outstandingCount()).isLessThanOrEqualTo(2 + 2);
        }
        assertThat(late.takesAll()).hasSize(51);
        assertThat(busy.takesAll()).hasSize(5);
    }

    /// It is on its way to the disk all the same.
    @Test
    void writes_of_a_lost_connection_count_until_they_are_applied() {
        TestServer server = new TestServer(o -> o.outstandingMax = 2).holds();
        TestClient lost = server.connects();
        TestClient client = server.connects();
        client.sends(creation("/a"));
        client.sends(creation("/b"));
        lost.sends(creation("/c"));
        client.sends(creation("/d"));
        assertThat(client.isPaused()).isTrue();

        lost.vanishes();
        client.vanishes();
        assertThat(server.replica.outstandingCount()).isEqualTo(server.heldCount());

        server.commitsAll();
        assertThat(server.replica.outstandingCount()).isZero();
    }

    @Test
    void reads_of_a_lost_connection_count_no_more() {
        TestServer server = new TestServer(o -> o.outstandingMax = 10).holds();
        TestClient lost = server.connects();
        lost.sends(creation("/a"));
        lost.sends(getData("/a"));
        lost.sends(getData("/a"));
        assertThat(server.replica.outstandingCount()).isEqualTo(3);

        lost.vanishes();

        assertThat(server.replica.outstandingCount()).isEqualTo(1);
    }

    @Test
    void clients_that_ask_and_go_do_not_get_past_the_limit_together() {
        TestServer server = new TestServer(o -> o.outstandingBytesMax = 10_000).holds();
        List<TestClient> clients = Stream.generate(server::connects).limit(20).toList();
        for (TestClient client : clients) {
            for (int i = 0; i < 5; i++) {
                client.sends(setData("/", "x".repeat(4_000)));
            }
            client.vanishes();
        }

        assertThat(server.heldCount()).isLessThanOrEqualTo(6);
        server.commitsAll();
        assertThat(server.replica.outstandingCount()).isZero();
        assertThat(server.connects().err(exists("/"))).isZero();
    }

    @Test
    void too_much_in_large_requests_closes_the_connection() {
        TestServer server =
                new TestServer(
                                o -> {
                                    o.largeRequestBytes = 1_000;
                                    o.largeRequestsBytesMax = 5_000;
                                })
                        .holds();
        TestClient client = server.connects();
        TestClient other = server.connects();
        client.sends(creation("/a"));
        client.sends(setData("/a", "x".repeat(3_000)));

        other.sends(setData("/a", "small"));
        assertThat(other.isClosed()).isFalse();
        other.sends(setData("/a", "x".repeat(3_000)));
        assertThat(other.isClosed()).isTrue();

        server.commitsAll();
        assertThat(client.takesAll()).hasSize(2);
    }

    @Test
    void large_requests_count_only_while_they_are_in_progress() {
        TestServer server =
                new TestServer(o -> {
                    o.largeRequestBytes = 1_000;
                    o.largeRequestsBytesMax = 5_000;
                });
        TestClient client = server.connects();
        client.asks(creation("/a"));

        for (int i = 0; i < 10; i++) {
            assertThat(client.err(setData("/a", "x".repeat(3_000)))).isZero();
        }
    }

    @Test
    void for_a_client_that_does_not_read_no_more_replies_are_made_than_order_demands() {
        TestServer server = new TestServer().holds();
        TestClient client = server.connects();
        client.sends(creation("/a", "x".repeat(1_000)));
        for (int i = 0; i < 100; i++) {
            client.sends(getData("/a"));
        }
        client.isSlow(true);

        server.commitsAll();

        assertThat(client.takesAll()).hasSize(1);
        client.isSlow(false);
        assertThat(client.takesAll()).hasSize(100);
    }

    @Test
    void new_requests_of_a_client_that_does_not_read_wait_behind_its_old_ones() {
        TestServer server = new TestServer().holds();
        TestClient client = server.connects();
        client.sends(creation("/a", "1"));
        int first = client.sends(getData("/a"));
        client.isSlow(true);
        server.commitsAll();

        int second = client.sends(getData("/a"));
        int third = client.sends(setData("/a", "2"));
        server.commitsAll();
        client.isSlow(false);

        assertThat(client.takesAllTexts())
                .containsExactly("1", "" + first, "" + second, "" + third);
    }

    @Test
    void an_answer_to_many_reads_at_once_is_limited() {
        TestServer server = new TestServer();
        TestClient client = server.connects();
        client.asks(creation("/a", "x".repeat(1_000_000)));
        Request[] reads = new Request[10_000];
        Arrays.fill(reads, getData("/a"));

        Frame.Answer answer = client.asks(multiRead(reads));

        assertThat(answer.err()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(client.err(exists("/a"))).isZero();
    }

    @Test
    void watches_that_take_too_much_memory_cost_their_client_the_connection() {
        TestServer server = new TestServer(o -> o.watchBytesMax = 10_000);
        TestClient greedy = server.connects();
        TestClient other = server.connects();

        for (int i = 0; i < 1_000 && !greedy.isClosed(); i++) {
            greedy.sends(Requests.addWatch("/some/path" + i, 0));
        }

        assertThat(greedy.isClosed()).isTrue();
        assertThat(server.replica.watches().isEmpty()).isTrue();
        assertThat(other.err(Requests.addWatch("/a", 0))).isZero();
    }

    @Test
    void without_tokens_a_connect_request_closes_the_connection() {
        TestServer server =
                new TestServer(o ->
                        o.throttle =
                                new ConnectThrottle.Settings(
                                        1, 1_000, 1, -1, 0.02, 0.002, 0, false, 3, 2, 1));
        server.connects();

        TestClient refused = server.accepts();
        refused.introduces(new ConnectRequest(0, 0, 10_000, 0, null, false, true));

        assertThat(refused.isClosed()).isTrue();
        refused.hearsNothing();
        server.passes(1_000);
        server.connects();
    }
}
