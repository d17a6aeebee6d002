package io.witan.torment.fault;

/// What can go wrong.
public enum FaultKind {
    /// `kill -9`, started again after a while.
    KILL(Needs.PROCESS),
    /// All at once.
    KILL_ALL(Needs.PROCESS),
    /// SIGTERM, started again after a while.
    RESTART(Needs.PROCESS),
    /// SIGSTOP, SIGCONT after a while.
    FREEZE(Needs.PROCESS),
    /// Two groups of servers do not hear of each other; clients reach all.
    PARTITION(Needs.NETWORK),
    /// One server and the others do not hear of each other; its clients reach it.
    ISOLATE(Needs.NETWORK),
    /// Neither servers nor clients reach it.
    CUT_OFF(Needs.NETWORK),
    /// Nothing that other servers say reaches it; they hear it.
    DEAF(Needs.NETWORK),
    /// Nothing that it says reaches other servers; it hears them.
    MUTE(Needs.NETWORK),
    /// Two servers do not hear of each other; all others do.
    BROKEN_LINK(Needs.NETWORK),
    /// One of two servers does not hear the other.
    HALF_LINK(Needs.NETWORK),
    /// Clients do not reach it.
    CLIENTS_CUT(Needs.NETWORK),
    /// Its link is slow.
    SLOW(Needs.NETWORK),
    /// Its disk is full: a server must stop rather than acknowledge. Room and a new start after a
    /// while.
    DISK_FULL(Needs.DISK);

    /// What a fault needs to be made.
    public enum Needs {
        PROCESS,
        NETWORK,
        DISK
    }

    private final Needs needs;

    FaultKind(Needs needs) {
        this.needs = needs;
    }

    public Needs needs() {
        return needs;
    }
}
