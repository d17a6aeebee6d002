package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Finds out what a member of an ensemble has on disk, and whether it may vote with it (quorum,
/// section 6.3; docs/operations/damaged-log.md).
///
/// A server that cannot tell what it acknowledged or promised must not help to elect: a leader
/// chosen without what it forgot would destroy it on the others. It need not stop, though. It joins
/// a leader that the others elect, and votes again once it has what that leader has.
final class StoreRecovery {

    /// Cuts and removals that the operator's override may take; more than a log has files.
    private static final int CUTS_MAX = 10_000;

    private final DataDirectory directory;
    private final EnsembleStoreSettings settings;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable Epochs epochs;

    StoreRecovery(DataDirectory directory, EnsembleStoreSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    StoredState load(RecoveryVisitor visitor) {
        DamageMark before = DamageMark.read(directory);
        if (before != null) {
            takeUp(before);
        }
        RecentTail recent =
                new RecentTail(visitor, settings.recentCountMax(), settings.recentBytesMax());
        Recovered files = recover(recent);
        findings.addAll(files.findings());
        Epochs.Reading reading = Epochs.read(directory, files.lastZxid());
        judge(files, reading);
        findings.addAll(reading.findings());
        Epochs settled = reading.settle();
        epochs = settled;
        DamageMark mark = DamageMark.read(directory);
        return new StoredState(
                settled.accepted(),
                settled.current(),
                Math.max(0, files.lastZxid()),
                recent.kept(),
                mark == null ? null : mark.reason(),
                files.origin() != Recovered.Origin.SNAPSHOT,
                files,
                List.copyOf(findings));
    }

    /// The epochs; after [#load].
    Epochs epochs() {
        if (epochs == null) {
            throw new IllegalStateException("nothing was loaded");
        }
        return epochs;
    }

    private void takeUp(DamageMark mark) {
        if (mark.moving()) {
            SetAside.resume(directory, mark);
        }
        if (settings.recoverDamaged() && mark.cause() != DamageMark.Cause.NO_DATA) {
            SetAside.restore(directory, mark);
            DamageMark.clear(directory);
            warn(
                    "The server votes again, because "
                            + EnsembleStoreSettings.RECOVER_DAMAGED
                            + " says so, though it may have lost what it acknowledged: "
                            + mark.reason());
        }
    }

    private Recovered recover(RecoveryVisitor visitor) {
        for (int cuts = 0; ; cuts++) {
            try {
                SnapshotReplacement.finishInterrupted(directory);
                return Recovery.recover(directory, settings.recovery(), visitor);
            } catch (DamagedLogException e) {
                if (settings.recoverDamaged() && cuts < CUTS_MAX) {
                    cut(e);
                } else {
                    setAside(e.problem());
                }
            } catch (NoUsableSnapshotException e) {
                if (!e.isDamage()) {
                    throw e; // Rather a wrong dataDir than a damaged one.
                }
                setAside(e.problem());
            }
        }
    }

    private void cut(DamagedLogException damage) {
        SetAside.behind(directory, damage);
        warn(
                damage.problem()
                        + " Because "
                        + EnsembleStoreSettings.RECOVER_DAMAGED
                        + " says so, the server goes on with what is before. What follows was moved"
                        + " aside as damaged-*; transactions that clients were told about may be"
                        + " lost.");
    }

    private void setAside(String problem) {
        SetAside.all(directory, DamageMark.Cause.DAMAGED, problem);
        warn(
                problem
                        + " All snapshots and logs were moved aside as damaged-*. The server starts"
                        + " empty and takes part without a vote until a leader has synchronised it"
                        + " ("
                        + DamageMark.path(directory)
                        + ").");
    }

    /// Marks the server if what it has is not what it must have had.
    private void judge(Recovered files, Epochs.Reading reading) {
        DamageMark mark = DamageMark.read(directory);
        boolean isEmpty = files.origin() != Recovered.Origin.SNAPSHOT && files.logs().isEmpty();
        if (mark != null) {
            if (mark.cause() == DamageMark.Cause.NO_DATA
                    && files.origin() == Recovered.Origin.NEW
                    && reading.acceptedOnDisk() == 0
                    && reading.problem() == null) {
                DamageMark.clear(directory); // By now somebody has said that it may begin.
            } else if (mark.isVoidWith(files.lastZxid()) && reading.problem() == null) {
                DamageMark.clear(directory);
            }
        } else if (isEmpty && reading.acceptedOnDisk() > 0) {
            mark(
                    DamageMark.Cause.NO_DATA,
                    "There is neither a snapshot nor a log, but an acceptedEpoch: what this server"
                            + " had is lost.");
        } else if (files.origin() == Recovered.Origin.UNKNOWN) {
            mark(
                    DamageMark.Cause.NO_DATA,
                    "There are no data, and beginning a new database is switched off"
                            + " (zookeeper.db.autocreate=false, no file initialize).");
        } else if (reading.problem() != null) {
            if (settings.recoverDamaged()) {
                warn(
                        reading.problem()
                                + ". Because "
                                + EnsembleStoreSettings.RECOVER_DAMAGED
                                + " says so, the server votes all the same.");
            } else {
                mark(DamageMark.Cause.EPOCH_LOST, reading.problem() + ".");
            }
        }
    }

    private void mark(DamageMark.Cause cause, String reason) {
        new DamageMark(cause, List.of(), false, reason).write(directory);
        warn(
                reason
                        + " The server takes part without a vote until a leader has synchronised it"
                        + " ("
                        + DamageMark.path(directory)
                        + ").");
    }

    private void warn(String text) {
        findings.add(Finding.warn(DamageMark.path(directory), text));
    }
}
