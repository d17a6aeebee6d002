package io.witan.interop.javaclient;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Lab;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.Test;

/// The default of `extendedTypesEnabled`.
@AgainstBoth(config = "extendedTypesEnabled=false")
class ExtendedTypesOffIT {

    @Test
    void ttl_znodes_are_not_known(Lab lab) throws Exception {
        var client = lab.client();

        assertThatThrownBy(() ->
                        client.create(
                                "/t",
                                null,
                                OPEN_ACL_UNSAFE,
                                CreateMode.PERSISTENT_WITH_TTL,
                                null,
                                1000))
                .isInstanceOf(KeeperException.UnimplementedException.class);
        assertThat(client.create("/c", null, OPEN_ACL_UNSAFE, CreateMode.CONTAINER))
                .isEqualTo("/c");
    }
}
