package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;
import static io.witan.interop.javaclient.ReadsAndWritesIT.text;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Lab;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.QuotaExceededException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.StatsTrack;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.cli.DelQuotaCommand;
import org.apache.zookeeper.cli.SetQuotaCommand;
import org.junit.jupiter.api.Test;

import java.util.List;

/// Quotas as the original's shell sets them, with enforcement on.
@AgainstBoth(config = "enforceQuota=true")
class QuotaIT {

    @Test
    void znodes_and_bytes_are_counted(Lab lab) throws Exception {
        var client = lab.clientAtRoot();
        String root = lab.root();
        create(client, root + "/q", "12345");
        create(client, root + "/q/a", "1");

        SetQuotaCommand.createQuota(client, root + "/q", limits("count=100,bytes=1000"));
        assertThat(stats(client, root + "/q")).isEqualTo("count=2,bytes=6");

        create(client, root + "/q/a/b", "22");
        client.setData(root + "/q", bytes("1"), -1);
        assertThat(stats(client, root + "/q")).isEqualTo("count=3,bytes=4");

        client.delete(root + "/q/a/b", -1);
        assertThat(stats(client, root + "/q")).isEqualTo("count=2,bytes=2");
        assertThat(
                        client.exists("/zookeeper/quota" + root + "/q/zookeeper_stats", false)
                                .getVersion())
                .isZero();
    }

    @Test
    void hard_limits_are_enforced(Lab lab) throws Exception {
        var client = lab.clientAtRoot();
        String q = lab.root() + "/q";
        create(client, q, "1");
        SetQuotaCommand.createQuota(
                client, q, limits("count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=3"));
        create(client, q + "/1", "1");
        create(client, q + "/2", "1");

        assertThatThrownBy(() -> create(client, q + "/3", ""))
                .isInstanceOf(QuotaExceededException.class);
        assertThatThrownBy(() -> client.setData(q + "/1", bytes("123456789"), -1))
                .isInstanceOf(QuotaExceededException.class);
        assertThatThrownBy(() ->
                        client.multi(
                                List.of(
                                        Op.create(
                                                q + "/3",
                                                null,
                                                OPEN_ACL_UNSAFE,
                                                CreateMode.PERSISTENT))))
                .isInstanceOf(QuotaExceededException.class);
        client.setData(q + "/1", bytes("12345678"), -1);
        client.delete(q + "/2", -1);
        create(client, q + "/3", "");
    }

    @Test
    void soft_limits_only_warn(Lab lab) throws Exception {
        var client = lab.clientAtRoot();
        String q = lab.root() + "/q";
        create(client, q, "");
        SetQuotaCommand.createQuota(client, q, limits("count=1,bytes=1"));

        create(client, q + "/1", "12345");

        assertThat(stats(client, q)).isEqualTo("count=2,bytes=5");
    }

    @Test
    void a_quota_can_be_taken_away_and_counts_survive_a_restart(Lab lab) throws Exception {
        var client = lab.clientAtRoot();
        String q = lab.root() + "/q";
        create(client, q, "");
        SetQuotaCommand.createQuota(client, q, limits("count=-1,bytes=-1=;countHardLimit=2"));
        create(client, q + "/1", "1");

        lab.server().restart();
        var again = lab.clientAtRoot();

        assertThat(stats(again, q)).isEqualTo("count=2,bytes=1");
        assertThatThrownBy(() -> create(again, q + "/2", ""))
                .isInstanceOf(QuotaExceededException.class);
        DelQuotaCommand.delQuota(
                again, q, limits("count=1,bytes=1=;byteHardLimit=1;countHardLimit=1"));
        create(again, q + "/2", "");
    }

    private static StatsTrack limits(String text) {
        return new StatsTrack(text);
    }

    private static void create(ZooKeeper client, String path, String data) throws Exception {
        client.create(path, bytes(data), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private static String stats(ZooKeeper client, String path) throws Exception {
        byte[] data = client.getData("/zookeeper/quota" + path + "/zookeeper_stats", false, null);
        return text(data);
    }
}
