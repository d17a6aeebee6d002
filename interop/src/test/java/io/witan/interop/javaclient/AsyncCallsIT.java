package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;
import static io.witan.interop.javaclient.ReadsAndWritesIT.text;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.WatcherType;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// The calls that do not wait. Callbacks of one client run one after the other, so plain lists do.
@AgainstBoth
class AsyncCallsIT {

    private final List<String> answers = new ArrayList<>();

    @Test
    void answers_come_in_the_order_of_the_calls(Lab lab) throws Exception {
        var client = lab.client();
        int calls = 500;
        var done = new CountDownLatch(2 * calls);
        List<String> expected = new ArrayList<>();

        for (int i = 0; i < calls; i++) {
            String path = "/n" + (i % 400);
            client.create(
                    path,
                    bytes("x"),
                    OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (rc, asked, _, _) -> {
                        answers.add("create " + asked + " " + Code.get(rc));
                        done.countDown();
                    },
                    null);
            client.setData(
                    path,
                    bytes("y"),
                    0,
                    (rc, asked, _, _) -> {
                        answers.add("setData " + asked + " " + Code.get(rc));
                        done.countDown();
                    },
                    null);
            expected.add("create " + path + (i < 400 ? " OK" : " NODEEXISTS"));
            expected.add("setData " + path + (i < 400 ? " OK" : " BADVERSION"));
        }
        Lab.await(done);

        assertThat(answers).isEqualTo(expected);
        assertThat(client.getAllChildrenNumber("/")).isEqualTo(400);
    }

    @Test
    void a_read_sees_the_writes_that_were_sent_before_it(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        int rounds = 300;
        var done = new CountDownLatch(rounds);

        for (int i = 1; i <= rounds; i++) {
            client.setData("/a", bytes("" + i), i - 1, (_, _, _, _) -> {}, null);
            client.getData(
                    "/a",
                    false,
                    (_, _, _, data, stat) -> {
                        answers.add(text(data) + "@" + stat.getVersion());
                        done.countDown();
                    },
                    null);
        }
        Lab.await(done);

        assertThat(answers)
                .isEqualTo(IntStream.rangeClosed(1, rounds).mapToObj(i -> i + "@" + i).toList());
    }

    @Test
    void every_call_has_its_answer(Lab lab) throws Exception {
        var client = lab.client();
        var done = new CountDownLatch(19);
        AsyncCallback.VoidCallback plain = (rc, path, _) -> answered(done, "void " + path, rc, "");

        client.create(
                "/a",
                bytes("1"),
                OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (rc, path, _, name) -> answered(done, "create " + path, rc, name),
                null);
        client.create(
                "/a/s-",
                bytes("2"),
                OPEN_ACL_UNSAFE,
                CreateMode.EPHEMERAL_SEQUENTIAL,
                (rc, path, _, name, stat) ->
                        answered(done, "create2 " + path, rc, name + " " + stat.getDataLength()),
                null);
        client.create(
                "/c",
                null,
                OPEN_ACL_UNSAFE,
                CreateMode.CONTAINER,
                (rc, path, _, name, stat) ->
                        answered(done, "container " + path, rc, name + " " + stat.getVersion()),
                null);
        client.create(
                "/t",
                null,
                OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT_WITH_TTL,
                (rc, path, _, name, stat) ->
                        answered(done, "ttl " + path, rc, name + " " + stat.getEphemeralOwner()),
                null,
                3_600_000);
        client.exists(
                "/a",
                false,
                (rc, path, _, stat) ->
                        answered(done, "exists " + path, rc, "" + stat.getNumChildren()),
                null);
        client.getData(
                "/a",
                false,
                (rc, path, _, data, _) -> answered(done, "getData " + path, rc, text(data)),
                null);
        client.setData(
                "/a",
                bytes("3"),
                0,
                (rc, path, _, stat) ->
                        answered(done, "setData " + path, rc, "" + stat.getVersion()),
                null);
        client.getACL(
                "/a",
                null,
                (rc, path, _, acl, _) -> answered(done, "getACL " + path, rc, "" + acl.size()),
                null);
        client.setACL(
                "/a",
                OPEN_ACL_UNSAFE,
                0,
                (rc, path, _, stat) ->
                        answered(done, "setACL " + path, rc, "" + stat.getAversion()),
                null);
        client.getChildren(
                "/a",
                false,
                (rc, path, _, names) -> answered(done, "getChildren " + path, rc, "" + names),
                null);
        client.getChildren(
                "/a",
                false,
                (rc, path, _, names, stat) ->
                        answered(
                                done, "getChildren2 " + path, rc, names + " " + stat.getCversion()),
                null);
        client.getAllChildrenNumber(
                "/",
                (rc, path, _, number) -> answered(done, "number " + path, rc, "" + number),
                null);
        client.getEphemerals(
                lab.root() + "/a",
                (rc, _, paths) -> answered(done, "ephemerals", rc, "" + paths.size()),
                null);
        client.sync("/a", plain, null);
        client.addWatch("/a", new Events(), AddWatchMode.PERSISTENT, plain, null);
        client.removeAllWatches("/a", WatcherType.Any, false, plain, null);
        client.multi(
                List.of(Op.check("/a", 1), Op.delete("/c", -1)),
                (rc, _, _, results) -> answered(done, "multi", rc, "" + results.size()),
                null);
        client.delete("/t", 5, plain, null);
        client.delete("/t", 0, plain, null);
        Lab.await(done);

        assertThat(answers)
                .containsExactly(
                        "create /a OK /a",
                        "create2 /a/s- OK /a/s-0000000000 1",
                        "container /c OK /c 0",
                        "ttl /t OK /t 0",
                        "exists /a OK 1",
                        "getData /a OK 1",
                        "setData /a OK 1",
                        "getACL /a OK 1",
                        "setACL /a OK 1",
                        "getChildren /a OK [s-0000000000]",
                        "getChildren2 /a OK [s-0000000000] 1",
                        "number / OK 4",
                        "ephemerals OK 1",
                        "void /a OK ",
                        "void /a OK ",
                        "void /a OK ",
                        "multi OK 2",
                        "void /t BADVERSION ",
                        "void /t OK ");
    }

    private void answered(CountDownLatch done, String call, int rc, String result) {
        answers.add(call + " " + Code.get(rc) + " " + result);
        done.countDown();
    }
}
