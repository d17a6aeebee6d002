package io.witan.interop.javaclient;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Znodes that the server removes by itself, with a server that looks for them often.
@AgainstBoth(jvmFlags = "-Dznode.container.checkIntervalMs=50")
class TtlAndContainersIT {

    private static final long HOUR_MILLIS = 3_600_000;

    private final Events events = new Events();

    @Test
    void a_container_goes_when_its_last_child_has_gone(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/c", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create("/c/1", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create("/c/2", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.addWatch("/c", events, AddWatchMode.PERSISTENT);

        client.delete("/c/1", -1);
        client.delete("/c/2", -1);

        assertThat(events.next(3))
                .containsExactly(
                        "NodeChildrenChanged /c", "NodeChildrenChanged /c", "NodeDeleted /c");
        assertThat(client.exists("/c", false)).isNull();
    }

    @Test
    void a_container_that_never_had_a_child_stays(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/unused", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.create("/used", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER);
        client.addWatch("/used", events, AddWatchMode.PERSISTENT);
        client.create("/used/1", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.delete("/used/1", -1);

        assertThat(events.next(3).getLast()).isEqualTo("NodeDeleted /used");
        assertThat(client.exists("/unused", false)).isNotNull();
        assertThat(client.exists("/unused", false).getEphemeralOwner()).isZero();
    }

    @Test
    void a_ttl_znode_goes_after_its_time_without_a_change(Lab lab) throws Exception {
        var client = lab.client();
        client.create(
                "/long", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, HOUR_MILLIS);
        client.exists("/short", events);

        client.create("/short", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, 1);
        assertThat(events.next()).isEqualTo("NodeCreated /short");
        if (client.exists("/short", events) != null) {
            assertThat(events.next()).isEqualTo("NodeDeleted /short");
        }

        assertThat(client.exists("/long", false)).isNotNull();
        assertThat(client.exists("/long", false).getEphemeralOwner()).isZero();
    }

    @Test
    void a_ttl_znode_with_children_stays_until_they_have_gone(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/t", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, 5000);
        client.create("/t/child", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, 1);
        client.addWatch("/t", events, AddWatchMode.PERSISTENT);
        client.create("/t/last", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_WITH_TTL, null, 5500);

        List<String> seen = new ArrayList<>();
        do {
            seen.add(events.next());
        } while (!seen.getLast().equals("NodeDeleted /t"));

        assertThat(seen).contains("NodeChildrenChanged /t");
    }

    @Test
    void sequential_ttl_znodes_are_numbered(Lab lab) throws Exception {
        var client = lab.client();

        assertThat(
                        client.create(
                                "/t-",
                                null,
                                OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL,
                                null,
                                HOUR_MILLIS))
                .isEqualTo("/t-0000000000");
    }

    @Test
    void a_ttl_beyond_the_range_is_refused(Lab lab) throws Exception {
        var client = lab.client();

        assertThatThrownBy(() ->
                        client.create(
                                "/t",
                                null,
                                OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT_WITH_TTL,
                                null,
                                1L << 40))
                .isInstanceOfAny(
                        KeeperException.BadArgumentsException.class,
                        IllegalArgumentException.class);
    }
}
