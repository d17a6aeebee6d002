package io.witan.benchmarks.subject;

import java.util.ArrayList;
import java.util.List;

/// The flags that both servers' JVMs get.
///
/// @param heap the greatest size of the heap
/// @param fixed whether the heap has that size from the start, so that no run pays for its growth.
///   Where memory is measured it has not, or what the process holds would say nothing
/// @param others whatever else was asked for
public record JvmFlags(String heap, boolean fixed, List<String> others) {

    public JvmFlags {
        if (!heap.matches("[1-9][0-9]*[mgMG]")) {
            throw new SetupException("heap size '%s' is not like 512m or 2g".formatted(heap));
        }
        others = List.copyOf(others);
    }

    public List<String> all() {
        var flags = new ArrayList<String>();
        if (fixed) {
            flags.add("-Xms" + heap);
        }
        flags.add("-Xmx" + heap);
        flags.addAll(others);
        return flags;
    }

    public JvmFlags growing() {
        return new JvmFlags(heap, false, others);
    }

    public JvmFlags withHeap(String size) {
        return new JvmFlags(size, fixed, others);
    }

    public JvmFlags and(String flag) {
        var flags = new ArrayList<>(others);
        flags.add(flag);
        return new JvmFlags(heap, fixed, flags);
    }

    /// For rows of steady load: the operating system gives out the heap's pages before the first
    /// request. Otherwise the one that allocates less reaches fresh pages later, and pays for them
    /// in the measured time while the other did so in its warm-up.
    public JvmFlags touched() {
        return and("-XX:+AlwaysPreTouch");
    }
}
