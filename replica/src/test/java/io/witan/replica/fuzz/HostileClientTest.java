package io.witan.replica.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.replica.ConnectThrottle;
import io.witan.replica.ContainerSweep;
import io.witan.replica.Replica;
import io.witan.replica.ReplicaSettings;
import io.witan.replica.auth.Access;
import io.witan.replica.auth.DigestProvider;
import io.witan.replica.auth.IpProvider;
import io.witan.replica.write.WriteRules;
import io.witan.tree.SnapshotCursor;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/// What single clients can do to a server, by intent or by accident, and what it costs them.
class HostileClientTest {

    private static final int MEGABYTE = 1 << 20;

    private final ZnodeTree tree = new ZnodeTree(new TreeSettings(true, false, true, 7));
    private final List<Long> proposed = new ArrayList<>();
    private final Replica replica = replica(1000);

    @Test
    void a_multi_read_cannot_ask_for_more_than_memory_holds() {
        FuzzClient client = connected(replica);
        write(client, create("/large", new byte[MEGABYTE - 100], Acl.OPEN));

        client.request(Request.multiRead(Collections.nCopies(40_000, getData("/large"))));

        assertThat(client.lastErr()).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        client.request(Request.multiRead(Collections.nCopies(3, getData("/large"))));
        assertThat(((Reply.Results) client.lastReply()).results()).hasSize(3);
    }

    @Test
    void watches_of_all_clients_take_so_much_memory_and_no_more() {
        FuzzClient small = connected(replica);
        FuzzClient large = connected(replica);
        small.request(new Request.AddWatch("/a".getBytes(UTF_8), 0));

        for (int i = 0; i < 100 && !large.isClosed(); i++) {
            String path = "/" + i + "x".repeat(MEGABYTE / 2);
            large.request(new Request.AddWatch(path.getBytes(UTF_8), 0));
        }

        assertThat(large.isClosed()).isTrue();
        assertThat(small.isClosed()).isFalse();
        assertThat(replica.watches().bytes()).isLessThan(1000);
        small.vanish();
        assertThat(replica.watches().bytes()).isZero();
    }

    @Test
    void a_connection_has_so_many_identities_and_no_more() {
        FuzzClient client = connected(replica);

        for (int i = 0; i < 1000 && !client.isClosed(); i++) {
            client.request(auth("user" + i + ":password"));
        }

        assertThat(client.lastErr()).isEqualTo(ErrorCode.AUTH_FAILED);
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void a_connection_cannot_keep_megabytes_of_identities() {
        FuzzClient client = connected(replica);

        client.request(auth("u".repeat(MEGABYTE / 2) + ":p"));

        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void a_list_for_scheme_auth_cannot_grow_without_end() {
        FuzzClient client = connected(replica);
        for (int i = 0; i < 200; i++) {
            client.request(auth("user" + i + ":password"));
        }
        List<Acl> list = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            list.add(new Acl(i, new Id("auth", "")));
        }

        write(client, create("/a", new byte[0], list));

        assertThat(client.lastErr()).isEqualTo(ErrorCode.INVALID_ACL);
        write(client, create("/a", new byte[0], list.subList(30, 32)));
        assertThat(client.lastErr()).isEqualTo(ErrorCode.OK);
    }

    /// Clients can choose them so, and then a hash table compares each with each.
    @Test
    @Timeout(60)
    void entries_whose_hashes_are_all_equal_cost_no_more_than_others() {
        FuzzClient client = connected(replica);
        List<Acl> list = new ArrayList<>();
        for (int i = 0; i < 1 << 15; i++) {
            StringBuilder text = new StringBuilder();
            for (int bit = 0; bit < 15; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            list.add(new Acl(1, new Id("ip", text.toString())));
        }
        list.add(0, list.get(list.size() - 1));
        assertThat(list.get(1).id().hashCode()).isEqualTo(list.get(2).id().hashCode());
        list.replaceAll(acl -> new Acl(1, new Id("digest", "u:" + acl.id().id())));

        for (int i = 0; i < 10; i++) {
            write(client, create("/a" + i, new byte[0], list));
        }

        assertThat(client.lastErr()).isEqualTo(ErrorCode.OK);
    }

    /// On a thread with little stack: nothing may recurse by depth.
    @Test
    void a_deep_tree_is_as_good_as_any_other() throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(null, this::growDeepTree, "small stack", 160 << 10);
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));

