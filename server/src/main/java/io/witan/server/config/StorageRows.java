package io.witan.server.config;

import static io.witan.server.config.SettingRows.BOTH;
import static io.witan.server.config.SettingRows.DIRECTORY;
import static io.witan.server.config.SettingRows.FILE;
import static io.witan.server.config.SettingRows.INT_MAX;
import static io.witan.server.config.SettingRows.JVM;
import static io.witan.server.config.SettingRows.TEXT;
import static io.witan.server.config.SettingRows.TRUE_FALSE;
import static io.witan.server.config.SettingRows.YES_NO;
import static io.witan.server.config.SettingRows.ensemble;
import static io.witan.server.config.SettingRows.none;
import static io.witan.server.config.SettingRows.whole;
import static io.witan.server.config.SettingRows.works;

import io.witan.server.config.Setting.Kind;

import java.util.List;

/// What concerns files and the tree, for [SettingTable].
final class StorageRows {

    private StorageRows() {}

    static List<Setting> storage() {
        return List.of(
                works(
                        "dataDir",
                        FILE,
                        DIRECTORY,
                        "",
                        "Snapshots, and the transaction log unless dataLogDir is set."),
                works(
                        "dataLogDir",
                        FILE,
                        DIRECTORY,
                        "same as dataDir",
                        "The transaction log; best on a disk of its own."),
                works(
                        "datadir.autocreate",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "Directories that are missing are made."),
                works(
                        "db.autocreate",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "An empty data directory is taken as a new database even without a file"
                                + " `initialize` in it."),
                works(
                        "preAllocSize",
                        BOTH,
                        whole(0, 1L << 31),
                        "65536",
                        "KiB by which a log file grows; 0 for none."),
                works(
                        "snapCount",
                        BOTH,
                        new Kind.Whole(2, INT_MAX, true),
                        "100000",
                        "Transactions between snapshots: after half to all of them, chosen at"
                                + " random. Unless this is set, a server with a large tree waits"
                                + " until the log is a 24th to a 12th as long as a snapshot."),
                works(
                        "snapSizeLimitInKb",
                        BOTH,
                        whole(-1, 1L << 40),
                        "4194304",
                        "KiB of log between snapshots, likewise; 0 or -1 for no limit."),
                works(
                        "txnLogSizeLimitInKb",
                        BOTH,
                        whole(-1, 1L << 40),
                        "-1",
                        "KiB after which a new log file is begun; 0 or -1 for no limit."),
                works(
                        "forceSync",
                        BOTH,
                        YES_NO,
                        "yes",
                        "With `no`, writes are acknowledged before they are on the disk: a power"
                                + " cut loses them."),
                works(
                        "witan.directLog",
                        BOTH,
                        YES_NO,
                        "yes",
                        "Witan's own. With `no`, the log goes through the operating system's page"
                                + " cache, which writes whole pages for each sync. It does so anyway"
                                + " where the file system does not let it past."),
                works(
                        "fsync.warningthresholdms",
                        BOTH,
                        whole(0, INT_MAX),
                        "1000",
                        "A sync of the log that takes longer, in milliseconds, is reported. (The"
                                + " JVM property may also be given without `zookeeper.`)"),
                none(
                        "maxBatchSize",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        "What arrives during a sync forms the next group, however much; globalOutstandingLimit bounds it."),
                works(
                        "snapshot.compression.method",
                        BOTH,
                        new Kind.Choice(List.of("", "gz", "snappy")),
                        "",
                        "How snapshots are compressed."),
                works(
                        "snapshot.trust.empty",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "A log without any snapshot is loaded although its beginning may be"
                                + " missing."),
                works(
                        "serializeLastProcessedZxid.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "Snapshots end with the zxid they hold. Set false to go back to a release"
                                + " before 3.9."),
                works(
                        "autopurge.snapRetainCount",
                        FILE,
                        new Kind.Whole(3, INT_MAX, true),
                        "3",
                        "Newest snapshots that a purge keeps, with the logs they need."),
                works(
                        "autopurge.purgeInterval",
                        FILE,
                        whole(Integer.MIN_VALUE, 1_000_000),
                        "0",
                        "Hours between purges; 0 or less for never."),
                none(
                        "flushDelay",
                        BOTH,
                        whole(Long.MIN_VALUE, Long.MAX_VALUE),
                        "Transactions that arrive during a sync form the next group, so no delay is"
                                + " needed to make groups."),
                none(
                        "maxWriteQueuePollTime",
                        BOTH,
                        whole(Long.MIN_VALUE, Long.MAX_VALUE),
                        "Groups form without a timer, as for flushDelay."),
                ensemble(
                        "commitLogCount",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        "500",
                        "Transactions kept in memory for learners, 500 at least."),
                ensemble(
                        "snapshotSizeFactor",
                        BOTH,
                        TEXT,
                        "0.33",
                        "Negative: learners are sent nothing from the log on disk. Else up to 64"
                                + " MiB of it."),
                ensemble(
                        "syncEnabled",
                        FILE,
                        TRUE_FALSE,
                        "true",
                        "`false`: while this server is an observer it writes neither log nor"
                                + " snapshots. Participants do in any case."),
                ensemble(
                        "observer.syncEnabled",
                        BOTH,
                        TRUE_FALSE,
                        "syncEnabled",
                        "The same; where both are given, this one holds."),
                ensemble(
                        "forceSnapshotSync",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Sends every learner a snapshot."));
    }

    static List<Setting> tree() {
        return List.of(
                works(
                        "extendedTypesEnabled",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Allows znodes with a time to live."),
                works(
                        "emulate353TTLNodes",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Stores times to live the way release 3.5.3 did, for data directories of"
                                + " that release."),
                works(
                        "znode.container.checkIntervalMs",
                        JVM,
                        whole(1, INT_MAX),
                        "60000",
                        "Milliseconds between two searches for containers and TTL znodes to"
                                + " delete."),
                works(
                        "znode.container.maxPerMinute",
                        JVM,
                        whole(1, INT_MAX),
                        "10000",
                        "How many of them are deleted in a minute at most."),
                works(
                        "znode.container.maxNeverUsedIntervalMs",
                        JVM,
                        whole(0, Long.MAX_VALUE),
                        "0",
                        "Milliseconds after which a container that never had a child is deleted; 0"
                                + " for never."),
                works(
                        "enforceQuota",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "A write beyond a hard quota is refused (error -125)."),
                works(
                        "digest.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "Transactions and snapshots carry a digest of the tree, against which"
                                + " replicas are compared."),
                works(
                        "closeSessionTxn.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "The transaction that ends a session lists the ephemeral znodes it deletes."
                                + " Leave it on."));
    }
}
