package io.witan.interop.javaclient;

import static io.witan.interop.javaclient.ReadsAndWritesIT.bytes;

import static org.apache.zookeeper.ZooDefs.Ids.ANYONE_ID_UNSAFE;
import static org.apache.zookeeper.ZooDefs.Ids.CREATOR_ALL_ACL;
import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.apache.zookeeper.ZooDefs.Ids.READ_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.interop.AgainstBoth;
import io.witan.interop.Events;
import io.witan.interop.Lab;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.AuthFailedException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.InvalidACLException;
import org.apache.zookeeper.KeeperException.NoAuthException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Who may do what. The superuser's password is `admin`.
@AgainstBoth(config = "DigestAuthenticationProvider.superDigest=super:xQJmxLMiHGwaqBvst5y6rkB6HQs=")
class AclIT {

    @Test
    void what_its_creator_keeps_nobody_else_can_touch(Lab lab) throws Exception {
        var owner = authenticated(lab, "owner:secret");
        var stranger = authenticated(lab, "stranger:secret");
        owner.create("/a", bytes("mine"), CREATOR_ALL_ACL, CreateMode.PERSISTENT);

        assertThat(owner.getData("/a", false, null)).isEqualTo(bytes("mine"));
        assertThat(owner.getACL("/a", new Stat()))
                .as("SHA-1 of owner:secret")
                .containsExactly(
                        new ACL(Perms.ALL, new Id("digest", "owner:Vj++wdU3sMAbt+g9TyKj1BT+usI=")));
        assertThatThrownBy(() -> stranger.getData("/a", false, null))
                .isInstanceOf(NoAuthException.class);
        assertThatThrownBy(() -> stranger.exists("/a", false)).isInstanceOf(NoAuthException.class);
        assertThatThrownBy(() -> stranger.getChildren("/a", false))
                .isInstanceOf(NoAuthException.class);
        assertThatThrownBy(() -> stranger.getACL("/a", null)).isInstanceOf(NoAuthException.class);
        assertThatThrownBy(() -> stranger.setData("/a", null, 99))
                .isInstanceOf(NoAuthException.class);
        assertThatThrownBy(() -> stranger.setACL("/a", OPEN_ACL_UNSAFE, 99))
                .isInstanceOf(NoAuthException.class);
        assertThatThrownBy(
                        () -> stranger.create("/a/b", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                .isInstanceOf(NoAuthException.class);
        assertThatThrownBy(() -> stranger.getAllChildrenNumber("/a"))
                .isInstanceOf(NoAuthException.class);
    }

    @Test
    void each_permission_opens_its_own_door(Lab lab) throws Exception {
        var client = lab.client();
        int[] perms = {Perms.READ, Perms.WRITE, Perms.CREATE, Perms.DELETE, Perms.ADMIN};
        for (int perm : perms) {
            String path = "/p" + perm;
            client.create(path, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.create(path + "/child", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            client.setACL(path, list(new ACL(perm, ANYONE_ID_UNSAFE)), 0);
        }

        for (int perm : perms) {
            String path = "/p" + perm;
            assertThat(allowed(() -> client.getData(path, false, null)))
                    .isEqualTo(perm == Perms.READ);
            assertThat(allowed(() -> client.setData(path, null, -1)))
                    .isEqualTo(perm == Perms.WRITE);
            assertThat(
                            allowed(() ->
                                    client.create(
                                            path + "/new",
                                            null,
                                            OPEN_ACL_UNSAFE,
                                            CreateMode.PERSISTENT)))
                    .isEqualTo(perm == Perms.CREATE);
            assertThat(allowed(() -> client.delete(path + "/child", -1)))
                    .isEqualTo(perm == Perms.DELETE);
            assertThat(allowed(() -> client.getACL(path, null)))
                    .isEqualTo(perm == Perms.READ || perm == Perms.ADMIN);
            assertThat(
                            allowed(() ->
                                    client.setACL(path, list(new ACL(perm, ANYONE_ID_UNSAFE)), -1)))
                    .isEqualTo(perm == Perms.ADMIN);
        }
    }

    @Test
    void acl_changes_are_versioned(Lab lab) throws Exception {
        var client = lab.client();
        client.create("/a", null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        long mzxid = client.exists("/a", false).getMzxid();

        Stat stat = client.setACL("/a", list(new ACL(Perms.ALL, ANYONE_ID_UNSAFE)), 0);

        assertThat(stat.getAversion()).isEqualTo(1);
        assertThat(stat.getVersion()).isZero();
        assertThat(stat.getMzxid()).isEqualTo(mzxid);
        assertThatThrownBy(() -> client.setACL("/a", OPEN_ACL_UNSAFE, 0))
                .isInstanceOf(BadVersionException.class);
    }

    @Test
    void a_password_hash_is_masked_for_readers(Lab lab) throws Exception {
        var owner = authenticated(lab, "owner:secret");
        var acl = new ArrayList<>(CREATOR_ALL_ACL);
        acl.addAll(READ_ACL_UNSAFE);
        owner.create("/a", null, acl, CreateMode.PERSISTENT);

        assertThat(lab.client().getACL("/a", null))
                .containsExactly(
                        new ACL(Perms.ALL, new Id("digest", "owner:x")),
                        new ACL(Perms.READ, ANYONE_ID_UNSAFE));
    }

    @Test
    void every_identity_of_the_connection_counts(Lab lab) throws Exception {
        var client = authenticated(lab, "one:1", "two:2");

        client.create("/a", null, CREATOR_ALL_ACL, CreateMode.PERSISTENT);

        assertThat(client.getACL("/a", null)).hasSize(2);
        assertThat(allowed(() -> authenticated(lab, "two:2").getData("/a", false, null))).isTrue();
        assertThat(allowed(() -> authenticated(lab, "two:3").getData("/a", false, null))).isFalse();
        assertThat(client.whoAmI())
                .extracting(info -> info.getAuthScheme() + ":" + info.getUser())
                .containsExactlyInAnyOrder("ip:127.0.0.1", "digest:one", "digest:two");
    }

    @Test
    void addresses_and_networks_are_matched(Lab lab) throws Exception {
        var client = lab.client();
        for (String id :
                List.of("127.0.0.1", "127.0.0.0/8", "10.0.0.0/8", "127.0.0.2", "0.0.0.0/0")) {
            client.create(
                    "/" + id.replace('/', '_'),
                    null,
                    list(new ACL(Perms.ALL, new Id("ip", id))),
                    CreateMode.PERSISTENT);
        }

        assertThat(allowed(() -> client.getData("/127.0.0.1", false, null))).isTrue();
        assertThat(allowed(() -> client.getData("/127.0.0.0_8", false, null))).isTrue();
        assertThat(allowed(() -> client.getData("/0.0.0.0_0", false, null))).isTrue();
        assertThat(allowed(() -> client.getData("/10.0.0.0_8", false, null))).isFalse();
        assertThat(allowed(() -> client.getData("/127.0.0.2", false, null))).isFalse();
    }

    @Test
    void ids_that_no_scheme_understands_are_refused(Lab lab) throws Exception {
        var client = lab.client();
        for (Id id :
                List.of(
                        new Id("world", "someone"),
                        new Id("ip", "1.2.3"),
                        new Id("ip", "1.2.3.4/33"),
                        new Id("digest", "nohash"),
                        new Id("super", ""),
                        new Id("unheard-of", "x"),
                        new Id("auth", ""))) {
            assertThatThrownBy(() ->
                            client.create(
                                    "/x",
                                    null,
                                    list(new ACL(Perms.ALL, id)),
                                    CreateMode.PERSISTENT))
                    .as("%s", id)
                    .isInstanceOf(InvalidACLException.class);
        }
    }

    @Test
    void equal_entries_are_kept_once_and_in_order(Lab lab) throws Exception {
        var client = lab.client();
        var read = new ACL(Perms.READ, ANYONE_ID_UNSAFE);
        var address = new ACL(Perms.ALL, new Id("ip", "127.0.0.1"));

        client.create("/a", null, list(read, address, read, address), CreateMode.PERSISTENT);

        assertThat(client.getACL("/a", null)).containsExactly(read, address);
    }

    @Test
    void the_superuser_may_do_everything(Lab lab) throws Exception {
        authenticated(lab, "owner:secret")
                .create("/a", bytes("mine"), CREATOR_ALL_ACL, CreateMode.PERSISTENT);

        var superuser = lab.superuser();

        assertThat(superuser.getData(lab.root() + "/a", false, null)).isEqualTo(bytes("mine"));
        assertThat(superuser.getACL(lab.root() + "/a", null).getFirst().getId().getId())
                .startsWith("owner:")
                .isNotEqualTo("owner:x");
        assertThat(superuser.setData("/zookeeper/config", bytes(""), -1).getVersion()).isPositive();
        superuser.setACL(lab.root() + "/a", OPEN_ACL_UNSAFE, -1);
        assertThat(allowed(() -> lab.client().getData("/a", false, null))).isTrue();
        assertThat(superuser.whoAmI())
                .extracting(info -> info.getAuthScheme() + ":" + info.getUser())
                .containsExactlyInAnyOrder("ip:127.0.0.1", "digest:super", "super:");
    }

    @Test
    void an_unknown_scheme_ends_the_connection(Lab lab) throws Exception {
        var events = new Events();
        var client = lab.client(events);

        client.addAuthInfo("unheard-of", bytes("x"));

        events.awaitState(KeeperState.AuthFailed);
        assertThatThrownBy(() -> client.exists("/", false)).isInstanceOf(AuthFailedException.class);
    }

    @Test
    void identities_are_given_again_after_a_reconnect(Lab lab) throws Exception {
        var events = new Events();
        var client = lab.client(events);
        client.addAuthInfo("digest", bytes("owner:secret"));
        client.create("/a", bytes("mine"), CREATOR_ALL_ACL, CreateMode.PERSISTENT);

        lab.server().restart();
        events.awaitState(KeeperState.SyncConnected);

        assertThat(client.getData("/a", false, null)).isEqualTo(bytes("mine"));
    }

    private interface Call {
        void run() throws Exception;
    }

    private static boolean allowed(Call call) throws Exception {
        try {
            call.run();
            return true;
        } catch (NoAuthException e) {
            return false;
        }
    }

    /// Apache's client cannot work with lists that refuse to be asked for null.
    private static List<ACL> list(ACL... entries) {
        return Arrays.asList(entries);
    }

    private static ZooKeeper authenticated(Lab lab, String... identities) {
        var client = lab.client();
        for (String identity : identities) {
            client.addAuthInfo("digest", bytes(identity));
        }
        return client;
    }
}
