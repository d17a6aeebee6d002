package io.witan.benchmarks;

import java.util.Arrays;
import java.util.List;

/// What can be large, and how large it is made to see how costs grow with it.
enum Dimension {
    ZNODES("znodes", "znodes in the tree"),
    SESSIONS("sessions", "open sessions"),
    WATCHES("watches", "watches"),
    CHILDREN("children", "children of one znode"),
    DATA("data", "bytes of data"),
    SERVERS("servers", "servers");

    /// How many sizes a quick run has, the smallest.
    private static final int QUICK = 3;

    private final String id;
    private final String title;

    Dimension(String id, String title) {
        this.id = id;
        this.title = title;
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    List<Integer> sizes(boolean quick) {
        var sizes =
                switch (this) {
                    case ZNODES -> List.of(1_000, 10_000, 100_000, 1_000_000, 3_000_000);
                    case SESSIONS -> List.of(100, 1_000, 3_000, 10_000);
                    case WATCHES -> List.of(1_000, 10_000, 100_000, 1_000_000);
                    case CHILDREN -> List.of(100, 1_000, 10_000, 100_000, 1_000_000);
                    case DATA -> List.of(100, 1 << 10, 16 << 10, 128 << 10, 1 << 20);
                    case SERVERS -> List.of(1, 3, 5, 7);
                };
        return quick ? sizes.subList(0, QUICK) : sizes;
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Dimension::id).toList();
    }
}
