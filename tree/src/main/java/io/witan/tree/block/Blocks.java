package io.witan.tree.block;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// Blocks of bytes of any size, each known by a number, 1 or above, that stays the same while the
/// block grows, shrinks and moves.
///
/// ```
/// number -> address    one int each, in parts that are never copied
/// address              page and place in it, or which of the lone blocks
///
/// page    | 128 | 128 | free | 128 | ..      blocks of one size, up to 1 MiB in all
/// lone    a block of more than 4 KiB, an array of its own; with room for a sixteenth more at
///         most where it grows little by little
/// ```
///
/// The first four bytes of a block are its number, and 0 while it is free, so that a page can be
/// cleared: where more than a quarter of the blocks of one size are free, [#free] moves some blocks
/// out of the emptiest page each time, until the page can go. So memory follows what is in use, and
/// no call takes long.
///
/// Who asks for the place of a block ([#bytes], [#offset]) must ask again after any call that
/// takes, changes or frees a block. Not thread safe.
public final class Blocks {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    /// Bytes at the start of each block that are not the owner's.
    public static final int HEADER = 4;

    /// So many units of [BlockSize#UNIT] bytes have addresses in one page.
    private static final int PLACE_BITS = 17;

    private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
    private static final int PAGES_MAX = 1 << (31 - PLACE_BITS);

    /// An array of this length fills one of the collector's regions where those are a megabyte.
    private static final int PAGE_BYTES_MAX = (1 << 20) - 16;

    private static final int PAGE_BYTES_MIN = 1 << 10;

    /// Where a free block has the place of the next free one of its page.
    private static final int NEXT = 4;

    private static final int PART_BITS = 14;
    private static final int PART = 1 << PART_BITS;
    private static final int NUMBER_MAX = 1 << 30;

    /// Addresses: 0 and above in pages, down from -1 lone ones, and from here down no block: the
    /// rest is the next free number.
    private static final int NO_BLOCK = Integer.MIN_VALUE;

    private static final int LONE_MIN = -(1 << 30);

    /// Blocks of a page that [#free] looks at while it clears the page, and moves.
    private static final int CLEARED_PLACES = 16;

    private static final int CLEARED_BLOCKS = 4;

    /// Where there is less of a size nothing is cleared.
    private static final int CLEARED_BYTES_MIN = 64 << 10;

    private static final byte[] NOTHING = {};

    private int[][] addresses = {new int[64]};

    /// Numbers above it have never been used.
    private int numberMax;

    /// The first free number up to [#numberMax], from which the others are found; 0 if none.
    private int freeNumber;

    /// By page number.
    private byte[][] pageBytes = new byte[8][];

    private @Nullable Page[] pages = new Page[8];
    private int pageMax;
    private int[] freePages = new int[8];
    private int freePageCount;

    private byte[][] lone = new byte[8][];
    private int loneMax;
    private int[] freeLone = new int[8];
    private int freeLoneCount;

    private final @Nullable Size[] sizes = new Size[BlockSize.COUNT];

    private int count;

    /// Bytes of all arrays that hold blocks.
    private long heldBytes;

    private long pagesTaken;

    private static final class Page {
        final Size size;
        final int number;
        final byte[] bytes;
        final int capacity;
        int used;

        /// Place of the first free block among those that were in use before, -1 if none.
        int free = -1;

        /// Blocks from here on have never been in use.
        int fresh;

        /// Among the pages of its size that have free blocks.
        @Nullable Page before;

        @Nullable Page after;

        Page(Size size, int number, int capacity) {
            this.size = size;
            this.number = number;
            this.bytes = new byte[capacity * size.bytes];
            this.capacity = capacity;
        }

        boolean isFull() {
            return used == capacity;
        }
    }

    /// All pages with blocks of one size.
    private static final class Size {
        final int bytes;
        long capacity;
        long used;

        /// The first page with free blocks.
        @Nullable Page open;

        /// The page that is being cleared, in no list, and how far.
        @Nullable Page clearing;

        int cleared;

        Size(int bytes) {
            this.bytes = bytes;
        }

        /// Whether the other pages have room for what this one holds, and for an eighth more:
        /// without that it would be needed again at once.
        boolean hasRoomWithout(Page page) {
            long rest = capacity - page.capacity;
            return rest - (used - page.used) > page.used + rest / 8;
        }

        void open(Page page) {
            page.before = null;
            page.after = open;
            if (open != null) {
                open.before = page;
            }
            open = page;
        }

        void shut(Page page) {
            if (page.before == null) {
                open = page.after;
            } else {
                page.before.after = page.after;
            }
            if (page.after != null) {
                page.after.before = page.before;
            }
            page.before = null;
            page.after = null;
        }
    }

    /// Blocks that are taken.
    public int count() {
        return count;
    }

    /// Bytes of memory that this takes, about.
    public long heldBytes() {
        return heldBytes + (long) (numberMax + 1) * Integer.BYTES;
    }

