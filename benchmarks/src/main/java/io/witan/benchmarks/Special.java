package io.witan.benchmarks;

import java.util.Arrays;
import java.util.List;

/// The measurements that are not closed loops.
public enum Special {
    START("start", "time from the start of the process to the first read"),
    ZNODES("znodes", "memory of znodes of 100 B"),
    WATCHES("watches", "memory of watches"),
    SESSIONS("sessions", "memory of idle sessions"),
    SNAPSHOT("snapshot", "latency of writes while a snapshot is written");

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
