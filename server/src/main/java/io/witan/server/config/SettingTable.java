package io.witan.server.config;

import io.witan.server.config.Setting.Effect;
import io.witan.server.config.Setting.Form;
import io.witan.server.config.Setting.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every key, one row each, in the groups of the reference page `docs/operations/configuration.md`,
/// which is written from here. Names, forms and defaults are the original's, release 3.9.
final class SettingTable {

    /// Rows that belong together.
    record Group(String title, List<Setting> rows) {}

    private static final Form FILE = Form.FILE;
    private static final Form BOTH = Form.FILE_OR_JVM;
    private static final Form JVM = Form.JVM;

    private static final Kind TRUE_FALSE = new Kind.Choice(List.of("true", "false"));
    private static final Kind YES_NO = new Kind.Choice(List.of("yes", "no"));
    private static final Kind PORT = whole(0, 65535);
    private static final Kind HOST = new Kind.Text("a host name or address of this machine", false);
    private static final Kind DIRECTORY = new Kind.Text("a directory", false);
    private static final Kind TEXT = new Kind.Text("any text", true);
    private static final int INT_MAX = Integer.MAX_VALUE;

    static final List<Group> GROUPS =
            List.of(
                    new Group("Where to listen", listening()),
                    new Group("Sessions", sessions()),
                    new Group("Limits", limits()),
                    new Group("Throttles", throttles()),
                    new Group("Storage", storage()),
                    new Group("Tree", tree()),
                    new Group("Access", access()),
                    new Group("SASL and Kerberos", sasl()),
                    new Group("TLS", tls()),
                    new Group("Four-letter words, administration, metrics", operations()),
                    new Group("Ensembles", ensembles()),
                    new Group("Inner workings of the original", inner()));

    private static final List<Setting> ALL =
            GROUPS.stream().flatMap(group -> group.rows().stream()).toList();

    private SettingTable() {}

    static List<Setting> all() {
        return ALL;
    }

    /// The row of a key as the file gives it.
    static Optional<Setting> inFile(String key) {
        return find(key, FILE).or(() -> find(key, BOTH));
    }

    /// The row of a key, whichever way it may be given.
    static Optional<Setting> named(String key) {
        return inFile(key).or(() -> find(key, JVM));
    }

    /// The row that a JVM property sets.
    static Optional<Setting> ofJvmProperty(String name) {
        if (name.startsWith("zookeeper.")) {
            var row = find(name.substring("zookeeper.".length()), BOTH);
            if (row.isPresent()) {
                return row;
            }
        }
        return find(name, JVM);
    }

    private static Optional<Setting> find(String key, Form form) {
        return ALL.stream().filter(row -> row.form() == form && row.matches(key)).findFirst();
    }

