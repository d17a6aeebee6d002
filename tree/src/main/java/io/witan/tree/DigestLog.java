package io.witan.tree;

/// The tree digests at zxids that are multiples of 128, at most the last 1024 of them: what the
/// `hash` command shows (client-and-disk, section 8.4).
public final class DigestLog {

    public static final int INTERVAL = 128;
    public static final int ENTRIES_MAX = 1024;

    /// Rings; the entry made `n`th stands at `n % ENTRIES_MAX`.
    private long[] zxids = new long[16];

    private long[] digests = new long[16];
    private long made;

    DigestLog() {}

    /// Sees one entry.
    public interface Visitor {
        void digest(long zxid, long digest);
    }

    public int size() {
        return (int) Math.min(made, ENTRIES_MAX);
    }

    /// Visits the entries, oldest first.
    public void forEach(Visitor visitor) {
        for (long n = made - size(); n < made; n++) {
            int i = (int) (n % ENTRIES_MAX);
            visitor.digest(zxids[i], digests[i]);
        }
    }

    void applied(long zxid, long digest) {
        if (zxid % INTERVAL != 0) {
            return;
        }
        if (made > 0 && zxids[(int) ((made - 1) % ENTRIES_MAX)] == zxid) {
            // Once more the same zxid: the sweep after loading, or a log of 3.9 (section 13.2).
            made--;
        }
        int i = (int) (made % ENTRIES_MAX);
        if (i >= zxids.length) {
            zxids = java.util.Arrays.copyOf(zxids, zxids.length * 2);
            digests = java.util.Arrays.copyOf(digests, digests.length * 2);
        }
        zxids[i] = zxid;
        digests[i] = digest;
        made++;
    }

    void clear() {
        made = 0;
    }
}
