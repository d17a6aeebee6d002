package io.witan.tree.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// A hash table from bytes to the number of the thing that carries them, by extendible hashing: a
/// directory, indexed by the first bits of the hash, of segments of at most 512 places.
///
/// ```
/// directory   00      01      10      11          depth 2
///              |       |       +---+---+
///           segment segment     segment           depth 2, 2, 1
///           tags    |80|9f|00|c2|..               one byte a place: 0 empty, 1 was used, else 7 bits of the hash
///           places  | *| *|  | *|..
/// ```
///
/// A full segment is split in two, so no insertion ever moves more than one segment's entries: a
/// directory of ten million children grows without a pause. The entries of a segment have hashes in
/// one range, which is what lets a [io.witan.tree.SnapshotCursor] walk the table in an order that
/// does not change while the table grows and shrinks. About 6.5 bytes an entry. Tags are compared
/// eight at a time, so a look-up nearly always touches only the entry it wants.
///
/// Entries are numbers above 0: what the collector need not follow. Not thread safe. Hashes are the
/// caller's; [#hash] must give the same one.
public abstract class KeyTable {

    /// What [#get] returns where there is nothing.
    public static final int NONE = 0;

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private static final byte EMPTY = 0;
    private static final byte USED = 1;

    private static final int GROUPS_MIN = 2;

    /// Groups of eight places in a segment that is split instead of growing.
    private static final int GROUPS_MAX = 64;

    /// At this depth segments grow without limit instead of splitting. Not reached below some
    /// hundred million entries; it bounds the directory should hashes ever collide in masses.
    private static final int DEPTH_MAX = 20;

    /// Entries for each segment of a table that is filled at once: half of this to all of it.
    private static final int FILLED_MAX = 384;

    private Segment[] directory = {new Segment(GROUPS_MIN, 0)};

    /// The first segment of the directory, most often the only one: a look-up then has one array
    /// less to go through.
    private Segment first = directory[0];

    private int depth;
    private int size;

    /// The hash of an entry's key; used when entries move, not when they are looked up.
    protected abstract int hash(int entry);

    /// Whether the key of an entry is `buf[off .. off + len)`.
    protected abstract boolean hasKey(int entry, byte[] buf, int off, int len);

    /// Whether two entries have equal keys.
    protected abstract boolean haveEqualKeys(int entry, int other);

    public final int size() {
        return size;
    }

    /// The entry whose key is `buf[off .. off + len)`, or [#NONE].
    public final int get(int hash, byte[] buf, int off, int len) {
        return segment(hash).find(this, hash, buf, off, len);
    }

    /// Adds an entry. No entry with an equal key may be there.
    public final void add(int hash, int entry) {
        Segment segment = segment(hash);
        while (segment.isFull()) {
            makeRoom(segment, hash);
            segment = segment(hash);
        }
        segment.insert(hash, entry);
        size++;
    }

