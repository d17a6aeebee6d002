package io.witan.replica.session;

import org.jspecify.annotations.Nullable;

/// A living session as its tracker sees it. Owned by the core's thread.
public final class TrackedSession {

    private final long id;

    /// Never becomes local again once it is global (client-and-disk, section 10.4).
    private boolean local;

    /// As negotiated by the connection that spoke last, in milliseconds.
    private int timeoutMillis;

    /// Once set, a closeSession is on its way: requests of the session fail from here on.
    private boolean closing;

    /// Requests made before this one came are answered there; null while no connection has it.
    private @Nullable SessionHolder holder;

    /// Zxid of the last transaction proposed on its behalf.
    private long lastWriteZxid;

    // Its place in the bucket of sessions that expire together.
    long expiry;
    SessionTracker.@Nullable Bucket bucket;
    @Nullable TrackedSession previous;
    @Nullable TrackedSession next;

    TrackedSession(long id, boolean local, int timeoutMillis) {
        this.id = id;
        this.local = local;
        this.timeoutMillis = timeoutMillis;
    }

    public long id() {
        return id;
    }

    public boolean isLocal() {
        return local;
    }

    /// A createSession transaction for it has been proposed.
    public void becomeGlobal() {
        local = false;
    }

    public int timeoutMillis() {
        return timeoutMillis;
    }

    public boolean isClosing() {
        return closing;
    }

    public void markClosing() {
        closing = true;
    }

    public @Nullable SessionHolder holder() {
        return holder;
    }

    public void heldBy(@Nullable SessionHolder newHolder) {
        holder = newHolder;
    }

    public long lastWriteZxid() {
        return lastWriteZxid;
    }

    public void wrote(long zxid) {
        lastWriteZxid = zxid;
    }

    /// When it expires unless it is heard of again, on the tracker's clock.
    public long expiryMillis() {
        return expiry;
    }

    void timeoutMillis(int millis) {
        timeoutMillis = millis;
    }
}
