package io.witan.simulation.client;

/// How a client behaves. Probabilities are per request unless they say otherwise.
///
/// @param timeoutMillis of its sessions, as it asks for it
/// @param thinkMicrosMean time between requests
/// @param pipelineMax requests that may be unanswered at a time
/// @param move leaves for another server with its session
/// @param linger leaves the connection behind open for a while when it moves, with requests in it
/// @param vanish is silent for so long that its session expires, then comes back with it
/// @param close closes its session and begins another
/// @param wrongPassword tries its session with a wrong password first; per connection
/// @param revive tries a session that it was told is gone once more; per lost session
/// @param acceptsReadOnly whether a read-only server will do
/// @param usesWatches whether it watches
/// @param usesExtendedTypes whether it makes znodes with a time to live; servers must allow it
/// @param usesQuotas whether it sets quotas
/// @param usesPermissions whether it takes permissions from others; servers must check them
/// @param usesReconfig whether it changes the membership
public record ClientProfile(
        int timeoutMillis,
        long thinkMicrosMean,
        int pipelineMax,
        double move,
        double linger,
        double vanish,
        double close,
        double wrongPassword,
        double revive,
        boolean acceptsReadOnly,
        boolean usesWatches,
        boolean usesExtendedTypes,
        boolean usesQuotas,
        boolean usesPermissions,
        boolean usesReconfig) {

    private static final long CALMED_THINK_MICROS_MAX = 1_000_000;

    /// Asks one thing after the other and does nothing unusual.
    public static ClientProfile calm() {
        return new ClientProfile(
                6_000, 20_000, 1, 0, 0, 0, 0, 0, 0, false, true, false, false, false, false);
    }

    /// Does everything that a client can do, each now and then.
    public static ClientProfile lively() {
        return new ClientProfile(
                6_000, 20_000, 8, 0.01, 0.3, 0.002, 0.004, 0.05, 0.3, false, true, false, false,
                false, false);
    }

    /// The same client once faults are over: it must be served, and asks often enough to show it.
    ClientProfile calmed() {
        return new ClientProfile(
                timeoutMillis,
                Math.min(thinkMicrosMean, CALMED_THINK_MICROS_MAX),
                pipelineMax,
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                usesWatches,
                usesExtendedTypes,
                usesQuotas,
                usesPermissions,
                false);
    }
}
