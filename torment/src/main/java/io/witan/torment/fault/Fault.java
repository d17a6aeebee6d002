package io.witan.torment.fault;

/// One thing that will go wrong.
///
/// @param number in its schedule, from 1
/// @param atMillis after the beginning
/// @param forMillis how long it lasts
/// @param aimsAtLeader whether it hits the leader of that moment, if there is one, and not `sid`
/// @param other the second server, where it takes two
/// @param draw a number for whatever else there is to choose
public record Fault(
        int number,
        long atMillis,
        long forMillis,
        FaultKind kind,
        boolean aimsAtLeader,
        long sid,
        long other,
        int draw) {

    @Override
    public String toString() {
        return "%.1f s: %s of %s for %.1f s"
                .formatted(
                        atMillis / 1e3,
                        kind,
                        aimsAtLeader ? "the leader" : "server " + sid,
                        forMillis / 1e3);
    }
}
