package io.witan.replica;

import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.setData;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Section 6.3: hard limits refuse where they are enforced. And the znodes of quotas that stop an
/// Apache server (section 13.3) stop nothing here.
class QuotaEnforcementTest {

    private final TestServer server = new TestServer(o -> o.enforceQuota = true);
    private final TestClient client = server.connects();

    private static void limits(TestClient c, String limits) {
        c.asks(creation("/p"));
        c.asks(creation("/zookeeper/quota/p"));
        c.asks(creation("/zookeeper/quota/p/zookeeper_limits", limits));
        c.asks(creation("/zookeeper/quota/p/zookeeper_stats", "count=0,bytes=0"));
    }

    private String stats() {
        return client.asks(getData("/zookeeper/quota/p/zookeeper_stats")).data();
    }

    @Test
    void a_hard_limit_on_count_refuses_creates() {
        limits(client, "count=-1,bytes=-1=;countHardLimit=2");

        assertThat(client.err(creation("/p/a"))).isZero();
        assertThat(client.err(creation("/p/b"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(multi(creation("/p/b")))).isZero();
        assertThat(server.znode("/p/b")).isNull();
        client.asks(delete("/p/a"));
        assertThat(client.err(creation("/p/b"))).isZero();
        assertThat(stats()).isEqualTo("count=2,bytes=0");
    }

    @Test
    void a_hard_limit_on_bytes_refuses_creates_and_changes_of_length() {
        limits(client, "count=-1,bytes=-1=;byteHardLimit=5");

        assertThat(client.err(creation("/p/a", "12345"))).isZero();
        assertThat(client.err(creation("/p/b", "6"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(setData("/p/a", "123456"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(setData("/p/a", "54321"))).isZero();
        assertThat(client.err(setData("/p/a", "1"))).isZero();
    }

    @Test
    void a_shrinking_change_that_stays_above_the_limit_is_refused() {
        limits(client, "count=-1,bytes=-1");
        client.asks(creation("/p/a", "1234567890"));
        client.asks(
                setData(
                        "/zookeeper/quota/p/zookeeper_limits",
                        "count=-1,bytes=-1=;byteHardLimit=5"));

        assertThat(client.err(setData("/p/a", "123456"))).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
        assertThat(client.err(setData("/p/a", "12345"))).isZero();
    }

    @Test
    void soft_limits_refuse_nothing() {
        limits(client, "count=1,bytes=1");

        assertThat(client.err(creation("/p/a", "123"))).isZero();
    }

    @Test
    void where_quotas_are_not_enforced_hard_limits_refuse_nothing() {
        TestClient lax = new TestServer().connects();
        limits(lax, "count=-1,bytes=-1=;byteHardLimit=1;countHardLimit=1");

        assertThat(lax.err(creation("/p/a", "123"))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "junk", "count=", "count=x,bytes=y", "=,;", "count=1=2,bytes=3"})
    void junk_in_quota_texts_is_no_limit_and_stops_nothing(String junk) {
        limits(client, "count=-1,bytes=-1=;countHardLimit=9");
        client.asks(setData("/zookeeper/quota/p/zookeeper_stats", junk));
        assertThat(client.err(creation("/p/a", "1"))).isZero();
        assertThat(client.err(setData("/p/a", "12"))).isZero();
        client.asks(setData("/zookeeper/quota/p/zookeeper_limits", junk));
        assertThat(client.err(creation("/p/b"))).isZero();
        assertThat(client.err(delete("/p/a"))).isZero();
        assertThat(server.lastDigest()).isEqualTo(server.tree.digest());
    }

    @Test
    void quota_znodes_in_odd_places_are_ordinary_ones() {
        assertThat(client.err(creation("/zookeeper/quota/zookeeper_limits", "count=1"))).isZero();
        assertThat(client.err(creation("/zookeeper/quota/zookeeper_stats", "x"))).isZero();
        assertThat(client.err(creation("/zookeeper/zookeeper_limits"))).isZero();
        assertThat(client.err(delete("/zookeeper/zookeeper_limits"))).isZero();
        assertThat(client.err(delete("/zookeeper/quota/zookeeper_limits"))).isZero();
        assertThat(client.err(creation("/a"))).isZero();
    }
}
