package io.witan.benchmarks;

import java.util.List;

/// Who comes first.
final class Turns {

    private Turns() {}

    /// A B in one round and B A in the next, so that neither always runs in the other's wake.
    static <T> List<T> of(List<T> contenders, int round) {
        return round % 2 == 1 ? contenders : contenders.reversed();
    }
}
