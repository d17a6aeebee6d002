package io.witan.torment;

import java.util.function.BooleanSupplier;
import java.util.function.LongToIntFunction;

/// One round after the other. One that cannot be judged says nothing, for or against: it is made up
/// for by another.
final class Rounds {

    static final int WELL = 0;
    static final int BROKEN = 1;
    static final int NOT_JUDGED = 3;

    private final long judgedMax;
    private final BooleanSupplier isTimeOver;
    private final LongToIntFunction round;
    private long count;
    private long judgedCount;

    /// @param round makes the round with that number, from 0, and says how it was
    Rounds(long judgedMax, BooleanSupplier isTimeOver, LongToIntFunction round) {
        this.judgedMax = judgedMax;
        this.isTimeOver = isTimeOver;
        this.round = round;
    }

    /// At least one, up to the first in which a promise is broken. The last may end late: a round
    /// cut short proves less than none.
    ///
    /// @return how they were, together
    int run() {
        while (count == 0 || (judgedCount < judgedMax && !isTimeOver.getAsBoolean())) {
            int code = round.applyAsInt(count++);
            if (code == BROKEN) {
                return BROKEN;
            }
            judgedCount += code == WELL ? 1 : 0;
        }
        return judgedCount > 0 ? WELL : NOT_JUDGED;
    }

    long count() {
        return count;
    }

    long judgedCount() {
        return judgedCount;
    }
}
