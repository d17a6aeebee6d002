package io.witan.simulation.check;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.AgreementView;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;
import java.util.TreeMap;

/// What is known of one server, over all its incarnations.
final class ServerFact {

    final long sid;

    int incarnation;
    boolean isUp;
    boolean diskHasFailed;

    /// Everything appended and not taken back, durable or not.
    HistoryFact log = new HistoryFact();

    /// The log before a truncation or a replacement that the disk has not done yet; null for none.
    @Nullable HistoryFact before;

    /// What the snapshot that was received last holds beyond what was committed when it was sent.
    @Nullable HistoryFact received;

    /// Its end before the last transaction that was appended.
    long logEndBefore;

    /// What of it is durable.
    long durable;

    /// The last transaction that its tree holds.
    long tree;

    long acceptedEpoch;
    long currentEpoch;

    AgreementView.State state = AgreementView.State.LOOKING;
    long leaderSid = -1;

    /// Counts changes of the state, so that what belongs to an earlier one can be told.
    int role;

    /// The epoch it leads or follows in, once it serves; else -1.
    long servingEpoch = -1;

    /// Current epoch and last zxid when it began to lead.
    long summaryEpoch;

    long summaryZxid;

    @Nullable EnsembleConfig committedConfig;
    @Nullable EnsembleConfig lastSeenConfig;

    /// The links of this incarnation.
    final SortedMap<Long, LinkFact> links = new TreeMap<>();

    ServerFact(long sid) {
        this.sid = sid;
    }

    boolean isLeading() {
        return state == AgreementView.State.LEADING;
    }
}
