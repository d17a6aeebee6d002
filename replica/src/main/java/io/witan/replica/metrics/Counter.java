package io.witan.replica.metrics;

/// How often something happened, or how much of it there was.
public final class Counter {

    private long count;

    public Counter() {}

    public void increment() {
        count++;
    }

    public void add(long more) {
        count += more;
    }

    public long count() {
        return count;
    }

    void reset() {
        count = 0;
    }
}
