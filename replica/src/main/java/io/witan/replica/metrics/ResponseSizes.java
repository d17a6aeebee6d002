package io.witan.replica.metrics;

/// Bytes of the replies to clients: of the last, the smallest and the largest. -1 when there was
/// none.
public final class ResponseSizes {

    private int last = -1;
    private int min = -1;
    private int max = -1;

    public ResponseSizes() {}

    public void add(int bytes) {
        last = bytes;
        min = min < 0 ? bytes : Math.min(min, bytes);
        max = Math.max(max, bytes);
    }

    public int last() {
        return last;
    }

    public int min() {
        return min;
    }

    public int max() {
        return max;
    }

    void reset() {
        last = -1;
        min = -1;
        max = -1;
    }
}
