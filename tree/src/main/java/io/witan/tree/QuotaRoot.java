package io.witan.tree;

import io.witan.tree.table.Keyed;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// A path with a quota: its `zookeeper_limits` exists. Numbers are read from the text of the quota
/// znodes each time, because clients may write any text there at any time.
public final class QuotaRoot extends Keyed {

    /// What a limit that is not set reads as.
    public static final long NO_LIMIT = -1;

    private final Znodes znodes;
    private final int limits;

    QuotaRoot(byte[] path, Znodes znodes, int limits) {
        super(path);
        this.znodes = znodes;
        this.limits = limits;
    }

    /// The path that the quota is on.
    public byte[] path() {
        return key;
    }

    /// Limits and usage at this moment.
    ///
    /// @param count znodes, soft limit; `bytes` likewise of data
    /// @param usedCount znodes by the applied statistics, -1 if they cannot be read
    public record Numbers(
            long count,
            long bytes,
            long countHardLimit,
            long byteHardLimit,
            long usedCount,
            long usedBytes) {}

    public Numbers numbers() {
        Map<String, Long> limit = keys(znodes.data(limits));
        int statistics = statistics();
        Map<String, Long> used = keys(statistics == Znodes.NONE ? null : znodes.data(statistics));
        return new Numbers(
                limit.getOrDefault(QuotaText.COUNT, NO_LIMIT),
                limit.getOrDefault(QuotaText.BYTES, NO_LIMIT),
                limit.getOrDefault(QuotaText.COUNT_HARD_LIMIT, NO_LIMIT),
                limit.getOrDefault(QuotaText.BYTE_HARD_LIMIT, NO_LIMIT),
                used.getOrDefault(QuotaText.COUNT, -1L),
                used.getOrDefault(QuotaText.BYTES, -1L));
    }

    /// The znode that holds the usage, [Znodes#NONE] if there is none.
    int statistics() {
        return znodes.child(znodes.parent(limits), Quotas.STATISTICS, 0, Quotas.STATISTICS.length);
    }

    private static Map<String, Long> keys(byte @Nullable [] text) {
        Map<String, Long> keys = QuotaText.parse(text);
        return keys == null ? Map.of() : keys;
    }
}
