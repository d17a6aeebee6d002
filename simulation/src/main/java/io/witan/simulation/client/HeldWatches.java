package io.witan.simulation.client;

import io.witan.wire.client.AddWatchMode;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Request;
import io.witan.wire.client.WatcherEvent;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The watches that a client believes to have, so that it can set them again on its next
/// connection.
final class HeldWatches {

    private final SortedSet<String> data = new TreeSet<>();
    private final SortedSet<String> exist = new TreeSet<>();
    private final SortedSet<String> child = new TreeSet<>();
    private final SortedSet<String> persistent = new TreeSet<>();
    private final SortedSet<String> recursive = new TreeSet<>();

    void clear() {
        data.clear();
        exist.clear();
        child.clear();
        persistent.clear();
        recursive.clear();
    }

    boolean isEmpty() {
        return data.isEmpty()
                && exist.isEmpty()
                && child.isEmpty()
                && persistent.isEmpty()
                && recursive.isEmpty();
    }

    /// A request that may set watches was answered.
    void answered(Request request, int err) {
        switch (request) {
            case Request.Watchable read when read.watch() -> {
                String path = text(read.path());
                if (err == ErrorCode.OK) {
                    boolean ofData = read.type() == OpCode.EXISTS || read.type() == OpCode.GET_DATA;
                    (ofData ? data : child).add(path);
                } else if (err == ErrorCode.NO_NODE && read.type() == OpCode.EXISTS) {
                    exist.add(path);
                }
            }
            case Request.AddWatch add when err == ErrorCode.OK ->
                    (add.mode() == AddWatchMode.PERSISTENT ? persistent : recursive)
                            .add(text(add.path()));
            case Request.OfWatches remove
                    when err == ErrorCode.OK && remove.type() == OpCode.REMOVE_WATCHES ->
                    removeAll(text(remove.path()));
            default -> {
                // Sets no watches.
            }
        }
    }

    private void removeAll(String path) {
        data.remove(path);
        exist.remove(path);
        child.remove(path);
        persistent.remove(path);
        recursive.remove(path);
    }

    /// One-shot watches are used up by their event.
    void notified(int eventType, String path) {
        switch (eventType) {
            case WatcherEvent.NODE_CREATED, WatcherEvent.NODE_DATA_CHANGED -> {
                data.remove(path);
                exist.remove(path);
            }
            case WatcherEvent.NODE_DELETED -> {
                data.remove(path);
                exist.remove(path);
                child.remove(path);
            }
            case WatcherEvent.NODE_CHILDREN_CHANGED -> child.remove(path);
            default -> throw new IllegalStateException("event of type " + eventType);
        }
    }

    /// What the client sends first on a new connection.
    Request again(long relativeZxid) {
        return new Request.SetWatches2(
                relativeZxid,
                bytes(data),
                bytes(exist),
                bytes(child),
                bytes(persistent),
                bytes(recursive));
    }

    private static List<byte[]> bytes(SortedSet<String> paths) {
        List<byte[]> list = new ArrayList<>();
        for (String path : paths) {
            list.add(path.getBytes(StandardCharsets.UTF_8));
        }
        return list;
    }

    private static String text(byte @Nullable [] path) {
        return path == null ? "" : new String(path, StandardCharsets.UTF_8);
    }
}
