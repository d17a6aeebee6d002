package io.witan.interop.curator;

import static io.witan.interop.curator.Curators.client;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Lab;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.queue.QueueBuilder;
import org.apache.curator.framework.recipes.queue.QueueConsumer;
import org.apache.curator.framework.recipes.queue.QueueSerializer;
import org.apache.curator.framework.recipes.queue.SimpleDistributedQueue;
import org.apache.curator.framework.state.ConnectionState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

@AgainstBoth
class QueuesIT {

    private static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> consumed = new LinkedBlockingQueue<>();

    @Test
    void items_come_out_in_the_order_they_went_in(Lab lab) throws Exception {
        try (var producer = queue(lab, null).buildQueue();
                var consumer = queue(lab, consumer()).lockPath("/lock").buildQueue()) {
            producer.start();
            consumer.start();

            for (int i = 0; i < 50; i++) {
                producer.put("item" + i);
            }

            assertThat(taken(50))
                    .isEqualTo(IntStream.range(0, 50).mapToObj(i -> "item" + i).toList());
        }
    }

    @Test
    void urgent_items_come_first(Lab lab) throws Exception {
        try (var producer = queue(lab, null).buildPriorityQueue(1)) {
            producer.start();
            producer.put("later", 10);
            producer.put("soon", 1);
            producer.put("last", 20);
            producer.flushPuts(PATIENCE_SECONDS, SECONDS);
        }
        try (var consumer = queue(lab, consumer()).buildPriorityQueue(1)) {
            consumer.start();

            assertThat(taken(3)).containsExactly("soon", "later", "last");
        }
    }

    @Test
    void an_item_can_be_removed_by_its_id(Lab lab) throws Exception {
        try (var queue = queue(lab, null).buildIdQueue()) {
            queue.start();
            queue.put("one", "1");
            queue.put("two", "2");
            queue.flushPuts(PATIENCE_SECONDS, SECONDS);

            assertThat(queue.remove("1")).isEqualTo(1);
            assertThat(queue.remove("1")).isZero();
        }
    }

    @Test
    void the_simple_queue_offers_peeks_and_takes(Lab lab) throws Exception {
        var queue = new SimpleDistributedQueue(client(lab), "/simple");

        assertThat(queue.offer("1".getBytes(UTF_8))).isTrue();
        assertThat(queue.offer("2".getBytes(UTF_8))).isTrue();

        assertThat(queue.peek()).isEqualTo("1".getBytes(UTF_8));
        assertThat(queue.take()).isEqualTo("1".getBytes(UTF_8));
        assertThat(queue.poll(PATIENCE_SECONDS, SECONDS)).isEqualTo("2".getBytes(UTF_8));
        assertThat(queue.poll()).isNull();
    }

    private static QueueBuilder<String> queue(Lab lab, @Nullable QueueConsumer<String> consumer) {
        return QueueBuilder.builder(client(lab), consumer, new Text(), "/queue");
    }

    private List<String> taken(int count) throws InterruptedException {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(consumed.poll(PATIENCE_SECONDS, SECONDS));
        }
        return items;
    }

    private QueueConsumer<String> consumer() {
        return new QueueConsumer<>() {
            @Override
            public void consumeMessage(String message) {
                consumed.add(message);
            }

            @Override
            public void stateChanged(CuratorFramework client, ConnectionState state) {}
        };
    }

    private static final class Text implements QueueSerializer<String> {

        @Override
        public byte[] serialize(String item) {
            return item.getBytes(UTF_8);
        }

        @Override
        public String deserialize(byte[] bytes) {
            return new String(bytes, UTF_8);
        }
    }
}
