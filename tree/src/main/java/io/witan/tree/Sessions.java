package io.witan.tree;

import org.jspecify.annotations.Nullable;

/// The replicated sessions: ids, stored timeouts and ephemerals (client-and-disk, section 10.2).
///
/// An ephemeral may be there before its session is known, or after it is gone, while a log is
/// replayed over a fuzzy snapshot; so there are also owners that are no sessions.
public final class Sessions {

    /// Open addressing by the mixed id; at most two thirds full.
    private @Nullable Owner[] owners = new Owner[16];

    private final Znodes znodes;
    private final OwnedZnodes none;
    private final long seed;
    private int ownerCount;
    private int count;
    private int ephemeralCount;

    /// All owners in the order in which they came.
    private @Nullable Owner first;

    private @Nullable Owner last;

    Sessions(Znodes znodes, long seed) {
        this.znodes = znodes;
        this.none = new OwnedZnodes(znodes);
        this.seed = seed;
    }

    /// A session, or an id that owns ephemerals without being one.
    private static final class Owner extends OwnedZnodes {
        final long id;
        int timeoutMillis;
        boolean session;
        @Nullable Owner before;
        @Nullable Owner after;

        Owner(Znodes all, long id) {
            super(all);
            this.id = id;
        }
    }

    /// Sees one session.
    public interface Visitor {
        void session(long id, int timeoutMillis);
    }

    /// Number of sessions.
    public int count() {
        return count;
    }

    public boolean contains(long id) {
        Owner owner = find(id);
        return owner != null && owner.session;
    }

    /// The timeout negotiated when the session was made; 0 if there is no such session.
    public int timeoutMillis(long id) {
        Owner owner = find(id);
        return owner == null ? 0 : owner.timeoutMillis;
    }

    /// Visits all sessions, oldest first.
    public void forEach(Visitor visitor) {
        for (Owner owner = first; owner != null; owner = owner.after) {
            if (owner.session) {
                visitor.session(owner.id, owner.timeoutMillis);
            }
        }
    }

    /// The ephemerals of a session, oldest first; empty if it has none.
    public OwnedZnodes ephemerals(long id) {
        Owner owner = find(id);
        return owner == null ? none : owner;
    }

    /// Ephemerals of all sessions and of ids that are none.
    public int ephemeralCount() {
        return ephemeralCount;
    }

    /// Number of sessions that own ephemerals.
    public int withEphemeralsCount() {
        int n = 0;
        for (Owner owner = first; owner != null; owner = owner.after) {
            n += owner.session && !owner.isEmpty() ? 1 : 0;
        }
        return n;
    }

    /// Ids that own ephemerals and are no session: what a leader or a standalone server sweeps
    /// after loading (client-and-disk, section 9.6, step 7).
    public long[] strangers() {
        int n = 0;
        for (Owner owner = first; owner != null; owner = owner.after) {
            n += owner.session ? 0 : 1;
        }
        long[] ids = new long[n];
        for (Owner owner = first; owner != null; owner = owner.after) {
            if (!owner.session) {
                ids[ids.length - n--] = owner.id;
            }
        }
        return ids;
    }

    void add(long id, int timeoutMillis) {
        Owner owner = findOrAdd(id);
        if (!owner.session) {
            owner.session = true;
            count++;
        }
        owner.timeoutMillis = timeoutMillis;
    }

    /// Forgets a session; its ephemerals must be gone.
    void remove(long id) {
        Owner owner = find(id);
        if (owner == null || !owner.session) {
            return;
        }
        owner.session = false;
        owner.timeoutMillis = 0;
        count--;
        dropIfUnused(owner);
    }

    void addEphemeral(int znode) {
        findOrAdd(znodes.storedOwner(znode)).add(znode);
        ephemeralCount++;
    }

    void removeEphemeral(int znode) {
        Owner owner = find(znodes.storedOwner(znode));
        if (owner == null) {
            throw new IllegalStateException("an ephemeral's owner is not known");
        }
        owner.remove(znode);
        ephemeralCount--;
        dropIfUnused(owner);
    }

    void clear() {
        owners = new Owner[16];
        ownerCount = 0;
        count = 0;
        ephemeralCount = 0;
        first = null;
        last = null;
    }

    private @Nullable Owner find(long id) {
        for (int i = place(id); ; i = (i + 1) & (owners.length - 1)) {
            Owner owner = owners[i];
            if (owner == null || owner.id == id) {
                return owner;
            }
        }
    }

    private Owner findOrAdd(long id) {
        Owner owner = find(id);
        if (owner != null) {
            return owner;
        }
        if ((ownerCount + 1) * 3L > owners.length * 2L) {
            grow();
        }
        Owner fresh = new Owner(znodes, id);
        put(fresh);
        ownerCount++;
        fresh.before = last;
        if (last == null) {
            first = fresh;
        } else {
            last.after = fresh;
        }
        last = fresh;
        return fresh;
    }

    private void dropIfUnused(Owner owner) {
        if (owner.session || !owner.isEmpty()) {
            return;
        }
        if (owner.before == null) {
            first = owner.after;
        } else {
            owner.before.after = owner.after;
        }
        if (owner.after == null) {
            last = owner.before;
        } else {
            owner.after.before = owner.before;
        }
        ownerCount--;
        takeOut(owner.id);
    }

    /// Removes from the table and moves later entries of the same run back, so that no marks stay.
    private void takeOut(long id) {
        int mask = owners.length - 1;
        int gap = place(id);
        for (Owner o = owners[gap]; o == null || o.id != id; o = owners[gap]) {
            gap = (gap + 1) & mask;
        }
        owners[gap] = null;
        for (int i = (gap + 1) & mask; ; i = (i + 1) & mask) {
            Owner owner = owners[i];
            if (owner == null) {
                return;
            }
            if (((i - place(owner.id)) & mask) >= ((i - gap) & mask)) {
                owners[gap] = owner;
                owners[i] = null;
                gap = i;
            }
        }
    }

    private void put(Owner owner) {
        int i = place(owner.id);
        while (owners[i] != null) {
            i = (i + 1) & (owners.length - 1);
        }
        owners[i] = owner;
    }

    private void grow() {
        owners = new Owner[owners.length * 2];
        for (Owner owner = first; owner != null; owner = owner.after) {
            put(owner);
        }
    }

    private int place(long id) {
        long h = (id ^ seed) * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        return (int) (h >>> 32) & (owners.length - 1);
    }
}
