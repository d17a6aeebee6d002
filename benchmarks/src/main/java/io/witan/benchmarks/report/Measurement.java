package io.witan.benchmarks.report;

import java.util.stream.Stream;

/// One value of one repeat.
///
/// @param row what was measured, one row of the report: `getData|10 sync|100 B`
/// @param metric which of its values: `cpu`, `throughput`, ...
/// @param subject whose
public record Measurement(Row row, Metric metric, String subject, int repeat, double value) {

    /// @param load how many clients and how they ask; empty where that says nothing
    public record Row(String name, String load, String size) {

        public String label() {
            return String.join(
                    ", ", Stream.of(name, load, size).filter(part -> !part.isEmpty()).toList());
        }
    }

    /// The kinds of values. The order is that of the report's columns.
    public enum Metric {
        CPU("server CPU", "µs/op", false),
        THROUGHPUT("throughput", "op/s", true),
        P50("p50", "ms", false),
        P99("p99", "ms", false),
        P999("p99.9", "ms", false),
        GENERATOR_CPU("generator CPU", "µs/op", false),
        OTHER_CORES("other programs", "cores", false),
        FIRST_READ("process start to first read", "ms", false),
        LIVE_HEAP("live heap", "B", false),
        BEYOND("live heap beyond data and name", "B", false),
        RESIDENT("resident memory", "B", false),
        PROCESS_RESIDENT("resident memory of the process", "MiB", false),
        EVENT_CPU("server CPU per event", "µs", false),
        CONNECT_CPU("server CPU per connect", "µs", false),
        PING_CPU("server CPU per ping", "µs", false),
        LAST_EVENT("from the write to the last event", "ms", false),
        LATENCY_MAX("largest latency", "ms", false),
        DISK_BYTES("bytes written for a byte of data", "", false),
        SLICE_MAX("longest slice of the core's thread", "ms", false),
        PAUSE_MAX("longest pause of the JVM's collector", "ms", false),
        PAUSES("pauses a minute", "", false),
        WRITE_AGAIN("until the first acknowledged write", "ms", false),
        WRITE_GAP("longest time without an acknowledged write", "ms", false),
        READ_GAP("longest time without an answered read", "ms", false),
        READS("reads answered meanwhile at the other servers", "reads/s", true),
        SESSIONS_LOST("sessions or ephemerals lost", "", false),
        LEADER_CPU("CPU of the leader alone", "µs/op", false),
        CHILD_CPU("server CPU per child", "µs", false),
        KIB_CPU("server CPU per KiB", "µs", false),
        IDLE_CPU("server CPU of all together", "ms/s", false),
        SNAPSHOT("time to write a snapshot", "ms", false);

        private final String title;
        private final String unit;
        private final boolean moreIsBetter;

        Metric(String title, String unit, boolean moreIsBetter) {
            this.title = title;
            this.unit = unit;
            this.moreIsBetter = moreIsBetter;
        }

        public String title() {
            return title;
        }

        public String unit() {
            return unit;
        }

        public boolean moreIsBetter() {
            return moreIsBetter;
        }
    }
}
