package io.witan.replica;

import java.util.random.RandomGenerator;

/// Decides whether a connect request is served now: a bucket of tokens that fills with time, and a
/// growing chance of refusal while it is empty (client-and-disk, section 2.13). Off while the
/// bucket holds no tokens.
public final class ConnectThrottle {

    /// @param tokens what the bucket holds when full; 0: no throttle
    /// @param fillMillis every so many milliseconds `fillCount` tokens come in
    /// @param freezeMillis for how long a probability of refusal stays as it is; -1: never refuse
    ///   by chance
    /// @param dropIncrease by how much the probability rises for a request that found no token
    /// @param dropDecrease by how much it falls otherwise
    /// @param decreaseRatio it falls only while at least this share of the tokens is there
    /// @param weighted whether kinds of requests cost as given, else each costs one token
    public record Settings(
            int tokens,
            int fillMillis,
            int fillCount,
            int freezeMillis,
            double dropIncrease,
            double dropDecrease,
            double decreaseRatio,
            boolean weighted,
            int globalSessionWeight,
            int renewSessionWeight,
            int localSessionWeight) {

        /// No throttle.
        public static final Settings OFF =
                new Settings(0, 1, 1, -1, 0.02, 0.002, 0, false, 3, 2, 1);
    }

    /// What a connect request asks for.
    enum Kind {
        GLOBAL_SESSION,
        RENEWAL,
        LOCAL_SESSION
    }

    private final Settings settings;
    private final RandomGenerator random;

    private long tokens;
    private long filledAtMillis;
    private double dropChance;
    private long dropChanceSetAtMillis;

    ConnectThrottle(Settings settings, RandomGenerator random, long nowMillis) {
        this.settings = settings;
        this.random = random;
        this.tokens = settings.tokens();
        this.filledAtMillis = nowMillis;
        this.dropChanceSetAtMillis = nowMillis;
    }

    boolean admits(Kind kind, long nowMillis) {
        if (settings.tokens() <= 0) {
            return true;
        }
        fill(nowMillis);
        if (refusesByChance(nowMillis)) {
            return false;
        }
        int cost = cost(kind);
        if (tokens < cost) {
            return false;
        }
        tokens -= cost;
        return true;
    }

    /// The present chance of refusal, from 0 to 1.
    double dropChance() {
        return dropChance;
    }

    private void fill(long nowMillis) {
        long periods = (nowMillis - filledAtMillis) / Math.max(1, settings.fillMillis());
        if (periods > 0) {
            filledAtMillis += periods * Math.max(1, settings.fillMillis());
            // Bounded first: a long pause must not overflow (ZOOKEEPER-4933).
            long room = settings.tokens() - tokens;
            long coming = periods > room ? room : Math.min(room, periods * settings.fillCount());
            tokens += Math.max(0, coming);
        }
    }

    private boolean refusesByChance(long nowMillis) {
        if (settings.freezeMillis() < 0) {
            return false;
        }
        if (nowMillis - dropChanceSetAtMillis >= settings.freezeMillis()) {
            dropChanceSetAtMillis = nowMillis;
            if (tokens == 0) {
                dropChance = Math.min(1.0, dropChance + settings.dropIncrease());
            } else if (tokens >= settings.tokens() * settings.decreaseRatio()) {
                dropChance = Math.max(0.0, dropChance - settings.dropDecrease());
            }
        }
        return dropChance > 0 && random.nextDouble() < dropChance;
    }

    private int cost(Kind kind) {
        if (!settings.weighted()) {
            return 1;
        }
        return switch (kind) {
            case GLOBAL_SESSION -> settings.globalSessionWeight();
            case RENEWAL -> settings.renewSessionWeight();
            case LOCAL_SESSION -> settings.localSessionWeight();
        };
    }
}
