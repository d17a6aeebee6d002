package io.witan.tree;

/// Numbers, first in, first out, counted from the first that ever was in it. Takes no more memory
/// than its largest size since it was last empty asked for.
final class NumberQueue {

    /// A power of two.
    private static final int CAPACITY_MIN = 16;

    private int[] numbers = new int[CAPACITY_MIN];
    private long added;
    private long removed;

    boolean isEmpty() {
        return added == removed;
    }

    int size() {
        return (int) (added - removed);
    }

    /// How many were ever added.
    long added() {
        return added;
    }

    /// How many were ever removed: the first that is left was added as number `removed()`, counted
    /// from 0.
    long removed() {
        return removed;
    }

    void add(int number) {
        if (size() == numbers.length) {
            int[] longer = new int[numbers.length * 2];
            for (long i = removed; i < added; i++) {
                longer[(int) i & longer.length - 1] = numbers[(int) i & numbers.length - 1];
            }
            numbers = longer;
        }
        numbers[(int) added++ & numbers.length - 1] = number;
    }

    int remove() {
        int number = numbers[(int) removed++ & numbers.length - 1];
        if (isEmpty() && numbers.length > CAPACITY_MIN) {
            numbers = new int[CAPACITY_MIN];
        }
        return number;
    }

    void clear() {
        removed = added;
        numbers = new int[CAPACITY_MIN];
    }
}
