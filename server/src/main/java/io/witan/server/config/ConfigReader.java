package io.witan.server.config;

import io.witan.storage.LogSettings;
import io.witan.storage.RecoverySettings;
import io.witan.storage.SnapshotCompression;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// Makes a [ServerConfig] of what an operator gave: the arguments of `witan server`, the file they
/// name, and the properties of the JVM, which are passed in.
public final class ConfigReader {

    private static final String USAGE =
            """
            Usage: witan server [CONFIG]                                     a zoo.cfg, or nothing for port 2181 and ./data
                   witan server PORT DATADIR [TICKTIME [MAXCLIENTCNXNS]]     without a file\
            """;

    private final Map<String, String> jvmProperties;

    public ConfigReader(Map<String, String> jvmProperties) {
        this.jvmProperties = Map.copyOf(jvmProperties);
    }

    /// Reads what the arguments say.
    ///
    /// @throws UsageException there are too many of them, or one is an option
    /// @throws ConfigFileException the file cannot be read
    /// @throws InvalidConfigException a line or a value is wrong
    public LoadedConfig read(List<String> arguments) {
        refuseOptions(arguments);
        return switch (arguments.size()) {
            case 0 ->
                    load(
                            GivenSettings.of(Map.of("clientPort", "2181", "dataDir", "data")),
                            "defaults, no file");
            case 1 -> readFile(Path.of(arguments.get(0)));
            case 2, 3, 4 ->
                    load(bareArguments(arguments), "arguments " + String.join(" ", arguments));
            default ->
                    throw new UsageException(
                            "There are " + arguments.size() + " arguments.\n" + USAGE);
        };
    }

    /// The launcher takes those before CONFIG for the JVM's; -1 may be a number of connections.
    private static void refuseOptions(List<String> arguments) {
        for (var argument : arguments) {
            if (argument.startsWith("-") && !argument.matches("-[0-9]+")) {
                throw new UsageException(
                        "There is no option %s here. Options of the JVM, -D and -X, stand before the other arguments.%n%s"
                                .formatted(argument, USAGE));
            }
        }
    }

    private LoadedConfig readFile(Path path) {
        var given = new GivenSettings();
        given.addFile(ConfigFile.read(path));
        return load(given, path.toAbsolutePath().normalize().toString(), path);
    }

    /// The short form of the original, which knows no limit on connections unless it is given one.
    private static GivenSettings bareArguments(List<String> arguments) {
        if (!arguments.getFirst().matches("-?[0-9]+")) {
            throw new UsageException(
                    "%s is not a port, and of several arguments the first is the port; after a configuration file nothing follows.%n%s"
                            .formatted(arguments.getFirst(), USAGE));
        }
        var keys = List.of("clientPort", "dataDir", "tickTime", "maxClientCnxns");
        var values = new TreeMap<>(Map.of("maxClientCnxns", "0"));
        for (int i = 0; i < arguments.size(); i++) {
            values.put(keys.get(i), arguments.get(i));
        }
        return GivenSettings.of(values);
    }

    private LoadedConfig load(GivenSettings given, String source) {
        return load(given, source, null);
    }

    private LoadedConfig load(GivenSettings given, String source, @Nullable Path file) {
        given.addJvmProperties(jvmProperties);
        var config = config(given, file);
        // A server line with a mistake in it does not make a member, but does not mean to be alone.
        boolean isMember = config.ensemble() != null || !given.problems().isEmpty();
        given.explainWhatHasNoEffect(isMember);
        if (!given.problems().isEmpty()) {
            throw new InvalidConfigException(given.problems(), given.notices());
        }
        return new LoadedConfig(config, source, given.notices());
    }

    /// With defaults in place of whatever is a problem.
    static ServerConfig config(GivenSettings given) {
        return config(given, null);
    }

    private static ServerConfig config(GivenSettings given, @Nullable Path file) {
        var sessions = sessions(given);
        var storage = storage(given);
        var ensemble = new EnsembleReader(given, file, sessions).read(storage.dataDir());
        return new ServerConfig(
                clientPort(given, ensemble),
                sessions,
                limits(given),
                storage,
                auth(given),
                tree(given),
                words(given),
                ensemble);
    }

