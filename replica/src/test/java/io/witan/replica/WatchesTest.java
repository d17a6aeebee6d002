package io.witan.replica;

import static io.witan.replica.Requests.EPHEMERAL;
import static io.witan.replica.Requests.acl;
import static io.witan.replica.Requests.addWatch;
import static io.witan.replica.Requests.anyone;
import static io.witan.replica.Requests.checkWatches;
import static io.witan.replica.Requests.closeSession;
import static io.witan.replica.Requests.creation;
import static io.witan.replica.Requests.delete;
import static io.witan.replica.Requests.digestAuth;
import static io.witan.replica.Requests.exists;
import static io.witan.replica.Requests.getChildren;
import static io.witan.replica.Requests.getData;
import static io.witan.replica.Requests.multi;
import static io.witan.replica.Requests.paths;
import static io.witan.replica.Requests.removeWatches;
import static io.witan.replica.Requests.setAcl;
import static io.witan.replica.Requests.setData;
import static io.witan.replica.Requests.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Perms;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Sections 3.11 and 5: who is told of what.
class WatchesTest {

    private static final int CHILDREN = 1;
    private static final int DATA = 2;
    private static final int ANY_TYPE = 3;
    private static final int PERSISTENT = 4;
    private static final int RECURSIVE = 5;

    private final TestServer server = new TestServer();
    private final TestClient writer = server.connects();
    private final TestClient watcher = server.connects();

    @Test
    void a_one_shot_watch_tells_once() {
        writer.asks(creation("/a"));
        watcher.asks(watching(getData("/a")));

        writer.asks(setData("/a", "1"));
        writer.asks(setData("/a", "2"));

        assertThat(watcher.takesAllTexts()).containsExactly("data /a");
    }

    @Test
    void an_event_has_the_zxid_of_its_transaction() {
        watcher.asks(watching(exists("/a")));
        long zxid = writer.asks(creation("/a")).zxid();

        assertThat(watcher.takes()).isEqualTo(new Frame.Event(zxid, 1, "/a"));
    }

    @Test
    void exists_watches_a_missing_znode_and_getData_and_getChildren_do_not() {
        assertThat(watcher.err(watching(exists("/a")))).isEqualTo(ErrorCode.NO_NODE);
        watcher.asks(watching(getData("/b")));
        watcher.asks(watching(getChildren("/c")));

        writer.asks(multi(creation("/a"), creation("/b"), creation("/c")));

        assertThat(watcher.takesAllTexts()).containsExactly("created /a");
    }

    @Test
    void a_read_that_is_not_allowed_sets_no_watch() {
        writer.asks(creation("/hidden", anyone(Perms.ALL & ~Perms.READ)));
        watcher.asks(watching(exists("/hidden")));
        watcher.asks(watching(getData("/hidden")));
        watcher.asks(watching(getChildren("/hidden")));

        assertThat(server.replica.watches().isEmpty()).isTrue();
    }

    @Test
    void a_delete_is_told_once_to_a_client_that_watches_data_and_children() {
        writer.asks(creation("/p"));
        writer.asks(creation("/p/a"));
        watcher.asks(watching(getData("/p/a")));
        watcher.asks(watching(getChildren("/p/a")));
        watcher.asks(watching(getChildren("/p")));

        writer.asks(delete("/p/a"));

        assertThat(watcher.takesAllTexts()).containsExactly("deleted /p/a", "children /p");
    }

    @Test
    void setAcl_and_failed_writes_tell_nothing() {
        writer.asks(creation("/a"));
        watcher.asks(watching(getData("/a")));
        watcher.asks(watching(getChildren("/")));

        writer.asks(setAcl("/a", anyone(Perms.ALL)));
        writer.asks(creation("/a"));
        writer.asks(multi(setData("/a", "x"), creation("/b"), delete("/missing")));

        watcher.hearsNothing();
    }

    @Test
    void a_multi_tells_of_each_op_in_order() {
        writer.asks(creation("/a"));
        watcher.asks(addWatch("/a", 1));

        writer.asks(multi(delete("/a"), creation("/a"), setData("/a", "x"), creation("/a/b")));

        assertThat(watcher.takesAllTexts())
                .containsExactly("deleted /a", "created /a", "data /a", "created /a/b");
    }

