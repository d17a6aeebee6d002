package io.witan.simulation.check;

import io.witan.simulation.check.model.Change;
import io.witan.simulation.check.model.Permissions;
import io.witan.wire.client.WatcherEvent;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The watches of one connection, and what a change makes of them (client-and-disk, section 5.3).
final class WatchedPaths {

    final SortedSet<String> data = new TreeSet<>();
    final SortedSet<String> child = new TreeSet<>();
    final SortedSet<String> persistent = new TreeSet<>();
    final SortedSet<String> recursive = new TreeSet<>();

    /// An event as its client sees it.
    record Event(int type, String path) {}

    boolean isEmpty() {
        return data.isEmpty() && child.isEmpty() && persistent.isEmpty() && recursive.isEmpty();
    }

    boolean watches(String path) {
        return data.contains(path)
                || child.contains(path)
                || persistent.contains(path)
                || recursive.contains(path);
    }

    void remove(String path) {
        data.remove(path);
        child.remove(path);
        persistent.remove(path);
        recursive.remove(path);
    }

    /// The events that a change must bring to its client, in order. One-shot watches are used up,
    /// also by what the client may not be told.
    List<Event> fire(Change change, int client) {
        List<Event> events = new ArrayList<>();
        String path = change.path();
        boolean mayRead = Permissions.allowReading(change.acl(), client);
        boolean mayReadParent = Permissions.allowReading(change.parentAcl(), client);
        switch (change.kind()) {
            case CREATED -> {
                if (firesData(path) && mayRead) {
                    events.add(new Event(WatcherEvent.NODE_CREATED, path));
                }
                fireParent(path, mayReadParent, events);
            }
            case DELETED -> {
                boolean told = firesData(path);
                boolean toldAsParent = firesChild(path);
                if ((told || toldAsParent) && mayRead) {
                    events.add(new Event(WatcherEvent.NODE_DELETED, path));
                }
                fireParent(path, mayReadParent, events);
            }
            case DATA_CHANGED -> {
                if (firesData(path) && mayRead) {
                    events.add(new Event(WatcherEvent.NODE_DATA_CHANGED, path));
                }
            }
        }
        return events;
    }

    private void fireParent(String path, boolean mayRead, List<Event> events) {
        String parent = parent(path);
        if (firesChild(parent) && mayRead) {
            events.add(new Event(WatcherEvent.NODE_CHILDREN_CHANGED, parent));
        }
    }

    private boolean firesData(String path) {
        boolean once = data.remove(path);
        return once || persistent.contains(path) || isBelowRecursive(path);
    }

    private boolean firesChild(String path) {
        boolean once = child.remove(path);
        return once || persistent.contains(path);
    }

    private boolean isBelowRecursive(String path) {
        if (recursive.isEmpty()) {
            return false;
        }
        String at = path;
        while (!recursive.contains(at)) {
            if (at.equals("/")) {
                return false;
            }
            at = parent(at);
        }
        return true;
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }
}
