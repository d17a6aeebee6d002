package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.check.model.Change;
import io.witan.wire.client.WatcherEvent;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;

import org.junit.jupiter.api.Test;

import java.util.List;

class WatchedPathsTest {

    private static final int CLIENT = 3;
    private final WatchedPaths watches = new WatchedPaths();

    @Test
    void a_one_shot_watch_is_used_up() {
        watches.data.add("/a");

        assertThat(watches.fire(change(Change.Kind.DATA_CHANGED, "/a"), CLIENT))
                .containsExactly(new WatchedPaths.Event(WatcherEvent.NODE_DATA_CHANGED, "/a"));
        assertThat(watches.fire(change(Change.Kind.DATA_CHANGED, "/a"), CLIENT)).isEmpty();
    }

    @Test
    void a_deletion_is_told_once_to_whoever_watches_data_and_children() {
        watches.data.add("/a");
        watches.child.add("/a");
        watches.child.add("/");

        assertThat(watches.fire(change(Change.Kind.DELETED, "/a"), CLIENT))
                .containsExactly(
                        new WatchedPaths.Event(WatcherEvent.NODE_DELETED, "/a"),
                        new WatchedPaths.Event(WatcherEvent.NODE_CHILDREN_CHANGED, "/"));
        assertThat(watches.isEmpty()).isTrue();
    }

    @Test
    void a_recursive_watch_hears_of_everything_below_and_of_no_children() {
        watches.recursive.add("/a");

        assertThat(watches.fire(change(Change.Kind.CREATED, "/a/b/c"), CLIENT))
                .containsExactly(new WatchedPaths.Event(WatcherEvent.NODE_CREATED, "/a/b/c"));
        assertThat(watches.fire(change(Change.Kind.CREATED, "/ab"), CLIENT)).isEmpty();
    }

    @Test
    void what_the_client_may_not_read_it_is_not_told_and_the_watch_is_used_up() {
        watches.data.add("/a");
        var acl = List.of(new Acl(Perms.READ, new Id("ip", "10.0.0.4")));
        var secret = new Change(7, Change.Kind.DATA_CHANGED, "/a", acl, Acl.OPEN);

        assertThat(watches.fire(secret, CLIENT)).isEmpty();
        assertThat(watches.isEmpty()).isTrue();
    }

    private static Change change(Change.Kind kind, String path) {
        return new Change(7, kind, path, Acl.OPEN, Acl.OPEN);
    }
}
