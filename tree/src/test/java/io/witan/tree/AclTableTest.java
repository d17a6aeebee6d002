package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Section 9.4, keys of ACLs; section 4.2, what a list grants to everybody.
class AclTableTest {

    private static final List<Acl> READ = List.of(new Acl(Perms.READ, Id.ANYONE));
    private static final List<Acl> ALICE = List.of(new Acl(Perms.ALL, new Id("digest", "alice:x")));

    private final TestTree t = new TestTree();

    @Test
    void system_znodes_are_open_and_the_configuration_has_the_first_key() {
        assertThat(t.at("/").aclKey()).isEqualTo(-1);
        assertThat(t.at("/zookeeper").aclKey()).isEqualTo(-1);
        assertThat(t.at("/zookeeper/config").aclKey()).isEqualTo(1);
        assertThat(t.tree.acls().list(1)).isEqualTo(READ);
        assertThat(t.tree.acls().list(-1)).isEqualTo(Acl.OPEN);
    }

    @Test
    void equal_lists_share_a_key_and_the_clients_open_list_has_a_normal_one() {
        t.createWith(Acl.OPEN, "/a");
        t.createWith(List.of(new Acl(31, new Id("world", "anyone"))), "/b");

        assertThat(t.at("/a").aclKey()).isEqualTo(2).isEqualTo(t.at("/b").aclKey());
    }

    @Test
    void a_list_that_nobody_has_any_more_is_forgotten() {
        t.createWith(ALICE, "/a");
        t.createWith(ALICE, "/b");
        t.delete("/a");
        assertThat(t.tree.acls().size()).isEqualTo(2);
        t.delete("/b");
        assertThat(t.tree.acls().size()).isEqualTo(1);

        assertThatThrownBy(() -> t.tree.acls().list(2)).isInstanceOf(IllegalStateException.class);
        t.createWith(Acl.OPEN, "/c");
        assertThat(t.at("/c").aclKey()).isEqualTo(2);
    }

    @Test
    void permissions_of_everybody_are_known_without_looking_at_the_list() {
        t.createWith(READ, "/r");
        t.createWith(ALICE, "/alice");
        t.createWith(List.of(), "/empty");
        t.createWith(List.of(READ.getFirst(), ALICE.getFirst(), new Acl(4, Id.ANYONE)), "/both");

        AclTable acls = t.tree.acls();
        assertThat(acls.anyonePerms(t.at("/r").aclKey())).isEqualTo(Perms.READ);
        assertThat(acls.anyonePerms(t.at("/alice").aclKey())).isZero();
        assertThat(acls.anyonePerms(t.at("/empty").aclKey()) & Perms.ALL).isEqualTo(Perms.ALL);
        assertThat(acls.anyonePerms(t.at("/both").aclKey())).isEqualTo(5);
        assertThat(acls.anyonePerms(-1)).isEqualTo(Perms.ALL);
        assertThat(AclTable.anyonePerms(null) & Perms.ALL).isEqualTo(Perms.ALL);
    }

    @Test
    void a_null_list_is_the_open_one() {
        t.apply(
                io.witan.wire.client.OpCode.CREATE,
                new io.witan.wire.txn.Txn.Create(TestTree.bytes("/a"), null, null, false, 1));

        assertThat(t.at("/a").aclKey()).isEqualTo(-1);
    }

    @Test
    void many_lists_come_and_go() {
        for (int i = 0; i < 2000; i++) {
            t.createWith(List.of(new Acl(i, new Id("ip", "10.0.0." + i))), "/n" + i);
        }
        for (int i = 0; i < 2000; i += 2) {
            t.delete("/n" + i);
        }
        for (int i = 0; i < 2000; i += 2) {
            t.createWith(List.of(new Acl(i, new Id("ip", "10.0.1." + i))), "/m" + i);
        }

        assertThat(t.tree.acls().size()).isEqualTo(2001);
        for (int i = 1; i < 2000; i += 2) {
            assertThat(t.tree.acls().list(t.at("/n" + i).aclKey()))
                    .containsExactly(new Acl(i, new Id("ip", "10.0.0." + i)));
        }
    }
}
