package io.witan.zab;

import io.witan.wire.config.EnsembleConfig;

import java.util.Set;

/// A look at the agreement machine.
public interface AgreementView {

    /// looking, leading, following or observing, in words of the four-letter commands.
    enum State {
        LOOKING,
        LEADING,
        FOLLOWING,
        OBSERVING
    }

    State state();

    /// Whether clients are served in that state.
    boolean isServing();

    /// The server this one follows or is, or -1.
    long leaderSid();

    long acceptedEpoch();

    long currentEpoch();

    /// The last transaction in the log, committed or not.
    long lastLoggedZxid();

    /// The last transaction known to be committed.
    long lastCommittedZxid();

    /// The configuration in force (C).
    EnsembleConfig committedConfig();

    /// The newest configuration heard of (S); differs from the one in force while a reconfiguration
    /// is under way.
    EnsembleConfig lastSeenConfig();

    /// As leader: the learners that are synchronised, this server among them; else empty.
    Set<Long> syncedSids();

    /// As leader: synchronised learners that are not participants (observers and non-voters).
    Set<Long> syncedObserverSids();

    /// As leader: proposals that are not committed yet.
    int outstandingProposals();

    /// As leader: syncs that wait for a quorum.
    int pendingSyncs();
}