    @Test
    void the_end_of_a_session_tells_of_its_ephemerals() {
        TestClient owner = server.connects();
        owner.asks(creation("/e", EPHEMERAL));
        watcher.asks(watching(exists("/e")));

        owner.asks(closeSession());

        assertThat(watcher.takesAllTexts()).containsExactly("deleted /e");
    }

    @Test
    void persistent_watches_stay() {
        writer.asks(creation("/a"));
        assertThat(watcher.asks(addWatch("/a", 0)).body()).isEqualTo(new Reply.Err(0));

        writer.asks(setData("/a", "1"));
        writer.asks(setData("/a", "2"));
        writer.asks(creation("/a/b"));
        writer.asks(setData("/a/b", ""));

        assertThat(watcher.takesAllTexts()).containsExactly("data /a", "data /a", "children /a");
    }

    @Test
    void recursive_watches_tell_of_all_below_but_not_of_children() {
        watcher.asks(addWatch("/", 1));

        writer.asks(creation("/a"));
        writer.asks(creation("/a/b"));
        writer.asks(setData("/a/b", "x"));
        writer.asks(delete("/a/b"));

        assertThat(watcher.takesAllTexts())
                .containsExactly("created /a", "created /a/b", "data /a/b", "deleted /a/b");
    }

    @Test
    void an_unknown_mode_or_type_is_a_marshalling_error() {
        assertThat(watcher.err(addWatch("/a", 2))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        assertThat(watcher.err(addWatch(null, 0))).isEqualTo(ErrorCode.MARSHALLING_ERROR);
        for (int type : new int[] {0, 6, -1}) {
            assertThat(watcher.err(checkWatches("/a", type)))
                    .isEqualTo(ErrorCode.MARSHALLING_ERROR);
            assertThat(watcher.err(removeWatches("/a", type)))
                    .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        }
    }

    @Test
    void watches_are_found_and_removed_by_type() {
        writer.asks(creation("/a"));
        watcher.asks(watching(getData("/a")));
        watcher.asks(watching(getChildren("/a")));
        watcher.asks(addWatch("/a", 0));
        watcher.asks(addWatch("/a", 1));

        for (int type : new int[] {CHILDREN, DATA, PERSISTENT, RECURSIVE}) {
            assertThat(watcher.err(checkWatches("/a", type))).isZero();
            assertThat(writer.err(checkWatches("/a", type))).isEqualTo(ErrorCode.NO_WATCHER);
            assertThat(watcher.err(removeWatches("/a", type))).isZero();
            assertThat(watcher.err(removeWatches("/a", type))).isEqualTo(ErrorCode.NO_WATCHER);
        }
        assertThat(watcher.err(checkWatches("/a", ANY_TYPE))).isEqualTo(ErrorCode.NO_WATCHER);
        writer.asks(setData("/a", "x"));
        watcher.hearsNothing();
    }

    @Test
    void a_lost_connection_loses_its_watches() {
        watcher.asks(addWatch("/", 1));
        watcher.vanishes();

        assertThat(server.replica.watches().isEmpty()).isTrue();
    }

    // ---- permission at delivery (section 5.5)

    @Test
    void what_a_client_may_not_read_it_is_not_told_and_the_watch_is_used_up() {
        writer.asks(digestAuth("u:p"));
        watcher.asks(watching(exists("/secret")));
        Acl owner = acl(Perms.ALL, "auth", "");

        writer.asks(creation("/secret", List.of(owner)));
        writer.asks(delete("/secret"));
        writer.asks(creation("/secret"));

        watcher.hearsNothing();
        assertThat(server.replica.watches().isEmpty()).isTrue();
    }

    @Test
    void the_identities_at_the_time_of_the_event_count() {
        writer.asks(digestAuth("u:p"));
        writer.asks(creation("/secret", List.of(acl(Perms.ALL, "auth", ""))));
        watcher.asks(addWatch("/secret", 0));

        writer.asks(setData("/secret", "1"));
        watcher.hearsNothing();
        watcher.asks(digestAuth("u:p"));
        writer.asks(setData("/secret", "2"));

        assertThat(watcher.takesAllTexts()).containsExactly("data /secret");
    }

    @Test
    void a_change_of_children_asks_the_parents_acl() {
        writer.asks(digestAuth("u:p"));
        writer.asks(creation("/open"));
        watcher.asks(watching(getChildren("/open")));

        writer.asks(creation("/open/secret", List.of(acl(Perms.ALL, "auth", ""))));

        assertThat(watcher.takesAllTexts()).containsExactly("children /open");
    }

    // ---- coming back (section 5.6)

    private Request.SetWatches2 setWatches(
            long seen,
            List<byte[]> data,
            List<byte[]> exist,
            List<byte[]> child,
            List<byte[]> persistent,
            List<byte[]> recursive) {
        return new Request.SetWatches2(seen, data, exist, child, persistent, recursive);
    }

    @Test
    void what_was_missed_is_told_before_the_reply_and_the_rest_is_watched() {
        writer.asks(creation("/same"));
        writer.asks(creation("/changed"));
        writer.asks(creation("/deleted"));
        long seen = server.lastZxid();
        writer.asks(setData("/changed", "x"));
        writer.asks(creation("/changed/child"));
        writer.asks(delete("/deleted"));
        writer.asks(creation("/created"));

        int xid =
                watcher.sends(
                        setWatches(
                                seen,
                                paths("/same", "/changed", "/deleted"),
                                paths("/created", "/missing"),
                                paths("/same", "/changed", "/deleted"),
                                paths("/deleted"),
                                paths("/same")));

        List<Frame> heard = watcher.takesAll();
        assertThat(heard.subList(0, heard.size() - 1))
                .containsExactly(
                        new Frame.Event(-1, 3, "/changed"),
                        new Frame.Event(-1, 2, "/deleted"),
                        new Frame.Event(-1, 1, "/created"),
                        new Frame.Event(-1, 4, "/changed"),
                        new Frame.Event(-1, 2, "/deleted"));
        Frame.Answer answer = (Frame.Answer) heard.get(heard.size() - 1);
        assertThat(answer.xid()).isEqualTo(xid);
        assertThat(answer.raw()).hasSize(16);

        writer.asks(setData("/same", "x"));
        writer.asks(creation("/same/child"));
        writer.asks(creation("/missing"));
        writer.asks(creation("/deleted"));
        writer.asks(setData("/changed", "y"));
        assertThat(watcher.takesAllTexts())
                .containsExactly(
                        "data /same",
                        "created /same/child",
                        "children /same",
                        "created /missing",
                        "created /deleted");
    }

    @Test
    void the_older_request_has_three_lists() {
        watcher.asks(new Request.SetWatches(0, paths(), paths("/a"), paths()));

        writer.asks(creation("/a"));

        assertThat(watcher.takesAllTexts()).containsExactly("created /a");
    }

    @Test
    void a_null_list_is_a_marshalling_error_and_sets_nothing() {
        assertThat(watcher.err(new Request.SetWatches(0, paths("/a"), paths("/b"), null)))
                .isEqualTo(ErrorCode.MARSHALLING_ERROR);
        watcher.hearsNothing();
        assertThat(server.replica.watches().isEmpty()).isTrue();
    }

    @Test
    void what_was_missed_is_told_whatever_the_acl() {
        writer.asks(creation("/hidden", anyone(0)));

        watcher.sends(setWatches(0, paths("/hidden"), paths(), paths(), paths(), paths()));

        assertThat(watcher.takesAllTexts()).containsExactly("data /hidden", "1");
    }

    @Test
    void events_are_appended_even_for_a_client_that_does_not_take_its_replies() {
        writer.asks(creation("/a"));
        watcher.asks(watching(getData("/a")));
        watcher.isSlow(true);

        writer.asks(setData("/a", "x"));

        assertThat(watcher.takesAllTexts()).containsExactly("data /a");
    }
}
