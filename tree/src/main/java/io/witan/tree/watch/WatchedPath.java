package io.witan.tree.watch;

import io.witan.tree.table.Keyed;

import java.util.Arrays;

/// Who watches one path in one way. A set of (watcher id, modes), each one int:
///
/// ```
/// id, 30 bits | persistent | one-shot
/// ```
///
/// Few are kept in the order of their coming and searched; more than sixteen in open addressing, at
/// most two thirds full, where 0 is an empty place (a watch has at least one mode).
final class WatchedPath extends Keyed {

    static final int ONE_SHOT = 1;
    static final int PERSISTENT = 2;
    static final int MODES = ONE_SHOT | PERSISTENT;

    /// Sets up to here are searched from the front.
    private static final int LIST_MAX = 16;

    private static final int[] NONE = new int[0];

    int[] cells = NONE;
    int count;

    /// One of the kinds of [WatchTable]; and a mark used while a watcher's paths are tidied.
    final byte kind;

    boolean marked;

    WatchedPath(byte[] path, byte kind) {
        super(path);
        this.kind = kind;
    }

    byte[] path() {
        return key;
    }

    /// Modes in which this watcher watches; 0 if it does not.
    int modes(int id) {
        int place = place(id);
        return place < 0 ? 0 : cells[place] & MODES;
    }

    /// Adds a mode. True if the watcher was not here at all.
    boolean add(int id, int mode) {
        int place = place(id);
        if (place >= 0) {
            cells[place] |= mode;
            return false;
        }
        int cell = id << 2 | mode;
        if (cells.length <= LIST_MAX) {
            if (count < cells.length) {
                cells[count++] = cell;
                return true;
            }
            if (count < LIST_MAX) {
                cells = Arrays.copyOf(cells, Math.min(LIST_MAX, count < 4 ? count + 1 : count + 4));
                cells[count++] = cell;
                return true;
            }
            hashInto(64);
        } else if ((count + 1) * 3L > cells.length * 2L) {
            hashInto(cells.length * 2);
        }
        put(cell);
        count++;
        return true;
    }

    /// Removes modes. True if nothing is left of this watcher.
    boolean remove(int id, int modes) {
        int place = place(id);
        if (place < 0) {
            return false;
        }
        cells[place] &= ~modes;
        if ((cells[place] & MODES) != 0) {
            return false;
        }
        takeOut(place);
        return true;
    }

    /// Goes back to a small array when few are left of many.
    void trim() {
        if (cells.length <= LIST_MAX || count * 8L > cells.length) {
            return;
        }
        if (count > LIST_MAX / 2) {
            hashInto(Integer.highestOneBit(count * 3));
            return;
        }
        int[] few = new int[count];
        int n = 0;
        for (int cell : cells) {
            if (cell != 0) {
                few[n++] = cell;
            }
        }
        cells = few;
    }

    /// Places to look at, of which those with 0 are empty.
    int end() {
        return cells.length <= LIST_MAX ? count : cells.length;
    }

    /// After one-shot modes were cleared in place: closes the gaps. `left` is how many remain.
    void sweep(int left) {
        if (left == 0) {
            cells = NONE;
            count = 0;
        } else if (cells.length <= LIST_MAX) {
            int n = 0;
            for (int i = 0; i < count; i++) {
                if ((cells[i] & MODES) != 0) {
                    cells[n++] = cells[i];
                }
            }
            count = n;
        } else {
            int[] old = cells;
            count = left;
            cells = new int[Math.max(64, Integer.highestOneBit(left * 3))];
            for (int cell : old) {
                if ((cell & MODES) != 0) {
                    put(cell);
                }
            }
            trim();
        }
    }

    private int place(int id) {
        if (cells.length <= LIST_MAX) {
            for (int i = 0; i < count; i++) {
                if (cells[i] >>> 2 == id) {
                    return i;
                }
            }
            return -1;
        }
        for (int i = home(id); ; i = (i + 1) & (cells.length - 1)) {
            int cell = cells[i];
            if (cell == 0) {
                return -1;
            }
            if (cell >>> 2 == id) {
                return i;
            }
        }
    }

    private void takeOut(int place) {
        count--;
        if (cells.length <= LIST_MAX) {
            System.arraycopy(cells, place + 1, cells, place, count - place);
            cells[count] = 0;
            return;
        }
        int mask = cells.length - 1;
        int gap = place;
        cells[gap] = 0;
        for (int i = (gap + 1) & mask; cells[i] != 0; i = (i + 1) & mask) {
            if (((i - home(cells[i] >>> 2)) & mask) >= ((i - gap) & mask)) {
                cells[gap] = cells[i];
                cells[i] = 0;
                gap = i;
            }
        }
        trim();
    }

    private void hashInto(int length) {
        int[] old = cells;
        cells = new int[Math.max(64, length)];
        for (int cell : old) {
            if (cell != 0) {
                put(cell);
            }
        }
    }

    private void put(int cell) {
        int i = home(cell >>> 2);
        while (cells[i] != 0) {
            i = (i + 1) & (cells.length - 1);
        }
        cells[i] = cell;
    }

    private int home(int id) {
        return ((id * 0x9E3779B9) >>> 4) & (cells.length - 1);
    }
}