    /// Fills a table that is empty with the first `count` of these entries: each is put into its
    /// place once, where [#add] would move it several times as the table grows. Returns an entry
    /// whose key another one before it has, and then the table is of no use; [#NONE] if there is
    /// none.
    public final int fill(int[] entries, int count) {
        int bits = 0;
        while (count >> bits > FILLED_MAX && bits < DEPTH_MAX) {
            bits++;
        }
        int[] hashes = new int[count];
        int[] starts = new int[(1 << bits) + 1];
        for (int i = 0; i < count; i++) {
            hashes[i] = hash(entries[i]);
            starts[firstBits(hashes[i], bits) + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        int[] bySegment = new int[count];
        int[] next = starts.clone();
        for (int i = 0; i < count; i++) {
            bySegment[next[firstBits(hashes[i], bits)]++] = i;
        }
        Segment[] filled = new Segment[1 << bits];
        for (int s = 0; s < filled.length; s++) {
            int held = starts[s + 1] - starts[s];
            // Room for an eighth more: what was read from a file may well stay as it is.
            filled[s] = new Segment(Math.max(GROUPS_MIN, held * 9 / 8 / 7 + 1), bits);
            for (int k = starts[s]; k < starts[s + 1]; k++) {
                int i = bySegment[k];
                if (filled[s].holdsKeyOf(this, hashes[i], entries[i])) {
                    return entries[i];
                }
                filled[s].insert(hashes[i], entries[i]);
            }
        }
        directory = filled;
        first = filled[0];
        depth = bits;
        size = count;
        return NONE;
    }

    private static int firstBits(int hash, int bits) {
        return bits == 0 ? 0 : hash >>> (32 - bits);
    }

    /// Removes this very entry, which must be there.
    public final void remove(int hash, int entry) {
        Segment segment = segment(hash);
        segment.delete(hash, entry);
        size--;
        if (segment.groups > GROUPS_MIN && segment.count < segment.groups * 2) {
            replace(segment, hash, rebuilt(segment, Math.max(GROUPS_MIN, segment.groups / 2)));
        }
    }

    /// Visits all entries, in an order that depends on their hashes only by segment.
    public final void forEach(IntConsumer visitor) {
        for (int i = 0; i < directory.length; ) {
            Segment segment = directory[i];
            for (int entry : segment.places) {
                if (entry != NONE) {
                    visitor.accept(entry);
                }
            }
            i += 1 << (depth - segment.depth);
        }
    }

    /// Where the segment that holds `hash` ends: the first hash, as an unsigned number, that
    /// belongs to the next one; 2^32 after the last.
    public final long segmentEnd(int hash) {
        int bits = segment(hash).depth;
        return bits == 0 ? 1L << 32 : (((hash & 0xFFFF_FFFFL) >>> (32 - bits)) + 1) << (32 - bits);
    }

    /// Visits the entries of the segment that holds `hash`.
    public final void forEachInSegment(int hash, IntConsumer visitor) {
        for (int entry : segment(hash).places) {
            if (entry != NONE) {
                visitor.accept(entry);
            }
        }
    }

    private Segment segment(int hash) {
        return depth == 0 ? first : directory[hash >>> (32 - depth)];
    }

    private void makeRoom(Segment segment, int hash) {
        if (segment.count * 10 < segment.groups * 48) {
            // A good part of what fills it are marks of removed entries.
            replace(segment, hash, rebuilt(segment, segment.groups));
        } else if (segment.groups < GROUPS_MAX || segment.depth >= DEPTH_MAX) {
            int groups = segment.groups;
            replace(segment, hash, rebuilt(segment, groups + Math.max(1, groups / 2)));
        } else {
            split(segment, hash);
        }
    }

    private Segment rebuilt(Segment old, int groups) {
        Segment fresh = new Segment(groups, old.depth);
        for (int entry : old.places) {
            if (entry != NONE) {
                fresh.insert(hash(entry), entry);
            }
        }
        return fresh;
    }

    private void split(Segment old, int hash) {
        if (old.depth == depth) {
            doubleDirectory();
        }
        int bit = 1 << (31 - old.depth);
        int ones = 0;
        for (int entry : old.places) {
            if (entry != NONE && (hash(entry) & bit) != 0) {
                ones++;
            }
        }
        Segment low = new Segment(groupsFor(old.count - ones), old.depth + 1);
        Segment high = new Segment(groupsFor(ones), old.depth + 1);
        for (int entry : old.places) {
            if (entry != NONE) {
                int h = hash(entry);
                ((h & bit) == 0 ? low : high).insert(h, entry);
            }
        }
        int span = 1 << (depth - old.depth);
        int from = firstIndex(old, hash);
        Arrays.fill(directory, from, from + span / 2, low);
        Arrays.fill(directory, from + span / 2, from + span, high);
        first = directory[0];
    }

    /// Groups that leave room for a quarter more.
    private static int groupsFor(int count) {
        return Math.max(GROUPS_MIN, count * 5 / 4 / 7 + 1);
    }

    private void replace(Segment old, int hash, Segment fresh) {
        int from = firstIndex(old, hash);
        Arrays.fill(directory, from, from + (1 << (depth - old.depth)), fresh);
        first = directory[0];
    }

    private int firstIndex(Segment segment, int hash) {
        if (segment.depth == 0) {
            return 0;
        }
        return (hash >>> (32 - segment.depth)) << (depth - segment.depth);
    }

    private void doubleDirectory() {
        Segment[] doubled = new Segment[directory.length * 2];
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] = directory[i >> 1];
        }
        directory = doubled;
        depth++;
    }