    private static ClientPortConfig clientPort(
            GivenSettings given, @Nullable EnsembleSettings ensemble) {
        if (ensemble != null) {
            var own = EnsembleReader.clientAddress(ensemble);
            if (own != null) {
                return memberPort(given, own);
            }
        }
        if (!given.has("clientPort")) {
            given.problem(
                    given.has("secureClientPort")
                            ? "clientPort is not given, and this version of Witan has no TLS port."
                                    + " Add a line such as clientPort=2181."
                            : "clientPort is not given. Add a line such as clientPort=2181.");
        }
        return new ClientPortConfig(
                address(given, given.wholeOr("clientPort", 2181)),
                given.whole("clientPortListenBacklog"),
                given.isTrue("clientTcpKeepAlive"),
                given.number("nio.sessionlessCnxnTimeout"));
    }

    /// The address in the member's own line; other keys must not say otherwise.
    private static ClientPortConfig memberPort(GivenSettings given, String own) {
        int colon = own.lastIndexOf(':');
        int port = Integer.parseInt(own.substring(colon + 1));
        if (given.has("clientPort") && given.wholeOr("clientPort", port) != port) {
            given.problem(
                    "clientPort", "is not the port in this server's own line, %d.".formatted(port));
        }
        var host = own.substring(0, colon).replace("[", "").replace("]", "");
        return new ClientPortConfig(
                new InetSocketAddress(host, port),
                given.whole("clientPortListenBacklog"),
                given.isTrue("clientTcpKeepAlive"),
                given.number("nio.sessionlessCnxnTimeout"));
    }

