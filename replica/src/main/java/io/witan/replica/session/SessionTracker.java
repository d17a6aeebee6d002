package io.witan.replica.session;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Knows which sessions live and when each ends unless it is heard of (client-and-disk, section
/// 10.1). Sessions expire in buckets, at multiples of the tick time; hearing of a session costs
/// nothing while it stays in its bucket. Times are milliseconds of a clock that never runs back.
/// Owned by the core's thread.
public final class SessionTracker {

    private final int tickTimeMillis;

    private final Map<Long, TrackedSession> sessions = new TreeMap<>();

    /// By the time at which their sessions expire, a multiple of the tick time.
    private final TreeMap<Long, Bucket> buckets = new TreeMap<>();

    /// Sessions that end elsewhere and were heard of, oldest first.
    private List<TrackedSession> heard = new ArrayList<>();

    private int localCount;

    /// How many sessions each owner has, of those that have any.
    private final Map<Long, Integer> countByOwner = new TreeMap<>();

    private OwnersListener ownersListener = (_, _) -> {};

    public SessionTracker(int tickTimeMillis) {
        this.tickTimeMillis = tickTimeMillis;
    }

    /// Sessions that expire together, in the order in which they came.
    static final class Bucket {
        @Nullable TrackedSession first;
        @Nullable TrackedSession last;
    }

    /// Told of each owner that gets its first session, and of each that has lost its last one.
    public interface OwnersListener {
        void ownsSessions(long owner, boolean any);
    }

    public void tellOfOwners(OwnersListener listener) {
        ownersListener = listener;
    }

    /// Begins to track a session.
    public TrackedSession open(long id, boolean local, int timeoutMillis, long nowMillis) {
        TrackedSession session = add(id, local, timeoutMillis);
        place(session, expiryFrom(nowMillis, timeoutMillis));
        return session;
    }

    /// Knows from now on a session whose end the leader decides, another server.
    public TrackedSession openElsewhere(long id, int timeoutMillis) {
        TrackedSession session = add(id, false, timeoutMillis);
        session.endsElsewhere = true;
        return session;
    }

    private TrackedSession add(long id, boolean local, int timeoutMillis) {
        TrackedSession session = new TrackedSession(id, local, timeoutMillis);
        TrackedSession before = sessions.put(id, session);
        if (before != null) {
            throw new IllegalStateException("session 0x" + Long.toHexString(id) + " opened twice");
        }
        if (local) {
            localCount++;
        }
        return session;
    }

    public @Nullable TrackedSession find(long id) {
        return sessions.get(id);
    }

    /// The session has been heard of.
    public void touch(TrackedSession session, long nowMillis) {
        if (session.endsElsewhere) {
            if (!session.heard) {
                session.heard = true;
                heard.add(session);
            }
            return;
        }
        long expiry = expiryFrom(nowMillis, session.timeoutMillis());
        if (expiry > session.expiry && !session.isClosing() && session.bucket != null) {
            unplace(session);
            place(session, expiry);
        }
    }

    /// The sessions that [#openElsewhere] opened and that were heard of since the last call.
    public List<TrackedSession> takeHeard() {
        List<TrackedSession> taken = heard;
        heard = new ArrayList<>();
        for (TrackedSession session : taken) {
            session.heard = false;
        }
        return taken;
    }

    /// Another connection has taken the session over and negotiated this timeout.
    public void renew(TrackedSession session, int timeoutMillis, long nowMillis) {
        session.timeoutMillis(timeoutMillis);
        if (session.bucket != null) {
            unplace(session);
        }
        place(session, expiryFrom(nowMillis, timeoutMillis));
    }

    /// A local session has become a global one.
    public void upgrade(TrackedSession session) {
        if (session.isLocal()) {
            session.becomeGlobal();
            localCount--;
        }
    }

    /// A local session has become a global one, and the leader, another server, decides its end.
    public void upgradeElsewhere(TrackedSession session) {
        upgrade(session);
        session.endsElsewhere = true;
        if (session.bucket != null) {
            unplace(session);
        }
    }

    /// The session's requests come from there now.
    public void own(TrackedSession session, long owner) {
        long before = session.owner();
        if (owner != before) {
            session.ownedBy(owner);
            count(before, -1);
            count(owner, 1);
        }
    }

    private void count(long owner, int more) {
        if (owner == TrackedSession.NO_OWNER) {
            return;
        }
        int count = countByOwner.merge(owner, more, Integer::sum);
        if (count == 0) {
            countByOwner.remove(owner);
            ownersListener.ownsSessions(owner, false);
        } else if (count == 1 && more == 1) {
            ownersListener.ownsSessions(owner, true);
        }
    }

    /// Forgets a session. It may be unknown already.
    public void remove(long id) {
        TrackedSession session = sessions.remove(id);
        if (session != null) {
            if (session.bucket != null) {
                unplace(session);
            }
            if (session.isLocal()) {
                localCount--;
            }
            count(session.owner(), -1);
        }
    }

    /// Takes the sessions out of their buckets whose time has come. They stay known until
    /// [#remove].
    public List<TrackedSession> expired(long nowMillis) {
        List<TrackedSession> expired = new ArrayList<>();
        while (!buckets.isEmpty() && buckets.firstKey() <= nowMillis) {
            Bucket bucket = buckets.firstEntry().getValue();
            while (bucket.first != null) {
                TrackedSession session = bucket.first;
                unplace(session);
                expired.add(session);
            }
        }
        return expired;
    }

    /// When the next session expires that is not heard of before; [Long#MAX_VALUE] for none.
    public long nextExpiryMillis() {
        return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey();
    }

    public int count() {
        return sessions.size();
    }

    public int localCount() {
        return localCount;
    }

    /// All sessions, by id.
    public void forEach(Consumer<TrackedSession> action) {
        sessions.values().forEach(action);
    }

    /// The ids of each bucket, by time of expiry.
    public void forEachBucket(BucketVisitor visitor) {
        buckets.forEach((expiry, bucket) -> {
            List<Long> ids = new ArrayList<>();
            for (TrackedSession s = bucket.first; s != null; s = s.next) {
                ids.add(s.id());
            }
            visitor.bucket(expiry, ids);
        });
    }

    /// Sees the buckets in the order in which they expire.
    public interface BucketVisitor {
        void bucket(long expiryMillis, List<Long> sessionIds);
    }

    private long expiryFrom(long nowMillis, int timeoutMillis) {
        return ((nowMillis + timeoutMillis) / tickTimeMillis + 1) * tickTimeMillis;
    }

    private void place(TrackedSession session, long expiry) {
        Bucket bucket = buckets.computeIfAbsent(expiry, key -> new Bucket());
        session.expiry = expiry;
        session.bucket = bucket;
        session.previous = bucket.last;
        session.next = null;
        if (bucket.last == null) {
            bucket.first = session;
        } else {
            bucket.last.next = session;
        }
        bucket.last = session;
    }

    private void unplace(TrackedSession session) {
        Bucket bucket = session.bucket;
        if (bucket == null) {
            return;
        }
        if (session.previous == null) {
            bucket.first = session.next;
        } else {
            session.previous.next = session.next;
        }
        if (session.next == null) {
            bucket.last = session.previous;
        } else {
            session.next.previous = session.previous;
        }
        session.bucket = null;
        session.previous = null;
        session.next = null;
        if (bucket.first == null) {
            buckets.remove(session.expiry);
        }
    }
}
