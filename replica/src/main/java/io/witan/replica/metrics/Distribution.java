package io.witan.replica.metrics;

import java.util.Arrays;

/// A [Summary] that also tells below which value a share of all values lies, to within one part in
/// 16.
///
/// Values are counted in buckets: one for each number up to 31, then 16 for each power of two.
/// Negative ones count as 0.
public final class Distribution extends Summary {

    private static final int SUB_BITS = 4;
    private static final int SUB_COUNT = 1 << SUB_BITS;

    private final long[] buckets = new long[(Long.SIZE - SUB_BITS) * SUB_COUNT];

    public Distribution() {}

    @Override
    public void add(long value) {
        super.add(value);
        buckets[bucket(Math.max(0, value))]++;
    }

    /// The greatest value that falls into the bucket in which the share is reached, but never above
    /// [#max].
    ///
    /// @param share from 0 to 1
    public long quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count()));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return Math.min(greatestIn(i), max());
            }
        }
        return 0;
    }

    private static int bucket(long value) {
        if (value < 2 * SUB_COUNT) {
            return (int) value;
        }
        int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(value);
        return shift * SUB_COUNT + (int) (value >>> shift);
    }

    private static long greatestIn(int bucket) {
        if (bucket < 2 * SUB_COUNT) {
            return bucket;
        }
        int shift = bucket / SUB_COUNT - 1;
        long lead = bucket - (long) shift * SUB_COUNT;
        return ((lead + 1) << shift) - 1;
    }

    @Override
    void reset() {
        super.reset();
        Arrays.fill(buckets, 0);
    }
}
