package io.witan.simulation.fault;

import java.util.EnumSet;
import java.util.Set;

/// What a run must do without: how a failing run is made smaller.
///
/// @param votersMax, observersMax, clientsMax at most so many
/// @param without kinds of faults that do not happen
/// @param faultsMax only so many faults happen
/// @param safetyMicrosMax the first part of the run takes at most that long
public record Limits(
        int votersMax,
        int observersMax,
        int clientsMax,
        Set<FaultKind> without,
        long faultsMax,
        long safetyMicrosMax) {

    public static final Limits NONE =
            new Limits(
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Set.of(),
                    Long.MAX_VALUE,
                    Long.MAX_VALUE);

    public Limits withServers(int voters, int observers) {
        return new Limits(voters, observers, clientsMax, without, faultsMax, safetyMicrosMax);
    }

    public Limits withClients(int clients) {
        return new Limits(votersMax, observersMax, clients, without, faultsMax, safetyMicrosMax);
    }

    public Limits without(FaultKind kind) {
        Set<FaultKind> more = EnumSet.of(kind);
        more.addAll(without);
        return new Limits(votersMax, observersMax, clientsMax, more, faultsMax, safetyMicrosMax);
    }

    public Limits withFaults(long faults) {
        return new Limits(votersMax, observersMax, clientsMax, without, faults, safetyMicrosMax);
    }

    public Limits withSafetyMicros(long micros) {
        return new Limits(votersMax, observersMax, clientsMax, without, faultsMax, micros);
    }
}
