package io.witan.simulation.check;

import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Transactions in order: a log, or the committed history. Begins after `base`, up to which a
/// snapshot stands for them.
final class HistoryFact {

    private final List<LogEntryFact> entries = new ArrayList<>();
    private long base;

    /// What that snapshot holds beyond what was committed when it was sent, where that is known.
    private @Nullable HistoryFact inSnapshot;

    HistoryFact copy() {
        HistoryFact copy = new HistoryFact();
        copy.entries.addAll(entries);
        copy.base = base;
        copy.inSnapshot = inSnapshot;
        return copy;
    }

    long base() {
        return base;
    }

    @Nullable HistoryFact inSnapshot() {
        return inSnapshot;
    }

    int size() {
        return entries.size();
    }

    LogEntryFact get(int index) {
        return entries.get(index);
    }

    /// The last transaction, or where the history begins.
    long last() {
        return entries.isEmpty() ? base : entries.getLast().zxid();
    }

    void append(long zxid, byte[] txn) {
        commit(zxid, txn, 0);
    }

    void commit(long zxid, byte[] txn, long epoch) {
        entries.add(new LogEntryFact(zxid, txn, epoch));
    }

    /// A snapshot stands for everything up to `zxid`.
    void startAt(long zxid) {
        startAt(zxid, null);
    }

    void startAt(long zxid, @Nullable HistoryFact whatItHolds) {
        entries.clear();
        base = zxid;
        inSnapshot = whatItHolds;
    }

    /// Takes back what is after `zxid`.
    void cutAfter(long zxid) {
        int from = indexAfter(zxid);
        entries.subList(from, entries.size()).clear();
        if (zxid < base) {
            base = zxid;
            inSnapshot = null;
        }
    }

    /// Where the first transaction after `zxid` stands.
    int indexAfter(long zxid) {
        int low = 0;
        int high = entries.size();
        if (high == 0 || entries.getLast().zxid() <= zxid) {
            return high;
        }
        // Within an epoch zxids have no holes: counted back from the end, most are found at once.
        long back = entries.getLast().zxid() - zxid;
        if (back < high && entries.get(high - 1 - (int) back).zxid() == zxid) {
            return high - (int) back;
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).zxid() <= zxid) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Nullable LogEntryFact find(long zxid) {
        int index = indexAfter(zxid) - 1;
        return index >= 0 && entries.get(index).zxid() == zxid ? entries.get(index) : null;
    }

    /// Whether the history goes through this point: one of its transactions, its beginning, or the
    /// beginning of an epoch.
    boolean passes(long zxid) {
        return zxid == base || Zxids.counter(zxid) == 0 || find(zxid) != null;
    }

    /// The last transaction that was committed before this epoch, or where the history begins.
    long lastCommittedBefore(long epoch) {
        int index = indexAfter(Zxids.startOf(epoch) - 1) - 1;
        while (index >= 0 && entries.get(index).committedIn() >= epoch) {
            index--;
        }
        return index >= 0 ? entries.get(index).zxid() : base;
    }

    /// The last transaction at or before `zxid`, or where the history begins.
    long floor(long zxid) {
        int index = indexAfter(zxid) - 1;
        return index >= 0 ? entries.get(index).zxid() : base;
    }
}