    /// Pages ever taken from memory.
    long pagesTaken() {
        return pagesTaken;
    }

    // Looking.

    /// The array that block `number` is in.
    public byte[] bytes(int number) {
        int address = address(number);
        return address >= 0 ? pageBytes[address >>> PLACE_BITS] : lone[-1 - address];
    }

    /// Where in that array it begins.
    public int offset(int number) {
        int address = address(number);
        return address >= 0 ? (address & PLACE_MASK) * BlockSize.UNIT : 0;
    }

    /// Whether this number has a block; only for numbers that once had one.
    public boolean exists(int number) {
        return address(number) >= LONE_MIN;
    }

    private int address(int number) {
        return addresses[number >>> PART_BITS][number & (PART - 1)];
    }

    private void address(int number, int address) {
        addresses[number >>> PART_BITS][number & (PART - 1)] = address;
    }

    // Taking and changing.

    /// A block of `length` bytes, [#HEADER] included; what is in it beside its header is not
    /// defined.
    ///
    /// @throws IllegalStateException if there are a thousand million blocks
    public int take(int length) {
        int number = freeNumber;
        if (number != 0) {
            freeNumber = address(number) - NO_BLOCK;
        } else {
            number = nextNumber();
        }
        address(number, place(number, length, length));
        count++;
        return number;
    }

    /// Gives a block that had `length` bytes `added` bytes at `at`, in place of `removed` ones
    /// there; what is behind them moves. Those added are not defined.
    public void splice(int number, int length, int at, int removed, int added) {
        int behind = length - at - removed;
        int newLength = length - removed + added;
        int address = address(number);
        if (fits(address, newLength)) {
            if (behind > 0 && removed != added) {
                byte[] bytes = bytes(number);
                int start = offset(number) + at;
                System.arraycopy(bytes, start + removed, bytes, start + added, behind);
            }
            return;
        }
        byte[] old = bytes(number);
        int from = offset(number);
        boolean growsSlowly = newLength > length && newLength - length < newLength / 16;
        int room = growsSlowly ? BlockSize.rounded(newLength) : newLength;
        int newAddress = place(number, newLength, room);
        address(number, newAddress);
        byte[] bytes = bytes(number);
        int to = offset(number);
        System.arraycopy(old, from + HEADER, bytes, to + HEADER, at - HEADER);
        if (behind > 0) {
            System.arraycopy(old, from + at + removed, bytes, to + at + added, behind);
        }
        free(address, old, from);
    }

    private boolean fits(int address, int length) {
        if (address >= 0) {
            return length <= BlockSize.LARGEST
                    && BlockSize.bytes(BlockSize.number(length)) == page(address).size.bytes;
        }
        int held = lone[-1 - address].length;
        return length > BlockSize.LARGEST && length <= held && length >= held - held / 4;
    }

    /// Frees a block and its number.
    public void free(int number) {
        vacate(number);
        recycle(number);
    }

    /// Frees a block, but not its number.
    public void vacate(int number) {
        int address = address(number);
        byte[] bytes = bytes(number);
        int offset = offset(number);
        address(number, NO_BLOCK);
        count--;
        free(address, bytes, offset);
    }

    /// Frees the number of a block that was vacated.
    public void recycle(int number) {
        address(number, NO_BLOCK + freeNumber);
        freeNumber = number;
    }

    // Places.

    private int nextNumber() {
        if (numberMax == NUMBER_MAX - 1) {
            throw new IllegalStateException(
                    "there are " + numberMax + " znodes; no more can be held");
        }
        int number = ++numberMax;
        int part = number >>> PART_BITS;
        if (part == addresses.length) {
            addresses = Arrays.copyOf(addresses, part * 2);
        }
        if (part == 0 && number == addresses[0].length) {
            addresses[0] = Arrays.copyOf(addresses[0], number * 2);
        } else if (addresses[part] == null) {
            addresses[part] = new int[PART];
        }
        return number;
    }

    /// @param room in bytes, for a block that is not in a page
    private int place(int number, int length, int room) {
        int address = length <= BlockSize.LARGEST ? placeInPage(length) : -1;
        if (address < 0) {
            address = placeAlone(room);
        }
        byte[] bytes = address >= 0 ? pageBytes[address >>> PLACE_BITS] : lone[-1 - address];
        INT.set(bytes, address >= 0 ? (address & PLACE_MASK) * BlockSize.UNIT : 0, number);
        return address;
    }

    private int placeAlone(int room) {
        int index = freeLoneCount > 0 ? freeLone[--freeLoneCount] : loneMax++;
        if (index == lone.length) {
            lone = Arrays.copyOf(lone, index * 2);
        }
        lone[index] = new byte[room];
        heldBytes += lone[index].length;
        return -1 - index;
    }

