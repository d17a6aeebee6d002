package io.witan.storage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The two epochs of a member (quorum, sections 6.2 and 6.3): `acceptedEpoch` is the paper's f.p,
/// `currentEpoch` its f.a. Here `current <= accepted` always, and neither falls.
final class Epochs {

    private final DataDirectory directory;
    private long accepted;
    private long current;

    private Epochs(DataDirectory directory, long accepted, long current) {
        this.directory = directory;
        this.accepted = accepted;
        this.current = current;
    }

    long accepted() {
        return accepted;
    }

    long current() {
        return current;
    }

    void accept(long epoch) {
        if (epoch < accepted) {
            throw new IllegalStateException("acceptedEpoch " + accepted + " would become " + epoch);
        }
        if (epoch > accepted) {
            EpochFile.ACCEPTED.write(directory, epoch);
            accepted = epoch;
        }
    }

    void enter(long epoch) {
        requireEnterable(epoch);
        if (epoch > current) {
            EpochFile.CURRENT.write(directory, epoch);
            current = epoch;
        }
    }

    /// Writes the epoch that [#enterPrepared] makes current: a snapshot of that epoch is about to
    /// count, and must not do so with an older currentEpoch beside it and nothing that tells.
    void prepare(long epoch) {
        requireEnterable(epoch);
        EpochFile.CURRENT.prepare(directory, epoch);
    }

    void enterPrepared(long epoch) {
        EpochFile.CURRENT.writePrepared(directory, epoch);
        current = epoch;
    }

    private void requireEnterable(long epoch) {
        if (epoch < current || epoch > accepted) {
            throw new IllegalStateException(
                    "currentEpoch "
                            + current
                            + " would become "
                            + epoch
                            + " with acceptedEpoch "
                            + accepted);
        }
    }

    /// Reads the epochs of a server whose history ends with `lastZxid`.
    static Reading read(DataDirectory directory, long lastZxid) {
        return new Reading(directory, Math.max(0, Zxids.epoch(lastZxid)));
    }

    /// What the files say, and what is to be made of it. Nothing is written before [#settle].
    static final class Reading {

        private final DataDirectory directory;
        private final List<EpochFile> unreadable = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private final OptionalLong acceptedFile;
        private final OptionalLong currentFile;
        private final long accepted;
        private final long current;
        private @Nullable String problem;

        private Reading(DataDirectory directory, long lastEpoch) {
            this.directory = directory;
            this.acceptedFile = readOrNothing(EpochFile.ACCEPTED);
            this.currentFile = readOrNothing(EpochFile.CURRENT);
            this.current = current(lastEpoch);
            this.accepted = accepted(lastEpoch);
            if (accepted < current) {
                throw new DataDirectoryException(
                        "acceptedEpoch in "
                                + directory.snapshotDirectory()
                                + " is "
                                + accepted
                                + ", but the server has taken over the history of epoch "
                                + current
                                + " (currentEpoch, or the last transaction), which it can only have"
                                + " done after accepting it. The server does not start: one of the"
                                + " two files is not its own or was changed. If the other servers"
                                + " form a quorum, move version-2 aside and start this one empty.");
            }
        }

        /// Why the server must not vote; null if the epochs are known.
        @Nullable String problem() {
            return problem;
        }

        /// The promise that the files hold, 0 if none.
        long acceptedOnDisk() {
            return acceptedFile.orElse(0);
        }

        List<Finding> findings() {
            return findings;
        }

        /// Writes what was derived, the accepted epoch first, and removes what writes have left.
        Epochs settle() {
            try {
                for (EpochFile file : unreadable) {
                    SetAside.one(directory, file.path(directory));
                }
                if (acceptedFile.isEmpty() || acceptedFile.getAsLong() != accepted) {
                    EpochFile.ACCEPTED.write(directory, accepted);
                }
                if (currentFile.isEmpty() || currentFile.getAsLong() != current) {
                    // What the original looks for must stay until this is there.
                    EpochFile.CURRENT.writePrepared(directory, current);
                }
                EpochFile.ACCEPTED.removeUnfinished(directory);
                EpochFile.CURRENT.removeUnfinished(directory);
                // What a killed process renamed and did not flush is relied on from here on.
                directory.disk().syncDirectory(directory.snapshotDirectory());
            } catch (IOException e) {
                throw new DataDirectoryException(
                        "Cannot write the epochs in "
                                + directory.snapshotDirectory()
                                + ": "
                                + LogWriteException.describe(e)
                                + ". The server does not start. Check the health and the"
                                + " permissions of the disk under dataDir.",
                        e);
            }
            return new Epochs(directory, accepted, current);
        }

        private long current(long lastEpoch) {
            long known = currentFile.orElse(lastEpoch);
            if (currentFile.isEmpty() && !isUnreadable(EpochFile.CURRENT)) {
                // A crash of the very first start leaves acceptedEpoch alone, with this value; it
                // then bounds currentEpoch from above as the log does from below.
                if (acceptedFile.isPresent() && acceptedFile.getAsLong() > lastEpoch) {
                    problem("currentEpoch is missing, though acceptedEpoch is there");
                }
            }
            return known >= lastEpoch ? known : raised(known, lastEpoch);
        }

        /// The history is newer than currentEpoch. Each transaction, and each snapshot, comes from
        /// a leader of its epoch or a later one, in that leader's order: who has the last one has
        /// all that this epoch began with, and more is not claimed by making it current. The
        /// temporary file may say more: its epoch was written once the history was there.
        private long raised(long known, long lastEpoch) {
            long raised = lastEpoch;
            OptionalLong unfinished = unfinishedOrNothing();
            if (unfinished.isPresent()
                    && unfinished.getAsLong() > lastEpoch
                    && unfinished.getAsLong() <= acceptedFile.orElse(0)) {
                raised = unfinished.getAsLong();
            }
            Path path = EpochFile.CURRENT.path(directory);
            findings.add(
                    Finding.info(
                            path,
                            path
                                    + " says "
                                    + known
                                    + ", the last transaction is of epoch "
                                    + lastEpoch
                                    + ": a crash came between the two; the current epoch is "
                                    + raised));
            return raised;
        }

        private long accepted(long lastEpoch) {
            if (acceptedFile.isPresent()) {
                return acceptedFile.getAsLong();
            }
            if (!isUnreadable(EpochFile.ACCEPTED)
                    && (currentFile.isPresent() || isUnreadable(EpochFile.CURRENT))) {
                problem("acceptedEpoch is missing, though currentEpoch is there");
            }
            return Math.max(current, lastEpoch);
        }

        private OptionalLong readOrNothing(EpochFile file) {
            try {
                return file.read(directory);
            } catch (DataDirectoryException e) {
                unreadable.add(file);
                problem(String.valueOf(e.getMessage()));
                return OptionalLong.empty();
            }
        }

        private OptionalLong unfinishedOrNothing() {
            try {
                return EpochFile.CURRENT.readUnfinished(directory);
            } catch (DataDirectoryException torn) {
                return OptionalLong.empty();
            }
        }

        private boolean isUnreadable(EpochFile file) {
            return unreadable.contains(file);
        }

        private void problem(String what) {
            problem = problem == null ? what : problem + "; " + what;
        }
    }
}
