package io.witan.replica;

/// Counts of requests and their latency, for one connection or the whole server. Latency is in
/// milliseconds from the batch in which a request came to the one in which it was answered.
public final class RequestStats {

    private long received;
    private long sent;
    private long answered;
    private long latencySum;
    private long latencyMin = Long.MAX_VALUE;
    private long latencyMax;

    RequestStats() {}

    void received() {
        received++;
    }

    void sent() {
        sent++;
    }

    void answered(long latencyMillis) {
        answered++;
        latencySum += latencyMillis;
        if (latencyMillis < latencyMin) {
            latencyMin = latencyMillis;
        }
        if (latencyMillis > latencyMax) {
            latencyMax = latencyMillis;
        }
    }

    /// Starts counting anew.
    public void reset() {
        received = 0;
        sent = 0;
        answered = 0;
        latencySum = 0;
        latencyMin = Long.MAX_VALUE;
        latencyMax = 0;
    }

    public long receivedCount() {
        return received;
    }

    public long sentCount() {
        return sent;
    }

    public long latencyMinMillis() {
        return answered == 0 ? 0 : latencyMin;
    }

    public long latencyMaxMillis() {
        return latencyMax;
    }

    public double latencyMeanMillis() {
        return answered == 0 ? 0 : (double) latencySum / answered;
    }
}