    /// The address, or -1 if there can be no more pages.
    private int placeInPage(int length) {
        Size size = sizeOf(length);
        Page page = size.open;
        if (page == null) {
            page = newPage(size);
            if (page == null) {
                return -1;
            }
        }
        int place;
        if (page.free >= 0) {
            place = page.free;
            page.free = (int) INT.get(page.bytes, place + NEXT);
        } else {
            place = page.fresh++ * size.bytes;
        }
        page.used++;
        size.used++;
        if (page.isFull()) {
            size.shut(page);
        }
        return page.number << PLACE_BITS | place / BlockSize.UNIT;
    }

    private Size sizeOf(int length) {
        int number = BlockSize.number(length);
        Size size = sizes[number];
        if (size == null) {
            size = new Size(BlockSize.bytes(number));
            sizes[number] = size;
        }
        return size;
    }

    /// As large as half of what is in use of this size already: few pages where there is much, and
    /// little where there is little.
    private @Nullable Page newPage(Size size) {
        int number = freePageCount > 0 ? freePages[--freePageCount] : pageMax;
        if (number == PAGES_MAX) {
            return null;
        }
        pageMax = Math.max(pageMax, number + 1);
        long wanted = Math.max(PAGE_BYTES_MIN, size.used * size.bytes / 2);
        int capacity = Math.max(1, (int) Math.min(wanted, PAGE_BYTES_MAX) / size.bytes);
        if (number == pages.length) {
            pages = Arrays.copyOf(pages, number * 2);
            pageBytes = Arrays.copyOf(pageBytes, number * 2);
        }
        Page page = new Page(size, number, capacity);
        pages[number] = page;
        pageBytes[number] = page.bytes;
        heldBytes += page.bytes.length;
        size.capacity += capacity;
        pagesTaken++;
        size.open(page);
        return page;
    }

    private void free(int address, byte[] bytes, int offset) {
        if (address < 0) {
            int index = -1 - address;
            heldBytes -= bytes.length;
            lone[index] = NOTHING;
            if (freeLoneCount == freeLone.length) {
                freeLone = Arrays.copyOf(freeLone, freeLoneCount * 2);
            }
            freeLone[freeLoneCount++] = index;
            return;
        }
        Page page = page(address);
        free(page.size, page, offset);
        clear(page.size);
    }

    private Page page(int address) {
        return Objects.requireNonNull(pages[address >>> PLACE_BITS]);
    }

    private void free(Size size, Page page, int offset) {
        INT.set(page.bytes, offset, 0);
        INT.set(page.bytes, offset + NEXT, page.free);
        page.free = offset;
        if (page.isFull() && page != size.clearing) {
            size.open(page);
        }
        page.used--;
        size.used--;
        if (page.used == 0) {
            if (page == size.clearing) {
                size.clearing = null;
                drop(size, page);
            } else if (size.hasRoomWithout(page)) {
                size.shut(page);
                drop(size, page);
            }
            if (size.used == 0) {
                for (Page last = size.open; last != null; last = size.open) {
                    size.shut(last);
                    drop(size, last);
                }
            }
        }
    }

    private void drop(Size size, Page page) {
        pages[page.number] = null;
        pageBytes[page.number] = NOTHING;
        heldBytes -= page.bytes.length;
        size.capacity -= page.capacity;
        if (freePageCount == freePages.length) {
            freePages = Arrays.copyOf(freePages, freePageCount * 2);
        }
        freePages[freePageCount++] = page.number;
    }

    // Clearing.

    /// Goes on with clearing a page, or begins with one if there is too much that is free.
    private void clear(Size size) {
        if (size.clearing == null) {
            if (size.capacity * size.bytes < CLEARED_BYTES_MIN
                    || size.used * 4 > size.capacity * 3) {
                return;
            }
            Page emptiest = Objects.requireNonNull(size.open);
            for (Page page = size.open; page != null; page = page.after) {
                if ((long) page.used * emptiest.capacity < (long) emptiest.used * page.capacity) {
                    emptiest = page;
                }
            }
            // Into new pages, which are smaller then, only where nearly all is free.
            if (!size.hasRoomWithout(emptiest) && size.used * 4 > size.capacity) {
                return;
            }
            size.shut(emptiest);
            if (emptiest.used == 0) {
                drop(size, emptiest);
                return;
            }
            size.clearing = emptiest;
            size.cleared = 0;
        }
        int moved = 0;
        for (int looked = 0; looked < CLEARED_PLACES && moved < CLEARED_BLOCKS; looked++) {
            Page page = size.clearing;
            if (page == null) {
                return;
            }
            if (size.cleared == page.fresh) {
                throw new IllegalStateException("a page has " + page.used + " blocks nobody finds");
            }
            int offset = size.cleared++ * size.bytes;
            int number = (int) INT.get(page.bytes, offset);
            if (number != 0) {
                int address = placeInPage(size.bytes);
                if (address < 0) {
                    size.cleared--;
                    return;
                }
                System.arraycopy(
                        page.bytes,
                        offset,
                        pageBytes[address >>> PLACE_BITS],
                        (address & PLACE_MASK) * BlockSize.UNIT,
                        size.bytes);
                address(number, address);
                free(size, page, offset);
                moved++;
            }
        }
    }
}