    /// Open addressing by groups of eight places. A probe ends at a group with an empty place, so a
    /// removed entry of a group that was full leaves the mark [#USED].
    private static final class Segment {

        private final byte[] tags;
        private final int[] places;
        private final int groups;

        /// How many first bits of the hash all entries share.
        private final int depth;

        /// Entries.
        private int count;

        /// Entries and marks of removed ones; at least an eighth of all places stays empty.
        private int taken;

        Segment(int groups, int depth) {
            this.groups = groups;
            this.depth = depth;
            tags = new byte[groups * 8];
            places = new int[groups * 8];
        }

        boolean isFull() {
            return taken >= groups * 7;
        }

        int find(KeyTable keys, int hash, byte[] buf, int off, int len) {
            long pattern = ONES * (tag(hash) & 0xFFL);
            for (int group = group(hash); ; group = group + 1 == groups ? 0 : group + 1) {
                long word = (long) WORD.get(tags, group * 8);
                long difference = word ^ pattern;
                long match = (difference - ONES) & ~difference & HIGHS;
                while (match != 0) {
                    int entry = places[group * 8 + (Long.numberOfTrailingZeros(match) >>> 3)];
                    if (entry != NONE && keys.hasKey(entry, buf, off, len)) {
                        return entry;
                    }
                    match &= match - 1;
                }
                if (((word - ONES) & ~word & HIGHS) != 0) {
                    return NONE;
                }
            }
        }

        boolean holdsKeyOf(KeyTable keys, int hash, int other) {
            long pattern = ONES * (tag(hash) & 0xFFL);
            for (int group = group(hash); ; group = group + 1 == groups ? 0 : group + 1) {
                long word = (long) WORD.get(tags, group * 8);
                long difference = word ^ pattern;
                long match = (difference - ONES) & ~difference & HIGHS;
                while (match != 0) {
                    int entry = places[group * 8 + (Long.numberOfTrailingZeros(match) >>> 3)];
                    if (entry != NONE && keys.haveEqualKeys(entry, other)) {
                        return true;
                    }
                    match &= match - 1;
                }
                if (((word - ONES) & ~word & HIGHS) != 0) {
                    return false;
                }
            }
        }

        void insert(int hash, int entry) {
            for (int group = group(hash); ; group = group + 1 == groups ? 0 : group + 1) {
                long free = ~(long) WORD.get(tags, group * 8) & HIGHS;
                if (free != 0) {
                    int place = group * 8 + (Long.numberOfTrailingZeros(free) >>> 3);
                    if (tags[place] == EMPTY) {
                        taken++;
                    }
                    tags[place] = tag(hash);
                    places[place] = entry;
                    count++;
                    return;
                }
            }
        }

        void delete(int hash, int entry) {
            for (int group = group(hash), tried = 0;
                    tried < groups;
                    tried++, group = group + 1 == groups ? 0 : group + 1) {
                for (int place = group * 8; place < group * 8 + 8; place++) {
                    if (places[place] == entry) {
                        long word = (long) WORD.get(tags, group * 8);
                        boolean probesEndHere = ((word - ONES) & ~word & HIGHS) != 0;
                        tags[place] = probesEndHere ? EMPTY : USED;
                        taken -= probesEndHere ? 1 : 0;
                        places[place] = NONE;
                        count--;
                        return;
                    }
                }
            }
            throw new IllegalStateException("the entry to be removed is not in the table");
        }

        private int group(int hash) {
            return ((hash & 0xFFF) * groups) >>> 12;
        }

        /// Bits that choose neither the group nor, in all but giant tables, the segment.
        private static byte tag(int hash) {
            return (byte) (0x80 | (hash >>> 12));
        }
    }
}