    private static InetSocketAddress address(GivenSettings given, int port) {
        var host = given.textOr("clientPortAddress", "");
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            given.problem(
                    "clientPortAddress",
                    "is not a name or an address that this machine can resolve.");
            return new InetSocketAddress(port);
        }
    }

    private static SessionConfig sessions(GivenSettings given) {
        int tickMillis = given.whole("tickTime");
        int minMillis = given.wholeOr("minSessionTimeout", -1);
        int maxMillis = given.wholeOr("maxSessionTimeout", -1);
        minMillis = minMillis < 1 ? 2 * tickMillis : minMillis;
        maxMillis = maxMillis < 1 ? 20 * tickMillis : maxMillis;
        if (minMillis > maxMillis) {
            given.problem(
                    "The smallest session time-out is above the largest: minSessionTimeout %d, maxSessionTimeout %d ms (-1 for"
                                    .formatted(minMillis, maxMillis)
                            + " 2 and for 20 times tickTime, which is "
                            + tickMillis
                            + ").");
            maxMillis = minMillis;
        }
        return new SessionConfig(
                tickMillis,
                minMillis,
                maxMillis,
                given.textOr("localSessionsEnabled", "").equalsIgnoreCase("true"),
                given.textOr("localSessionsUpgradingEnabled", "").equalsIgnoreCase("true"));
    }

    private static LimitsConfig limits(GivenSettings given) {
        int frameBytes = given.whole("jute.maxbuffer");
        return new LimitsConfig(
                new LimitsConfig.Frames(
                        frameBytes, given.wholeOr("jute.maxbuffer.extrasize", frameBytes)),
                new LimitsConfig.Connections(
                        Math.max(0, given.whole("maxClientCnxns")),
                        Math.max(0, given.whole("maxCnxns"))),
                new LimitsConfig.Requests(
                        given.whole("globalOutstandingLimit"),
                        given.whole("largeRequestThreshold"),
                        given.whole("largeRequestMaxBytes"),
                        given.number("witan.unsentReplyBytesMax")),
                new LimitsConfig.ConnectionThrottle(
                        given.whole("connection_throttle_tokens"),
                        given.whole("connection_throttle_fill_time"),
                        given.whole("connection_throttle_fill_count"),
                        given.whole("connection_throttle_freeze_time"),
                        given.fraction("connection_throttle_drop_increase"),
                        given.fraction("connection_throttle_drop_decrease"),
                        given.fraction("connection_throttle_decrease_ratio"),
                        given.isTrue("connection_throttle_weight_enabled"),
                        given.whole("connection_throttle_global_session_weight"),
                        given.whole("connection_throttle_local_session_weight"),
                        given.whole("connection_throttle_renew_session_weight")));
    }

    private static StorageConfig storage(GivenSettings given) {
        if (!given.has("dataDir")) {
            given.problem("dataDir is not given. Add a line such as dataDir=/var/lib/zookeeper.");
        }
        var dataDir = Path.of(given.textOr("dataDir", "data"));
        if (!given.isYes("forceSync")) {
            given.notice(
                    "%s: writes are acknowledged before they are on the disk. A power cut loses them."
                            .formatted(given.place("forceSync")));
        }
        return new StorageConfig(
                dataDir,
                Path.of(given.textOr("dataLogDir", dataDir.toString())),
                given.isTrue("datadir.autocreate"),
                new RecoverySettings(
                        given.isTrue("snapshot.trust.empty"), given.isTrue("db.autocreate")),
                new LogSettings(
                        kib(given.number("preAllocSize")),
                        kib(given.number("txnLogSizeLimitInKb")),
                        given.isYes("forceSync"),
                        given.isYes("witan.directLog"),
                        TimeUnit.MILLISECONDS.toNanos(given.number("fsync.warningthresholdms")),
                        LogSettings.DEFAULT.bufferBytes()),
                new StorageConfig.Snapshots(
                        given.whole("snapCount"),
                        !given.has("snapCount"),
                        kib(given.number("snapSizeLimitInKb")),
                        compression(given.text("snapshot.compression.method")),
                        given.isTrue("serializeLastProcessedZxid.enabled")),
                new StorageConfig.Purge(
                        given.whole("autopurge.snapRetainCount"),
                        Math.max(0, given.whole("autopurge.purgeInterval"))));
    }

    /// Below 0 is the original's way to say that there is no limit; ours is 0.
    private static long kib(long kib) {
        return Math.max(0, kib) * 1024;
    }

    private static SnapshotCompression compression(String keyword) {
        return Arrays.stream(SnapshotCompression.values())
                .filter(method ->
                        method.suffix().equalsIgnoreCase(keyword.isEmpty() ? "" : "." + keyword))
                .findFirst()
                .orElseThrow();
    }

    private static TreeConfig tree(GivenSettings given) {
        return new TreeConfig(
                given.isTrue("extendedTypesEnabled"),
                given.isTrue("emulate353TTLNodes"),
                given.isTrue("enforceQuota"),
                given.isTrue("digest.enabled"),
                given.isTrue("closeSessionTxn.enabled"),
                new TreeConfig.Containers(
                        given.whole("znode.container.checkIntervalMs"),
                        given.whole("znode.container.maxPerMinute"),
                        given.number("znode.container.maxNeverUsedIntervalMs")));
    }

    private static AuthConfig auth(GivenSettings given) {
        if (given.isYes("skipACL")) {
            given.notice(
                    "%s: access lists are ignored, anybody may do anything."
                            .formatted(given.place("skipACL")));
        }
        var superDigest = given.text("DigestAuthenticationProvider.superDigest");
        return new AuthConfig(
                given.isYes("skipACL"),
                requiredSchemes(given),
                new AuthConfig.Digest(
                        given.isTrue("DigestAuthenticationProvider.enabled"),
                        superDigest.isEmpty() ? null : superDigest,
                        digestAlgorithm(given)));
    }

    private static List<String> requiredSchemes(GivenSettings given) {
        if (given.isTrue("sessionRequireClientSASLAuth")) {
            given.problem(
                    "sessionRequireClientSASLAuth",
                    "would shut every client out: this version of Witan has no SASL.");
        }
        var schemes = list(given.text("enforce.auth.schemes"));
        if (!given.isTrue("enforce.auth.enabled")) {
            return List.of();
        }
        if (schemes.isEmpty()) {
            given.problem(
                    "enforce.auth.enabled",
                    "needs enforce.auth.schemes: a comma list of the schemes that will do.");
        }
        for (var scheme : schemes) {
            if (!scheme.equals("digest") && !scheme.equals("ip")) {
                given.problem(
                        "enforce.auth.schemes",
                        "has a scheme that this version of Witan does not know: %s. It knows digest and ip."
                                .formatted(scheme));
            }
        }
        return schemes;
    }

    private static String digestAlgorithm(GivenSettings given) {
        var algorithm = given.text("DigestAuthenticationProvider.digestAlg");
        try {
            return MessageDigest.getInstance(algorithm).getAlgorithm().isEmpty() ? "" : algorithm;
        } catch (NoSuchAlgorithmException e) {
            given.problem(
                    "DigestAuthenticationProvider.digestAlg",
                    "is not a message digest of this JDK. Try SHA1, SHA-256 or SHA-512.");
            return "SHA1";
        }
    }

    private static FourLetterConfig words(GivenSettings given) {
        return new FourLetterConfig(
                new TreeSet<>(list(given.text("4lw.commands.whitelist"))),
                given.isTrue("readonlymode.enabled"));
    }

    private static List<String> list(String commas) {
        return Arrays.stream(commas.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
