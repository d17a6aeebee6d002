package io.witan.zab.peer;

import io.witan.zab.LogEntry;
import io.witan.zab.Zxids;

import java.util.ArrayList;
import java.util.List;

/// The recent end of this server's log, in memory: what was appended and not yet delivered, and
/// before that so many committed transactions as learners may need. Without a hole: each entry
/// follows the one before it, in the log as in here.
final class History {

    private final int countMax;
    private final long bytesMax;

    // A ring: entries[head] is the oldest; the length is a power of two.
    private LogEntry[] entries = new LogEntry[64];
    private int head;
    private int size;

    private long bytes;

    /// What stands in the log right before the oldest entry.
    private long before;

    /// Up to here entries may be forgotten.
    private long delivered;

    /// @param lastZxid the end of the log
    /// @param recent its last entries, without a hole
    History(int countMax, long bytesMax, long lastZxid, List<LogEntry> recent) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
        reset(lastZxid, recent);
    }

    /// The log is another now.
    void reset(long lastZxid, List<LogEntry> recent) {
        entries = new LogEntry[64];
        head = 0;
        size = 0;
        bytes = 0;
        // Of the oldest entry it is not known what stood before it.
        before = recent.isEmpty() ? lastZxid : recent.getFirst().zxid();
        delivered = lastZxid;
        for (LogEntry entry : recent.subList(Math.min(1, recent.size()), recent.size())) {
            append(entry);
        }
        if (lastZxid() != lastZxid) {
            throw new IllegalArgumentException(
                    "the recent log ends at %s, the log at %s"
                            .formatted(Zxids.hex(lastZxid()), Zxids.hex(lastZxid)));
        }
        trim();
    }

    /// @throws IllegalStateException if the entry does not follow the last one
    void append(LogEntry entry) {
        if (!Zxids.follows(lastZxid(), entry.zxid())) {
            throw new IllegalStateException(
                    "%s does not follow %s"
                            .formatted(Zxids.hex(entry.zxid()), Zxids.hex(lastZxid())));
        }
        if (size == entries.length) {
            grow();
        }
        entries[(head + size) & (entries.length - 1)] = entry;
        size++;
        bytes += entry.txn().length;
    }

    /// Forgets everything after `zxid`, which is in here or right before.
    void truncateAfter(long zxid) {
        while (size > 0 && lastZxid() > zxid) {
            int last = (head + size - 1) & (entries.length - 1);
            bytes -= entries[last].txn().length;
            clear(last);
            size--;
        }
        if (size == 0 && before > zxid) {
            before = zxid;
        }
        delivered = Math.min(delivered, zxid);
    }

    /// Everything up to `zxid` is committed and in the tree; the oldest may be forgotten.
    void deliveredUpTo(long zxid) {
        delivered = zxid;
        trim();
    }

    /// The end of the log.
    long lastZxid() {
        return size == 0 ? before : get(size - 1).zxid();
    }

    /// What stands right before the oldest entry; a learner that ends there can be brought up to
    /// date from memory.
    long beforeFirst() {
        return before;
    }

    int size() {
        return size;
    }

    /// @param index 0 for the oldest
    LogEntry get(int index) {
        return entries[(head + index) & (entries.length - 1)];
    }

    /// The index of the first entry after `zxid`; [#size] if there is none.
    int indexAfter(long zxid) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Whether `zxid` is an entry or what stands right before the oldest one.
    boolean knows(long zxid) {
        int after = indexAfter(zxid);
        return after == 0 ? zxid == before : get(after - 1).zxid() == zxid;
    }

    /// The entries after `zxid` up to and including `upToZxid`.
    List<LogEntry> between(long zxid, long upToZxid) {
        List<LogEntry> found = new ArrayList<>();
        for (int i = indexAfter(zxid); i < size && get(i).zxid() <= upToZxid; i++) {
            found.add(get(i));
        }
        return found;
    }

    private void trim() {
        while (size > 0
                && get(0).zxid() <= delivered
                && (size > countMax || (bytes > bytesMax && size > 1))) {
            LogEntry oldest = get(0);
            before = oldest.zxid();
            bytes -= oldest.txn().length;
            clear(head);
            head = (head + 1) & (entries.length - 1);
            size--;
        }
    }

    @SuppressWarnings("NullAway") // outside of the ring's used part
    private void clear(int place) {
        entries[place] = null;
    }

    private void grow() {
        LogEntry[] larger = new LogEntry[entries.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        entries = larger;
        head = 0;
    }
}
