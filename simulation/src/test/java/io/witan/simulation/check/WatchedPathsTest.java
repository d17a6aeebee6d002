package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.check.model.Change;
import io.witan.wire.client.WatcherEvent;

import org.junit.jupiter.api.Test;

class WatchedPathsTest {

    private final WatchedPaths watches = new WatchedPaths();

    @Test
    void a_one_shot_watch_is_used_up() {
        watches.data.add("/a");

        assertThat(watches.fire(change(Change.Kind.DATA_CHANGED, "/a")))
                .containsExactly(new WatchedPaths.Event(WatcherEvent.NODE_DATA_CHANGED, "/a"));
        assertThat(watches.fire(change(Change.Kind.DATA_CHANGED, "/a"))).isEmpty();
    }

    @Test
    void a_deletion_is_told_once_to_whoever_watches_data_and_children() {
        watches.data.add("/a");
        watches.child.add("/a");
        watches.child.add("/");

        assertThat(watches.fire(change(Change.Kind.DELETED, "/a")))
                .containsExactly(
                        new WatchedPaths.Event(WatcherEvent.NODE_DELETED, "/a"),
                        new WatchedPaths.Event(WatcherEvent.NODE_CHILDREN_CHANGED, "/"));
        assertThat(watches.isEmpty()).isTrue();
    }

    @Test
    void a_recursive_watch_hears_of_everything_below_and_of_no_children() {
        watches.recursive.add("/a");

        assertThat(watches.fire(change(Change.Kind.CREATED, "/a/b/c")))
                .containsExactly(new WatchedPaths.Event(WatcherEvent.NODE_CREATED, "/a/b/c"));
        assertThat(watches.fire(change(Change.Kind.CREATED, "/ab"))).isEmpty();
    }

    private static Change change(Change.Kind kind, String path) {
        return new Change(7, kind, path);
    }
}
