package io.witan.simulation.fault;

/// What can go wrong.
public enum FaultKind {
    /// A connection ends at any byte; both ends learn of it, at different times.
    BREAK,
    /// A connection ends and one end does not learn of it.
    HALF_OPEN,
    /// Some servers do not hear others for a while: isolated, split, bridged, in a ring; in both
    /// directions or one; all ports or one.
    PARTITION,
    /// Servers fall silent one by one and come back in another order, with all that they had to
    /// say.
    CLOG,
    /// The network is slow for a while.
    SLOW_NETWORK,
    /// The process is gone; what it has written stays.
    KILL,
    /// The machine is gone; what was not flushed may be lost.
    POWER_CUT,
    /// The process is gone between two calls to its ports.
    CRASH_AT_CALL,
    /// The process does nothing for a while.
    PAUSE,
    /// Its clock goes faster or slower.
    CLOCK_DRIFT,
    /// Its wall clock jumps.
    CLOCK_JUMP,
    /// A flush fails.
    FLUSH_FAILS,
    /// The disk is full for a while.
    DISK_FULL,
    /// The disk takes very long for a while.
    DISK_STALLS,
    /// A sector of a file is lost while the server is down.
    DAMAGE,
    /// The server comes back with an empty disk.
    NEW_DISK,
    /// All servers are restarted one after the other.
    ROLLING_RESTART,
    /// All servers lose power at once.
    BLACKOUT,
    /// Whoever leads at the moment is crashed or cut off.
    LEADER_LOST,
    /// The process does nothing for less than a second.
    SHORT_PAUSE
}
