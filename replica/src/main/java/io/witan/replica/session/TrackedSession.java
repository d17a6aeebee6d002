package io.witan.replica.session;

import org.jspecify.annotations.Nullable;

/// A living session as its tracker sees it. Owned by the core's thread.
public final class TrackedSession {

    /// The owner of a session that no request has come for since this server leads.
    public static final long NO_OWNER = Long.MIN_VALUE;

    /// The owner of a session whose client is connected to this server itself.
    public static final long HERE = Long.MIN_VALUE + 1;

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

    /// As leader: the learner's link by which requests of the session come, or [#HERE]; from
    /// elsewhere none is taken, so that what is left over of an earlier connection has no effect.
    private long owner = NO_OWNER;

    /// Its end is decided by the leader, which is another server: this one only tells it when the
    /// session was heard of.
    boolean endsElsewhere;

    /// It was heard of since the leader was told last.
    boolean heard;

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

    public long owner() {
        return owner;
    }

    void ownedBy(long newOwner) {
        owner = newOwner;
    }

    /// When it expires unless it is heard of again, on the tracker's clock.
    public long expiryMillis() {
        return expiry;
    }

    void timeoutMillis(int millis) {
        timeoutMillis = millis;
    }
}
