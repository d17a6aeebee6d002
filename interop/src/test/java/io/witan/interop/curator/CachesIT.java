package io.witan.interop.curator;

import static io.witan.interop.curator.Curators.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstBoth;
import io.witan.interop.CuttableLine;
import io.witan.interop.Lab;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.apache.curator.framework.recipes.cache.NodeCache;
import org.apache.curator.framework.recipes.cache.PathChildrenCache;
import org.apache.curator.framework.recipes.cache.TreeCache;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

@AgainstBoth
@SuppressWarnings("deprecation") // The older caches are what many applications still use.
class CachesIT {

    private static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Test
    void a_curator_cache_follows_a_subtree(Lab lab) throws Exception {
        var client = client(lab);
        write(client, "/top/before", "0");
        try (var cache = CuratorCache.build(client(lab), "/top")) {
            cache.listenable().addListener(listener());
            cache.start();
            assertThat(next(3))
                    .containsExactlyInAnyOrder(
                            "created /top", "created /top/before", "initialized");

            write(client, "/top/a/b", "1");
            assertThat(next(2)).containsExactly("created /top/a", "created /top/a/b");
            client.setData().forPath("/top/a/b", bytes("2"));
            assertThat(next(1)).containsExactly("changed /top/a/b");
            client.delete().deletingChildrenIfNeeded().forPath("/top/a");
            assertThat(next(2)).containsExactly("deleted /top/a/b", "deleted /top/a");

            assertThat(cache.stream().map(ChildData::getPath))
                    .containsExactlyInAnyOrder("/top", "/top/before");
        }
    }

    @Test
    void a_curator_cache_catches_up_after_a_lost_connection(Lab lab) throws Exception {
        var line = lab.closedAfterwards(new CuttableLine(lab.server().address()));
        var client = client(lab);
        write(client, "/top/kept", "0");
        write(client, "/top/lost", "0");
        var cut = client(lab, line.connectString() + lab.root());
        try (var cache = CuratorCache.build(cut, "/top")) {
            cache.listenable().addListener(listener());
            cache.start();
            next(4);

            line.cut();
            client.delete().forPath("/top/lost");
            client.setData().forPath("/top/kept", bytes("1"));
            write(client, "/top/new", "2");
            line.mend();

            Lab.until(() ->
                    cache.get("/top/lost").isEmpty()
                            && cache.get("/top/new").isPresent()
                            && text(cache.get("/top/kept").orElseThrow()).equals("1"));
        }
    }

    @Test
    void a_tree_cache_follows_a_subtree(Lab lab) throws Exception {
        var client = client(lab);
        write(client, "/top/a", "1");
        try (var cache = new TreeCache(client(lab), "/top")) {
            cache.getListenable()
                    .addListener((_, event) ->
                            events.add(
                                    event.getType()
                                            + (event.getData() == null
                                                    ? ""
                                                    : " " + event.getData().getPath())));
            cache.start();
            assertThat(next(3)).contains("NODE_ADDED /top", "NODE_ADDED /top/a", "INITIALIZED");

            write(client, "/top/b", "1");
            assertThat(next(1)).containsExactly("NODE_ADDED /top/b");
            client.setData().forPath("/top/a", bytes("2"));
            assertThat(next(1)).containsExactly("NODE_UPDATED /top/a");
            client.delete().forPath("/top/a");
            assertThat(next(1)).containsExactly("NODE_REMOVED /top/a");

            assertThat(cache.getCurrentChildren("/top")).containsOnlyKeys("b");
        }
    }

    @Test
    void a_children_cache_follows_the_children(Lab lab) throws Exception {
        var client = client(lab);
        write(client, "/top/a", "1");
        try (var cache = new PathChildrenCache(client(lab), "/top", true)) {
            cache.getListenable()
                    .addListener((_, event) ->
                            events.add(
                                    event.getType()
                                            + (event.getData() == null
                                                    ? ""
                                                    : " " + event.getData().getPath())));
            cache.start(PathChildrenCache.StartMode.BUILD_INITIAL_CACHE);
            assertThat(cache.getCurrentData())
                    .extracting(ChildData::getPath)
                    .containsExactly("/top/a");

            write(client, "/top/b", "1");
            assertThat(childEvent()).isEqualTo("CHILD_ADDED /top/b");
            client.setData().forPath("/top/b", bytes("2"));
            assertThat(childEvent()).isEqualTo("CHILD_UPDATED /top/b");
            client.delete().forPath("/top/b");
            assertThat(childEvent()).isEqualTo("CHILD_REMOVED /top/b");
        }
    }

    @Test
    void a_node_cache_follows_one_znode_through_deletion_and_return(Lab lab) throws Exception {
        var client = client(lab);
        try (var cache = new NodeCache(client(lab), "/node")) {
            cache.getListenable().addListener(() -> events.add(text(cache.getCurrentData())));
            cache.start(true);

            write(client, "/node", "1");
            assertThat(next(1)).containsExactly("1");
            client.setData().forPath("/node", bytes("2"));
            assertThat(next(1)).containsExactly("2");
            client.delete().forPath("/node");
            assertThat(next(1)).containsExactly("nothing");
            write(client, "/node", "3");
            assertThat(next(1)).containsExactly("3");
        }
    }

    private CuratorCacheListener listener() {
        return CuratorCacheListener.builder()
                .forCreates(data -> events.add("created " + data.getPath()))
                .forChanges((_, data) -> events.add("changed " + data.getPath()))
                .forDeletes(data -> events.add("deleted " + data.getPath()))
                .forInitialized(() -> events.add("initialized"))
                .build();
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String event = events.poll(PATIENCE_SECONDS, SECONDS);
            if (event == null) {
                throw new AssertionError("no event after " + found);
            }
            found.add(event);
        }
        return found;
    }

    /// The next event about `/top/b`.
    private String childEvent() throws InterruptedException {
        String event;
        do {
            event = next(1).getFirst();
        } while (!event.endsWith(" /top/b"));
        return event;
    }

    private static void write(CuratorFramework client, String path, String data) throws Exception {
        client.create().creatingParentsIfNeeded().forPath(path, bytes(data));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(@Nullable ChildData data) {
        return data == null ? "nothing" : new String(data.getData(), UTF_8);
    }
}