    private static List<Setting> listening() {
        return List.of(
                works(
                        "clientPort",
                        FILE,
                        PORT,
                        "",
                        "Port for clients, without TLS; 0 is any free one, which the first lines at start name."),
                works(
                        "clientPortAddress",
                        FILE,
                        HOST,
                        "all addresses",
                        "Address that port is opened on."),
                works(
                        "clientPortListenBacklog",
                        FILE,
                        whole(-1, INT_MAX),
                        "-1",
                        "Connections the system queues before they are accepted; -1 is the system's"
                                + " own default."),
                works(
                        "clientTcpKeepAlive",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Lets the system probe connections on which nothing happens."),
                works(
                        "nio.sessionlessCnxnTimeout",
                        BOTH,
                        whole(1, INT_MAX),
                        "10000",
                        "Milliseconds after which a connection that asked for no session is"
                                + " closed."),
                notYet("secureClientPort", FILE, PORT, "Port for clients, with TLS."),
                notYet("secureClientPortAddress", FILE, HOST, "Address of the TLS port."),
                notYet(
                        "client.portUnification",
                        BOTH,
                        TRUE_FALSE,
                        "TLS and plain clients on one port."));
    }

    private static List<Setting> sessions() {
        return List.of(
                works(
                        "tickTime",
                        FILE,
                        whole(1, INT_MAX / 20),
                        "3000",
                        "Milliseconds of a tick: the unit of session time-outs, and the grain in"
                                + " which sessions expire."),
                works(
                        "minSessionTimeout",
                        FILE,
                        whole(-1, INT_MAX),
                        "2 ticks",
                        "Smallest session time-out granted, in milliseconds; -1 is the default."),
                works(
                        "maxSessionTimeout",
                        FILE,
                        whole(-1, INT_MAX),
                        "20 ticks",
                        "Largest session time-out granted, in milliseconds; -1 is the default."),
                ensemble(
                        "localSessionsEnabled",
                        FILE,
                        TRUE_FALSE,
                        "false",
                        "New sessions stay on the server that made them."),
                ensemble(
                        "localSessionsUpgradingEnabled",
                        FILE,
                        TRUE_FALSE,
                        "false",
                        "A local session becomes a global one before its first ephemeral"
                                + " znode."));
    }

    private static List<Setting> limits() {
        return List.of(
                works(
                        "maxClientCnxns",
                        FILE,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        "60",
                        "Connections from one address; 0 or less for no limit. Further ones are"
                                + " closed at once. (Started with bare arguments instead of a file: no"
                                + " limit.)"),
                works(
                        "maxCnxns",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        "0",
                        "Connections in all; 0 or less for no limit."),
                works(
                        "jute.maxbuffer",
                        JVM,
                        whole(1024, INT_MAX - 8),
                        "1048575",
                        "Longest frame, in bytes, that a client may send; so also, roughly, the"
                                + " most data a znode holds."),
                works(
                        "jute.maxbuffer.extrasize",
                        BOTH,
                        new Kind.Whole(1024, INT_MAX - 8, true),
                        "same as jute.maxbuffer",
                        "Bytes beyond jute.maxbuffer that a field in the transaction log or a"
                                + " snapshot may have."),
                works(
                        "globalOutstandingLimit",
                        BOTH,
                        whole(1, INT_MAX),
                        "1000",
                        "Requests in the server at once. Beyond it, connections with unanswered"
                                + " requests are not read."),
                works(
                        "largeRequestThreshold",
                        BOTH,
                        whole(-1, INT_MAX),
                        "-1",
                        "Frames longer than this, in bytes, count as large; -1 for none."),
                works(
                        "largeRequestMaxBytes",
                        BOTH,
                        whole(1, INT_MAX),
                        "104857600",
                        "Bytes of large requests in progress together. The connection that goes"
                                + " beyond it is closed."),
                works(
                        "witan.unsentReplyBytesMax",
                        BOTH,
                        whole(1 << 16, 1L << 40),
                        "67108864",
                        "Witan's own. Bytes of replies and notifications that wait for a client"
                                + " that does not read. Beyond it the connection is closed."),
                none(
                        "maxResponseCacheSize",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        "There is no cache of encoded replies: data is sent from where it is"
                                + " kept."),
                none(
                        "maxGetChildrenResponseCacheSize",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        "There is no cache of encoded replies: they are encoded straight into the"
                                + " output."));
    }

    private static List<Setting> throttles() {
        var token = "Token bucket in front of new connections: ";
        var noQueue =
                "There is no queue in front of the core for requests to grow old in: when there are too many, clients are"
                        + " not read from (globalOutstandingLimit).";
        var drop = "Random early refusal of connections, while the bucket runs dry: ";
        return List.of(
                works(
                        "connection_throttle_tokens",
                        BOTH,
                        whole(0, INT_MAX),
                        "0",
                        token + "its size; 0 switches it off."),
                works(
                        "connection_throttle_fill_time",
                        BOTH,
                        whole(1, INT_MAX),
                        "1",
                        token + "milliseconds between refills."),
                works(
                        "connection_throttle_fill_count",
                        BOTH,
                        whole(1, INT_MAX),
                        "1",
                        token + "tokens of a refill."),
                works(
                        "connection_throttle_freeze_time",
                        BOTH,
                        whole(-1, INT_MAX),
                        "-1",
                        drop
                                + "milliseconds between changes of the probability; -1 switches it"
                                + " off."),
                works(
                        "connection_throttle_drop_increase",
                        BOTH,
                        new Kind.Fraction(0, 1),
                        "0.02",
                        drop + "step up."),
                works(
                        "connection_throttle_drop_decrease",
                        BOTH,
                        new Kind.Fraction(0, 1),
                        "0.002",
                        drop + "step down."),
                works(
                        "connection_throttle_decrease_ratio",
                        BOTH,
                        new Kind.Fraction(0, 1),
                        "0",
                        drop + "share of tokens free above which the probability falls."),
                works(
                        "connection_throttle_weight_enabled",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        token + "sessions of different kinds cost different numbers of tokens."),
                works(
                        "connection_throttle_global_session_weight",
                        BOTH,
                        whole(1, INT_MAX),
                        "3",
                        token + "tokens of a new session."),
                works(
                        "connection_throttle_renew_session_weight",
                        BOTH,
                        whole(1, INT_MAX),
                        "2",
                        token + "tokens of a session that comes back."),
                works(
                        "connection_throttle_local_session_weight",
                        BOTH,
                        whole(1, INT_MAX),
                        "1",
                        token + "tokens of a new local session."),
                none(
                        "request_throttle_max_requests",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        noQueue),
                none(
                        "request_throttle_stall_time",
                        BOTH,
                        whole(Integer.MIN_VALUE, INT_MAX),
                        noQueue),
                none("request_throttle_drop_stale", BOTH, TRUE_FALSE, noQueue),
                none("request_stale_connection_check", BOTH, TRUE_FALSE, noQueue),
                none("request_stale_latency_check", BOTH, TRUE_FALSE, noQueue),
                none("throttled_op_wait_time", BOTH, whole(Integer.MIN_VALUE, INT_MAX), noQueue),
                none("request_throttler.shutdownTimeout", BOTH, whole(0, INT_MAX), noQueue),
                none(
                        "netty.advancedFlowControl.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "Reading stops and starts with the load at all times."),
                notYet(
                        "netty.server.outstandingHandshake.limit",
                        BOTH,
                        whole(-1, INT_MAX),
                        "TLS handshakes in progress at once."),
                notYet(
                        "netty.server.earlyDropSecureConnectionHandshakes",
                        BOTH,
                        TRUE_FALSE,
                        "Refuses TLS connections before the handshake while not serving."));
    }

    private static List<Setting> storage() {
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
                                + " random."),
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
                notYet("syncEnabled", FILE, TRUE_FALSE, "Observers that keep nothing on disk."),
                notYet(
                        "observer.syncEnabled",
                        BOTH,
                        TRUE_FALSE,
                        "Observers that keep nothing on disk."),
                ensemble(
                        "forceSnapshotSync",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Sends every learner a snapshot."));
    }

    private static List<Setting> tree() {
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

    private static List<Setting> access() {
        return List.of(
                works(
                        "skipACL",
                        BOTH,
                        YES_NO,
                        "no",
                        "With `yes`, access lists are ignored: anybody may do anything."),
                works(
                        "DigestAuthenticationProvider.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "true",
                        "The scheme `digest`."),
                works(
                        "DigestAuthenticationProvider.superDigest",
                        BOTH,
                        new Kind.Text("user:hash", true),
                        "",
                        "User name and digest of the one whom no access list stops."),
                works(
                        "DigestAuthenticationProvider.digestAlg",
                        BOTH,
                        new Kind.Text(
                                "a message digest of the JDK, such as SHA1 or SHA-256", false),
                        "SHA1",
                        "Algorithm of the hashes of the scheme `digest`. The same on all servers,"
                                + " for ever."),
                works(
                        "enforce.auth.enabled",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Requests of a connection that has no id of enforce.auth.schemes are"
                                + " refused (error -124)."),
                works(
                        "enforce.auth.schemes",
                        BOTH,
                        new Kind.Text("a comma list of digest, ip", true),
                        "",
                        "The schemes, any one of which will do."),
                none(
                        "enableEagerACLCheck",
                        BOTH,
                        TRUE_FALSE,
                        "Rights are checked by the leader, once."),
                notYet(
                        "authProvider.*",
                        BOTH,
                        TEXT,
                        "Classes that authenticate: here digest and ip are built in."),
                notYet("ssl.authProvider", BOTH, TEXT, "What authenticates TLS clients."),
                notYet(
                        "X509AuthenticationProvider.superUser",
                        BOTH,
                        TEXT,
                        "The super user among TLS clients."),
                notYet(
                        "ensembleAuthName",
                        BOTH,
                        TEXT,
                        "Refuses clients that mean another ensemble."),
                none(
                        "IPAuthenticationProvider.usexforwardedfor",
                        BOTH,
                        TRUE_FALSE,
                        "It concerns the HTTP administration port, which this version does not"
                                + " have."));
    }

    private static List<Setting> sasl() {
        var rows = new ArrayList<Setting>();
        rows.add(
                works(
                        "sessionRequireClientSASLAuth",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Only clients that authenticated with SASL are served. This version has no"
                                + " SASL, so `true` is refused at the start rather than shut everybody"
                                + " out."));
        rows.add(
                deprecated(
                        "requireClientAuthScheme",
                        BOTH,
                        TEXT,
                        "Guides name it, no release since 3.5 reads it. Use enforce.auth.enabled"
                                + " and enforce.auth.schemes."));
        for (var key :
                List.of(
                        "allowSaslFailedClients",
                        "superUser",
                        "superUser.*",
                        "letAnySaslUserDoX",
                        "SASLAuthenticationProvider.superPassword",
                        "sasl.serverconfig",
                        "security.auth_to_local",
                        "requireKerberosConfig",
                        "server.realm",
                        "kerberos.removeHostFromPrincipal",
                        "kerberos.removeRealmFromPrincipal",
                        "kerberos.canonicalizeHostNames",
                        "kerberos.minReLoginTimeMs",
                        "kinit",
                        "jaasLoginRenew",
                        "allowNonSaslClients")) {
            rows.add(notYet(key, BOTH, TEXT, "Authentication of clients by SASL."));
        }
        rows.add(
                notYet(
                        "java.security.auth.login.config",
                        JVM,
                        TEXT,
                        "The JDK's own: where SASL's accounts are."));
        return rows;
    }

    private static List<Setting> tls() {
        var rows = new ArrayList<Setting>();
        for (var key :
                List.of(
                        "protocol",
                        "enabledProtocols",
                        "ciphersuites",
                        "keyStore.location",
                        "keyStore.password",
                        "keyStore.passwordPath",
                        "keyStore.type",
                        "trustStore.location",
                        "trustStore.password",
                        "trustStore.passwordPath",
                        "trustStore.type",
                        "context.supplier.class",
                        "hostnameVerification",
                        "clientHostnameVerification",
                        "allowReverseDnsLookup",
                        "crl",
                        "ocsp",
                        "clientAuth",
                        "handshakeDetectionTimeoutMillis")) {
            rows.add(notYet("ssl." + key, BOTH, TEXT, "TLS on the client port."));
            rows.add(notYet("ssl.quorum." + key, BOTH, TEXT, "TLS between servers."));
        }
        rows.add(notYet("ssl.sslProvider", BOTH, TEXT, "Which TLS library."));
        rows.add(notYet("fips-mode", BOTH, TRUE_FALSE, "Keeps to what FIPS allows."));
        rows.add(
                notYet(
                        "client.certReload",
                        BOTH,
                        TRUE_FALSE,
                        "Reads certificates again when they change."));
        rows.add(
                notYet(
                        "sslQuorum",
                        FILE,
                        TRUE_FALSE,
                        "TLS between servers; with it a member does not start."));
        rows.add(
                notYet(
                        "portUnification",
                        FILE,
                        TRUE_FALSE,
                        "TLS between servers; with it a member does not start."));
        rows.add(notYet("sslQuorumReloadCertFiles", FILE, TRUE_FALSE, "TLS between servers."));
        return rows;
    }

    private static List<Setting> operations() {
        var rows = new ArrayList<Setting>();
        rows.add(
                works(
                        "4lw.commands.whitelist",
                        BOTH,
                        new Kind.Text("a comma list of words, or *", true),
                        "srvr",
                        "Four-letter words that are answered. `srvr` always is."));
        rows.add(
                works(
                        "readonlymode.enabled",
                        JVM,
                        TRUE_FALSE,
                        "false",
                        "A standalone server is never read-only; but with `true` the word `isro` is"
                                + " answered."));
        for (var key :
                List.of(
                        "enableServer",
                        "serverAddress",
                        "serverPort",
                        "idleTimeout",
                        "commandURL",
                        "httpVersion",
                        "portUnification",
                        "forceHttps",
                        "needClientAuth",
                        "rateLimiterIntervalInMS",
                        "snapshot.enabled",
                        "restore.enabled")) {
            rows.add(
                    notYet(
                            "admin." + key,
                            BOTH,
                            TEXT,
                            "The HTTP administration port: none is opened."));
        }
        rows.add(
                notYet(
                        "metricsProvider.*",
                        FILE,
                        TEXT,
                        "Where metrics are offered. Here: the word `mntr`."));
        rows.add(notYet("audit.enable", BOTH, TRUE_FALSE, "The audit log."));
        rows.add(notYet("audit.impl.class", BOTH, TEXT, "The audit log."));
        rows.add(
                deprecated(
                        "jmx.log4j.disable",
                        BOTH,
                        TEXT,
                        "There is no Log4j here whose settings could be offered by JMX."));
        rows.add(deprecated("jmx.log4j.mbean", BOTH, TEXT, "As for jmx.log4j.disable."));
        rows.add(
                deprecated(
                        "requestTraceFile",
                        BOTH,
                        TEXT,
                        "The original has not written its trace file for many releases."));
        for (var key :
                List.of("monitor", "info-threshold.ms", "warn-threshold.ms", "sleep.time.ms")) {
            rows.add(
                    none(
                            "jvm.pause." + key,
                            FILE,
                            TEXT,
                            "Pauses of the JVM are seen with `-Xlog:gc,safepoint`, more exactly and"
                                    + " at no cost."));
        }
        rows.add(
                none(
                        "messageTracker.Enabled",
                        BOTH,
                        TRUE_FALSE,
                        "The log says why a link was closed."));
        rows.add(
                none(
                        "messageTracker.BufferSize",
                        BOTH,
                        TEXT,
                        "The log says why a link was closed."));
        rows.add(
                none(
                        "pathStats.*",
                        BOTH,
                        TEXT,
                        "The original gathers these statistics and shows them nowhere but its"
                                + " log."));
        return rows;
    }

    private static List<Setting> ensembles() {
        var rows = new ArrayList<Setting>();
        rows.add(
                ensemble(
                        "server.*",
                        FILE,
                        TEXT,
                        "",
                        "A member: `server.N=host:quorumPort:electionPort[:participant|:observer][;[host:]clientPort]`."));
        rows.add(
                ensemble(
                        "group.*",
                        FILE,
                        TEXT,
                        "",
                        "A group of a hierarchical quorum: `group.G=1:2:3`."));
        rows.add(ensemble("weight.*", FILE, TEXT, "1", "The weight of a member in its group."));
        rows.add(
                ensemble(
                        "version",
                        FILE,
                        TEXT,
                        "",
                        "Found in dynamic files of older releases; not looked at."));
        rows.add(
                ensemble(
                        "dynamicConfigFile",
                        FILE,
                        TEXT,
                        "",
                        "The file that lists the members instead of this one; the end of its name is their version."));
        rows.add(
                ensemble(
                        "peerType",
                        FILE,
                        TEXT,
                        "participant",
                        "What the member's own line says holds."));
        rows.add(
                ensemble(
                        "oraclePath",
                        FILE,
                        TEXT,
                        "",
                        "A file that lets one of two members go on alone while it begins with 1."));
        rows.add(
                ensemble(
                        "initLimit",
                        FILE,
                        whole(1, 1_000_000),
                        "",
                        "Ticks that connecting to a leader and synchronising with it may take. Needed."));
        rows.add(
                ensemble(
                        "syncLimit",
                        FILE,
                        whole(1, 1_000_000),
                        "",
                        "Ticks that a leader or a learner may be silent. Needed."));
        rows.add(
                ensemble(
                        "connectToLearnerMasterLimit",
                        FILE,
                        whole(0, 1_000_000),
                        "initLimit",
                        "Ticks that connecting to a leader may take; 0 is the default."));
        rows.add(
                ensemble(
                        "standaloneEnabled",
                        FILE,
                        TRUE_FALSE,
                        "true",
                        "Whether one participant alone runs without agreement; `false` lets an ensemble begin with one."));
        rows.add(
                ensemble(
                        "reconfigEnabled",
                        FILE,
                        TRUE_FALSE,
                        "false",
                        "Lets members be changed while the ensemble runs."));
        rows.add(
                ensemble(
                        "quorumListenOnAllIPs",
                        FILE,
                        TRUE_FALSE,
                        "false",
                        "Opens the ports between servers on all addresses of the machine."));
        rows.add(
                ensemble(
                        "cnxTimeout",
                        BOTH,
                        whole(1, INT_MAX),
                        "5000",
                        "Milliseconds for connecting to another member's election port."));
        rows.add(
                ensemble(
                        "quorumCnxnTimeoutMs",
                        BOTH,
                        whole(-1, INT_MAX),
                        "syncLimit ticks",
                        "Milliseconds for who connects to the election port to say who it is."));
        rows.add(
                ensemble(
                        "electionPortBindRetry",
                        BOTH,
                        whole(0, INT_MAX),
                        "3",
                        "How often the election port is tried, a second apart; 0 is without end."));
        rows.add(
                ensemble(
                        "tcpKeepAlive",
                        BOTH,
                        TRUE_FALSE,
                        "false",
                        "Lets the system probe election links on which nothing happens."));
        rows.add(
                ensemble(
                        "fastleader.minNotificationInterval",
                        BOTH,
                        whole(1, INT_MAX),
                        "200",
                        "Milliseconds after which a vote is repeated first."));
        rows.add(
                ensemble(
                        "fastleader.maxNotificationInterval",
                        BOTH,
                        whole(1, INT_MAX),
                        "60000",
                        "The longest that this pause grows."));
        rows.add(
                ensemble(
                        "leader.maxTimeToWaitForEpoch",
                        BOTH,
                        whole(-1, INT_MAX),
                        "-1",
                        "Milliseconds after which a leader that waits for an epoch gives up when one of its voters looks again; -1 is never."));
        rows.add(
                ensemble(
                        "leader.maxConcurrentSnapSyncs",
                        BOTH,
                        whole(1, INT_MAX),
                        "10",
                        "Observers that are sent snapshots at a time."));
        rows.add(
                ensemble(
                        "leader.maxConcurrentDiffSyncs",
                        BOTH,
                        whole(1, INT_MAX),
                        "100",
                        "Observers that are sent differences at a time."));
        rows.add(
                notYet(
                        "quorum.auth.enableSasl",
                        FILE,
                        TRUE_FALSE,
                        "SASL between servers; with it a member does not start."));
        for (var key :
                List.of(
                        "quorum.auth.serverRequireSasl",
                        "quorum.auth.learnerRequireSasl",
                        "quorum.auth.learner.saslLoginContext",
                        "quorum.auth.server.saslLoginContext",
                        "quorum.auth.kerberos.servicePrincipal")) {
            rows.add(notYet(key, FILE, TEXT, "SASL between servers."));
        }
        rows.add(
                ensemble(
                        "observerMasterPort",
                        FILE,
                        PORT,
                        "0",
                        "Where followers take observers, and observers look for followers, so that"
                                + " the leader has less to send; the same port on all servers. 0:"
                                + " observers go to the leader."));
        rows.add(notYet("leaderServes", BOTH, TEXT, "A leader without clients."));
        for (var key :
                List.of(
                        "multiAddress.enabled",
                        "multiAddress.reachabilityCheckEnabled",
                        "multiAddress.reachabilityCheckTimeoutMs")) {
            rows.add(
                    none(
                            key,
                            FILE,
                            TEXT,
                            "Several addresses of a server are taken in any case, and all are"
                                    + " tried at once."));
        }
        for (var key :
                List.of(
                        "quorum.cnxn.threads.size",
                        "leader.ackLoggingFrequency",
                        "leader.closeSocketAsync",
                        "learner.closeSocketAsync",
                        "learner.asyncSending",
                        "leaderConnectDelayDuringRetryMs",
                        "forward_learner_requests_to_commit_processor_disabled",
                        "follower.skipLearnerRequestToNextProcessor",
                        "observer.reconnectDelayMs",
                        "observer.election.DelayMs",
                        "observerMaster.sizeLimit")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It tunes threads, sockets and pauses of the original's members."));
        }
        for (var key : List.of("leader.nodelay", "follower.nodelay")) {
            rows.add(none(key, JVM, TRUE_FALSE, "Packets between servers are never held back."));
        }
        rows.add(
                deprecated(
                        "electionAlg",
                        FILE,
                        TEXT,
                        "All algorithms but 3, fast leader election, were removed from the"
                                + " original. Delete the line."));
        return rows;
    }

    private static List<Setting> inner() {
        var rows = new ArrayList<Setting>();
        rows.add(
                none(
                        "serverCnxnFactory",
                        BOTH,
                        TEXT,
                        "There is one connection layer, with the system's own event interface where"
                                + " there is one."));
        for (var key :
                List.of(
                        "nio.numSelectorThreads",
                        "nio.numWorkerThreads",
                        "nio.directBufferBytes",
                        "nio.shutdownTimeout")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It tunes threads and buffers of the original's connection layer."));
        }
        for (var key :
                List.of(
                        "numWorkerThreads",
                        "maxReadBatchSize",
                        "maxCommitBatchSize",
                        "shutdownTimeout")) {
            rows.add(
                    none(
                            "commitProcessor." + key,
                            BOTH,
                            TEXT,
                            "There is no commit processor: one thread owns the tree."));
        }
        rows.add(
                none(
                        "intBufferStartingSizeBytes",
                        BOTH,
                        TEXT,
                        "Buffers find their size by themselves."));
        rows.add(
                deprecated(
                        "watchManagerName",
                        BOTH,
                        TEXT,
                        "There is one table of watches. It is compact, and knows every kind of"
                                + " watch."));
        for (var key :
                List.of(
                        "watcherCleanThreadsNum",
                        "watcherCleanThreshold",
                        "watcherCleanIntervalInSeconds",
                        "maxInProcessingDeadWatchers",
                        "bitHashCacheSize")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It tunes the original's optimized watch manager. Watches of a closed"
                                    + " connection are removed at once here."));
        }
        for (var key : List.of("log.*", "root.logger", "console.threshold")) {
            rows.add(
                    none(
                            key,
                            BOTH,
                            TEXT,
                            "It steers the original's own log files. Here the log goes to standard"
                                    + " error."));
        }
        for (var key :
                List.of(
                        "testingonly.initialZxid",
                        "test.allowDiscontinuousProposals",
                        "controllerPort")) {
            rows.add(none(key, BOTH, TEXT, "It serves the original's own tests."));
        }
        return rows;
    }

    private static Kind whole(long min, long max) {
        return new Kind.Whole(min, max, false);
    }

    private static Setting works(
            String key, Form form, Kind kind, String standard, String meaning) {
        return new Setting(key, form, kind, standard, Effect.WORKS, meaning);
    }

    private static Setting none(String key, Form form, Kind kind, String reason) {
        return new Setting(key, form, kind, "", Effect.NONE, reason);
    }

    private static Setting deprecated(String key, Form form, Kind kind, String reason) {
        return new Setting(key, form, kind, "", Effect.DEPRECATED, reason);
    }

    private static Setting notYet(String key, Form form, Kind kind, String what) {
        return new Setting(key, form, kind, "", Effect.NOT_YET, what);
    }

    private static Setting ensemble(
            String key, Form form, Kind kind, String standard, String meaning) {
        return new Setting(key, form, kind, standard, Effect.ENSEMBLE, meaning);
    }
}
