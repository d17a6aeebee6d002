package io.witan.interop.curator;

import static io.witan.interop.curator.Curators.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstBoth;
import io.witan.interop.CuttableLine;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.curator.framework.api.transaction.CuratorTransactionResult;
import org.apache.curator.framework.recipes.nodes.GroupMember;
import org.apache.curator.framework.recipes.nodes.PersistentNode;
import org.apache.curator.framework.recipes.nodes.PersistentTtlNode;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// What stands for a process as long as it lives, and the small tools around it.
@AgainstBoth(jvmFlags = "-Dznode.container.checkIntervalMs=100")
class MembersAndNodesIT {

    private static final int PATIENCE_SECONDS = 60;

    @Test
    void members_see_each_other_come_and_go(Lab lab) throws Exception {
        try (var first = new GroupMember(client(lab), "/group", "first", bytes("1"))) {
            first.start();
            var second = new GroupMember(client(lab), "/group", "second", bytes("2"));
            second.start();
            Lab.until(() -> first.getCurrentMembers().size() == 2);

            second.setThisData(bytes("changed"));
            Lab.until(
                    () -> Arrays.equals(first.getCurrentMembers().get("second"), bytes("changed")));
            second.close();

            Lab.until(() -> !first.getCurrentMembers().containsKey("second"));
            assertThat(first.getCurrentMembers()).containsOnlyKeys("first");
        }
    }

    @Test
    void a_persistent_ephemeral_comes_back_when_it_is_deleted(Lab lab) throws Exception {
        var client = client(lab);
        try (var node =
                new PersistentNode(client(lab), CreateMode.EPHEMERAL, false, "/node", bytes("x"))) {
            node.start();
            assertThat(node.waitForInitialCreate(PATIENCE_SECONDS, SECONDS)).isTrue();
            long first = client.checkExists().forPath("/node").getCzxid();

            client.delete().forPath("/node");

            Lab.until(() -> {
                var stat = client.checkExists().forPath("/node");
                return stat != null && stat.getCzxid() > first;
            });
            assertThat(client.getData().forPath("/node")).isEqualTo(bytes("x"));
        }
        assertThat(client.checkExists().forPath("/node")).isNull();
    }

    @Test
    void a_persistent_ephemeral_outlives_a_lost_connection(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var owner = client(lab, line.connectString() + lab.root());
        try (var node =
                new PersistentNode(
                        owner, CreateMode.EPHEMERAL_SEQUENTIAL, true, "/node-", bytes("x"))) {
            node.start();
            assertThat(node.waitForInitialCreate(PATIENCE_SECONDS, SECONDS)).isTrue();
            String path = node.getActualPath();

            line.cut();
            line.mend();
            owner.blockUntilConnected(PATIENCE_SECONDS, SECONDS);

            assertThat(node.getActualPath()).isEqualTo(path);
            assertThat(client(lab).checkExists().forPath(path)).isNotNull();
        }
    }

    @Test
    void a_ttl_node_is_kept_alive_and_goes_when_it_is_not(Lab lab) throws Exception {
        var client = client(lab);
        try (var node = new PersistentTtlNode(client(lab), "/ttl", 4000, bytes("x"))) {
            node.start();
            assertThat(node.waitForInitialCreate(PATIENCE_SECONDS, SECONDS)).isTrue();
            Lab.until(() -> !client.getChildren().forPath("/ttl").isEmpty());
            assertThat(client.getData().forPath("/ttl")).isEqualTo(bytes("x"));
        }

        Lab.until(() -> client.checkExists().forPath("/ttl") == null);
    }