        thread.start();
        thread.join();

        assertThat(failure.get()).isNull();
    }

    private void growDeepTree() {
        FuzzClient client = connected(replica);
        StringBuilder path = new StringBuilder();
        int depth = 5000;
        for (int i = 0; i < depth; i++) {
            path.append("/d");
            write(client, create(path.toString(), new byte[0], Acl.OPEN));
        }
        client.request(new Request.AddWatch("/".getBytes(UTF_8), 1));
        client.request(new Request.OfPath(OpCode.GET_ALL_CHILDREN_NUMBER, "/d".getBytes(UTF_8)));
        assertThat(client.lastReply()).isEqualTo(new Reply.Count(depth - 1));
        SnapshotCursor snapshot = tree.snapshot();
        write(client, new Request.SetData(path.toString().getBytes(UTF_8), null, -1));
        JuteWriter out = new JuteWriter();
        while (!snapshot.advance(out, MEGABYTE)) {
            out.reset();
        }
        for (int i = depth; i > 0; i--) {
            write(client, new Request.Delete(path.substring(0, 2 * i).getBytes(UTF_8), -1));
            assertThat(client.lastErr()).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void reads_that_wait_for_a_slow_client_do_not_see_its_later_write() {
        FuzzClient client = connected(replica);
        write(client, create("/a", "before".getBytes(UTF_8), Acl.OPEN));
        client.request(new Request.SetData("/a".getBytes(UTF_8), new byte[0], -1));
        client.request(getData("/a"));
        client.request(new Request.SetData("/a".getBytes(UTF_8), "after".getBytes(UTF_8), -1));
        client.stopTaking();

        commitAll(replica);
        client.takeAgain();

        client.assertNothingIsDue();
        assertThat(client.lastXidAnswered()).isEqualTo(4);
    }

    @Test
    void what_a_client_sends_while_its_session_is_made_is_answered() {
        Replica busy = replica(1);
        FuzzClient first = new FuzzClient(busy);
        FuzzClient second = new FuzzClient(busy);
        FuzzClient third = new FuzzClient(busy);
        for (FuzzClient client : List.of(first, second, third)) {
            client.connect(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false, true));
            client.request(getData("/zookeeper"));
        }

        first.vanish();
        second.pump();
        third.pump();
        commitAll(busy);
        for (FuzzClient client : List.of(second, third)) {
            client.takeOutput();
            client.pump();
        }

        second.assertNothingIsDue();
        third.assertNothingIsDue();
        assertThat(third.lastErr()).isEqualTo(ErrorCode.OK);
    }

    // ---- words

    private Replica replica(int outstandingMax) {
        return new Replica(
                new ReplicaSettings(
                        1,
                        500,
                        1000,
                        10_000,
                        false,
                        false,
                        outstandingMax,
                        64L << 20,
                        -1,
                        100L << 20,
                        2 * MEGABYTE,
                        8 * MEGABYTE,
                        List.of(),
                        ConnectThrottle.Settings.OFF,
                        ContainerSweep.Settings.DEFAULT),
                new WriteRules(false, true, false),
                tree,
                new Access(false, List.of(new DigestProvider("SHA1", null), new IpProvider())),
                (zxid, bytes, offset, length) -> proposed.add(zxid),
                new Random(1),
                0);
    }

    private FuzzClient connected(Replica server) {
        FuzzClient client = new FuzzClient(server);
        client.connect(new ConnectRequest(0, 0, 10_000, 0, new byte[16], false, true));
        commitAll(server);
        client.takeOutput();
        return client;
    }

    private void write(FuzzClient client, Request request) {
        client.request(request);
        commitAll(replica);
        client.takeOutput();
    }

    private void commitAll(Replica server) {
        if (!proposed.isEmpty()) {
            server.committed(proposed.get(proposed.size() - 1));
            proposed.clear();
        }
    }

    private static Request create(String path, byte[] data, List<Acl> acl) {
        CreateRequest body = new CreateRequest(path.getBytes(UTF_8), data, acl, 0, 0);
        return new Request.Create(OpCode.CREATE, body);
    }

    private static Request getData(String path) {
        return new Request.Watchable(OpCode.GET_DATA, path.getBytes(UTF_8), false);
    }

    private static Request auth(String data) {
        return new Request.Auth(0, "digest", data.getBytes(UTF_8));
    }
}
