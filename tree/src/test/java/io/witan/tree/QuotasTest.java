package io.witan.tree;

import static io.witan.tree.TestTree.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Objects;

/// Section 6.3. The texts are those that a 3.9.4 server showed for the same operations.
class QuotasTest {

    private static final String STATS = "/zookeeper/quota/q/zookeeper_stats";
    private static final String LIMITS = "/zookeeper/quota/q/zookeeper_limits";

    private final TestTree t = new TestTree();

    private void quotaOnQ() {
        t.create("/q", "0123456789");
        t.create("/zookeeper/quota/q", (String) null);
        t.create(LIMITS, "count=5,bytes=100");
        t.create(STATS, "whatever");
    }

    @Test
    void new_statistics_show_what_is_there() {
        quotaOnQ();

        assertThat(t.data(STATS)).isEqualTo("count=1,bytes=10");
    }

    @Test
    void creates_deletes_and_changes_below_are_counted() {
        quotaOnQ();

        t.create("/q/a", "12345");
        assertThat(t.data(STATS)).isEqualTo("count=2,bytes=15");
        t.setData("/q/a", "1", 1);
        assertThat(t.data(STATS)).isEqualTo("count=2,bytes=11");
        t.delete("/q/a");
        assertThat(t.data(STATS)).isEqualTo("count=1,bytes=10");
        t.create("/qq", "no matter");
        assertThat(t.data(STATS)).isEqualTo("count=1,bytes=10");
    }

    @Test
    void counting_is_no_change_that_anybody_sees() {
        quotaOnQ();
        t.events.clear();

        t.create("/q/a", "12345");

        assertThat(t.at(STATS).version()).isZero();
        assertThat(t.at(STATS).mzxid()).isEqualTo(4);
        assertThat(t.events).containsExactly("created /q/a");
    }

    @Test
    void without_limits_nothing_is_counted_on() {
        t.create("/q", "0123456789");
        t.create("/zookeeper/quota/q", (String) null);
        t.create(STATS, "whatever");
        assertThat(t.data(STATS)).isEqualTo("count=1,bytes=10");

        t.create("/q/a", "12345");
        assertThat(t.data(STATS)).isEqualTo("count=1,bytes=10");

        t.create(LIMITS, "count=5,bytes=100");
        t.create("/q/b", "123");
        assertThat(t.data(STATS)).isEqualTo("count=2,bytes=13");
        t.delete(LIMITS);
        t.create("/q/c", "123");
        assertThat(t.data(STATS)).isEqualTo("count=2,bytes=13");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count=100,bytes=1000=;byteHardLimit=7;countHardLimit=9 | count=101,bytes=1003=;byteHardLimit=7;countHardLimit=9",
                "bytes=4,foo=5,count=3 | count=4,bytes=7=;foo=5",
                "'' | count=0,bytes=2",
                "junk | count=0,bytes=2",
                "count=x,bytes=1 | count=0,bytes=2",
                "count=,bytes=1 | count=0,bytes=2",
                "count=99999999999999999999,bytes=1 | count=0,bytes=2",
                "count=-1,bytes=-1 | count=0,bytes=2",
            })
    void what_clients_write_into_the_statistics_is_counted_on_from(String text, String then) {
        quotaOnQ();
        t.setData(STATS, text, 1);

        t.create("/q/d", "123");

        assertThat(t.data(STATS)).isEqualTo(then);
    }

    @Test
    void null_statistics_do_not_stop_anything() {
        quotaOnQ();
        t.apply(
                io.witan.wire.client.OpCode.SET_DATA,
                new io.witan.wire.txn.Txn.SetData(bytes(STATS), null, 1));

        t.create("/q/d", "123");

        assertThat(t.data(STATS)).isEqualTo("count=0,bytes=2");
    }

    @Test
    void a_quota_within_a_quota_takes_what_is_below_it() {
        quotaOnQ();
        t.create("/q/n", "12");
        t.create("/zookeeper/quota/q/n", (String) null);
        t.create("/zookeeper/quota/q/n/zookeeper_limits", "count=5,bytes=100");
        t.create("/zookeeper/quota/q/n/zookeeper_stats", "");

        t.create("/q/n/x", "1234");

        assertThat(t.data(STATS)).isEqualTo("count=2,bytes=12");
        assertThat(t.data("/zookeeper/quota/q/n/zookeeper_stats")).isEqualTo("count=2,bytes=6");
        assertThat(root("/q/n/x/y")).isEqualTo("/q/n");
        assertThat(root("/q/n")).isEqualTo("/q/n");
        assertThat(root("/q/nn")).isEqualTo("/q");
        assertThat(root("/q")).isEqualTo("/q");
        assertThat(t.tree.quotas().longestMatch(bytes("/"))).isNull();
        assertThat(t.tree.quotas().longestMatch(bytes("/qq"))).isNull();
    }

    @Test
    void a_quota_may_be_on_what_does_not_exist_yet() {
        t.create("/zookeeper/quota/q", (String) null);
        t.create(LIMITS, "count=5,bytes=100");
        t.create(STATS, "x");
        assertThat(t.data(STATS)).isEqualTo("count=0,bytes=0");

        t.create("/q", "12");

        assertThat(t.data(STATS)).isEqualTo("count=1,bytes=2");
    }

    @Test
    void limits_and_usage_are_there_for_enforcement() {
        quotaOnQ();
        t.setData(LIMITS, "count=3,bytes=20=;byteHardLimit=30;countHardLimit=4", 1);

        QuotaRoot.Numbers numbers =
                Objects.requireNonNull(t.tree.quotas().longestMatch(bytes("/q/a"))).numbers();

        assertThat(numbers).isEqualTo(new QuotaRoot.Numbers(3, 20, 4, 30, 1, 10));
    }

    @Test
    void text_that_is_none_is_no_limit() {
        quotaOnQ();
        t.setData(LIMITS, "please no more than five", 1);

        QuotaRoot.Numbers numbers =
                Objects.requireNonNull(t.tree.quotas().longestMatch(bytes("/q/a"))).numbers();

        assertThat(numbers.count()).isEqualTo(QuotaRoot.NO_LIMIT);
        assertThat(numbers.byteHardLimit()).isEqualTo(QuotaRoot.NO_LIMIT);
    }

    @Test
    void loading_finds_the_roots_and_counts_anew() {
        quotaOnQ();
        t.create("/q/a", "12345");
        t.setData(STATS, "count=7777,bytes=7777", 1);

        ZnodeTree copy = RecordedHistoriesTest.reloaded(t.tree);

        assertThat(copy.quotas().size()).isEqualTo(1);
        byte[] data = Objects.requireNonNull(copy.find(bytes(STATS))).data();
        assertThat(new String(Objects.requireNonNull(data), UTF_8)).isEqualTo("count=2,bytes=15");
    }

    private String root(String path) {
        return new String(
                Objects.requireNonNull(t.tree.quotas().longestMatch(bytes(path))).path(), UTF_8);
    }
}
