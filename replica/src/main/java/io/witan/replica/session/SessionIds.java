package io.witan.replica.session;

/// Makes session ids that are unique in an ensemble: the server's id, the time of its start, a
/// counter (client-and-disk, section 2.5).
public final class SessionIds {

    private long next;

    /// @param serverId goes into the highest byte
    /// @param startMillis when the server started, on any clock that differs between two starts
    public SessionIds(long serverId, long startMillis) {
        long first = ((startMillis << 24) >>> 8) | (serverId << 56);
        // That one value marks containers where owners are stored (section 3.7).
        next = first == Long.MIN_VALUE ? first + 1 : first;
    }

    public long next() {
        return next++;
    }
}
