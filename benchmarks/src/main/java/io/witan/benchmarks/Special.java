package io.witan.benchmarks;

import java.util.Arrays;
import java.util.List;

/// The measurements that are not closed loops.
public enum Special {
    START("start", "time from the start of the processes to the first read, on empty directories"),
    RESTART("restart", "time from the start of the process to the first read, with a tree"),
    ZNODES("znodes", "memory of znodes of 100 B"),
    WATCHES("watches", "memory of watches"),
    SESSIONS("sessions", "memory and CPU of sessions that only ping"),
    FAN_OUT("fan-out", "time and CPU to tell many sessions of one change"),
    SNAPSHOT("snapshot", "writes while snapshots are written"),
    LARGE("large", "a tree of millions: its memory, and the collector's pauses under load");

    private final String id;
    private final String description;

    Special(String id, String description) {
        this.id = id;
        this.description = description;
    }

    public String id() {
        return id;
    }

    public String description() {
        return description;
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Special::id).toList();
    }
}