    @Test
    void a_transaction_commits_whole_or_not_at_all(Lab lab) throws Exception {
        var client = client(lab);
        client.create().forPath("/a", bytes("0"));

        List<CuratorTransactionResult> results =
                client.transaction()
                        .forOperations(
                                client.transactionOp().create().forPath("/a/b", bytes("1")),
                                client.transactionOp()
                                        .setData()
                                        .withVersion(0)
                                        .forPath("/a", bytes("2")),
                                client.transactionOp().check().withVersion(1).forPath("/a"),
                                client.transactionOp().delete().forPath("/a/b"));
        assertThat(results)
                .extracting(CuratorTransactionResult::getForPath)
                .containsExactly("/a/b", "/a", "/a", "/a/b");
        assertThatThrownBy(() ->
                        client.transaction()
                                .forOperations(
                                        client.transactionOp().setData().forPath("/a", bytes("3")),
                                        client.transactionOp().delete().forPath("/missing")))
                .isInstanceOf(KeeperException.NoNodeException.class);

        assertThat(client.getData().forPath("/a")).isEqualTo(bytes("2"));
    }

    @Test
    void parents_are_made_as_containers_and_vanish_when_empty(Lab lab) throws Exception {
        var client = client(lab);

        client.create().creatingParentContainersIfNeeded().forPath("/c/d/leaf");
        client.delete().forPath("/c/d/leaf");

        Lab.until(() -> client.checkExists().forPath("/c") == null);
    }

    @Test
    void a_protected_create_survives_the_loss_of_its_reply(Lab lab) throws Exception {
        var client = client(lab);

        String path =
                client.create()
                        .withProtection()
                        .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
                        .forPath("/n-", bytes("x"));

        assertThat(path).matches("/_c_[0-9a-f-]{36}-n-0000000000");
    }

    @Test
    void background_calls_and_guaranteed_deletes_arrive(Lab lab) throws Exception {
        var client = client(lab);
        var done = new CountDownLatch(2);

        client.create().inBackground((_, _) -> done.countDown()).forPath("/a");
        client.delete().guaranteed().inBackground((_, _) -> done.countDown()).forPath("/a");
        Lab.await(done);

        assertThat(client.checkExists().forPath("/a")).isNull();
    }

    @Test
    void a_persistent_watcher_is_set_again_after_a_restart(Lab lab) throws Exception {
        var events = new Events();
        var client = client(lab);
        try (var watcher = new PersistentWatcher(client(lab), "/w", true)) {
            watcher.getListenable().addListener(events);
            watcher.start();
            client.createContainers("/w");
            Lab.until(() -> {
                client.create().orSetData().forPath("/w/before", bytes("x"));
                return !events.pending().isEmpty();
            });

            lab.server().restart();

            Lab.until(() -> {
                client.create().orSetData().forPath("/w/after", bytes("x"));
                return events.pending().stream().anyMatch(e -> e.endsWith("/w/after"));
            });
        }
    }

    @Test
    void services_are_registered_found_and_gone(Lab lab) throws Exception {
        ServiceInstance<Void> instance =
                ServiceInstance.<Void>builder().name("svc").address("127.0.0.1").port(1234).build();
        var provider =
                ServiceDiscoveryBuilder.builder(Void.class)
                        .client(client(lab))
                        .basePath("/services")
                        .build();
        try (var consumer =
                ServiceDiscoveryBuilder.builder(Void.class)
                        .client(client(lab))
                        .basePath("/services")
                        .build()) {
            provider.start();
            consumer.start();
            provider.registerService(instance);

            // Curator may register once more: the instance, and with it the empty container of its
            // name, can be gone for a moment.
            Lab.until(() -> List.copyOf(consumer.queryForNames()).equals(List.of("svc")));
            Lab.until(() -> ports(consumer.queryForInstances("svc")).equals(List.of(1234)));
            try (ServiceCache<Void> cache = consumer.serviceCacheBuilder().name("svc").build()) {
                cache.start();
                Lab.until(() -> ports(cache.getInstances()).equals(List.of(1234)));

                provider.close();

                Lab.until(() -> cache.getInstances().isEmpty());
            }
        }
    }

    private static List<Integer> ports(Collection<ServiceInstance<Void>> instances) {
        return instances.stream().map(ServiceInstance::getPort).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
