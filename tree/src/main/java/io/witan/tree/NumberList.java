package io.witan.tree;

import java.util.Arrays;

/// Numbers in the order in which they were added, or from the end.
final class NumberList {

    private int[] numbers;
    private int size;

    NumberList(int capacity) {
        numbers = new int[capacity];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int get(int index) {
        return numbers[index];
    }

    /// What the list is made of; the first [#size] count.
    int[] array() {
        return numbers;
    }

    void add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    int removeLast() {
        return numbers[--size];
    }

    void clear() {
        size = 0;
    }
}
