package io.witan.storage;

import java.nio.file.Path;
import java.util.List;

/// There is data, but no snapshot to start from.
public final class NoUsableSnapshotException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String problem;
    private final boolean isDamage;

    private NoUsableSnapshotException(String problem, String advice, boolean isDamage) {
        super(problem + advice);
        this.problem = problem;
        this.isDamage = isDamage;
    }

    static NoUsableSnapshotException allBad(Path directory, List<String> reasons) {
        return new NoUsableSnapshotException(
                "None of the snapshots in "
                        + directory
                        + " can be loaded: "
                        + String.join("; ", reasons)
                        + ".",
                " The server does not start, because the state before the oldest"
                        + " transaction log is lost. Keep a copy of the directory, and restore a"
                        + " backup of a snapshot into it: docs/operations/damaged-log.md.",
                true);
    }

    /// The snapshot that a leader sent was about to replace everything else, and cannot be read.
    static NoUsableSnapshotException badReplacement(Path received, String reason) {
        return new NoUsableSnapshotException(
                "The snapshot from the leader, " + received + ", cannot be loaded: " + reason + ".",
                " The server does not start, because nothing else here counts any more. If the"
                        + " other servers form a quorum: move version-2 aside in this server's"
                        + " dataDir and dataLogDir and start it again.",
                true);
    }

    static NoUsableSnapshotException onlyLogs(Path snapshots, Path logs) {
        return new NoUsableSnapshotException(
                "There is no snapshot in "
                        + snapshots
                        + ", but there are transaction logs in "
                        + logs
                        + ".",
                " The server does not start, because it cannot tell whether the logs"
                        + " reach back to the beginning. Look whether dataDir points to the right"
                        + " place and restore the newest snapshot. If this directory comes from a"
                        + " ZooKeeper before 3.5 that never took a snapshot, start once with"
                        + " -Dzookeeper.snapshot.trust.empty=true to replay the logs from the"
                        + " beginning.",
                false);
    }

    /// The message without the advice for a server that does not start.
    public String problem() {
        return problem;
    }

    /// Whether there is a snapshot and it is bad; else there is none at all.
    public boolean isDamage() {
        return isDamage;
    }
}
