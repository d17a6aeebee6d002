package io.witan.server.fourletter;

import io.witan.server.config.FourLetterConfig;
import io.witan.server.config.ServerConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Answers four-letter words. Called on the core thread.
public final class FourLetterWords {

    /// Beyond this an answer is cut off.
    static final int ANSWER_BYTES_MAX = 16 << 20;

    /// The mode of a member that serves readers without a leader.
    private static final String READ_ONLY = "read-only";

    private static final String NOT_SERVING =
            "This ZooKeeper instance is not currently serving requests";

    /// As `java.util.Date` prints itself, in any language.
    private static final String DATE = "EEE MMM dd HH:mm:ss zzz yyyy";

    /// What the original begins with: client requests, sessions, watches and whatever else has the
    /// bits 2, 16, 32, 256.
    private static final long TRACE_MASK_STANDARD = 0b100110010;

    private final ServerConfig config;
    private final FourLetterConfig allowed;
    private final Environment environment;
    private final String version;
    private final Supplier<ZoneId> zone;

    /// Kept for `gtmk` and `stmk`; there is no trace that it could select.
    private long traceMask = TRACE_MASK_STANDARD;

    /// @param zone in which `dump` shows times, asked when it does
    public FourLetterWords(ServerConfig config, Environment environment, Supplier<ZoneId> zone) {
        this.config = config;
        this.allowed = config.fourLetterWords();
        this.environment = environment;
        this.version = environment.version();
        this.zone = zone;
    }

    /// The text to send before the connection is closed.
    ///
    /// @param argument the [FourLetterWord#argumentLength] bytes after the word as a number, else 0
    public Answer answer(FourLetterWord word, long argument, ServerView server) {
        var answer = new Answer(ANSWER_BYTES_MAX);
        if (!allowed.allows(word.text())) {
            return answer.line(
                    word.text() + " is not executed because it is not in the whitelist.");
        }
        return switch (word) {
            case RUOK -> answer.add("imok");
            case ISRO -> answer.add(access(server));
            case ENVI -> environment(answer);
            case GTMK -> answer.add(traceMask);
            case STMK -> {
                traceMask = argument;
                yield answer.add(traceMask);
            }
            case HASH -> server.isServing() ? digests(answer, server) : answer.add(NOT_SERVING);
            case CONF, CONS, CRST, DIRS, DUMP, MNTR, SRST, SRVR, STAT, WCHC, WCHP, WCHS ->
                    server.isServing()
                            ? whileServing(word, answer, server)
                            : answer.line(NOT_SERVING);
        };
    }

    private static String access(ServerView server) {
        if (!server.takesClients()) {
            return "null";
        }
        return isReadOnly(server) ? "ro" : "rw";
    }

    private static boolean isReadOnly(ServerView server) {
        return server.mode().equals(READ_ONLY);
    }

    private Answer whileServing(FourLetterWord word, Answer answer, ServerView server) {
        return switch (word) {
            case CONF -> configuration(answer, server);
            case CONS -> connections(answer, server);
            case CRST -> {
                server.resetConnectionStats();
                yield answer.line("Connection stats reset.");
            }
            case DIRS ->
                    answer.line("datadir_size: " + server.dataDirBytes())
                            .line("logdir_size: " + server.logDirBytes());
            case DUMP -> dump(answer, server);
            case MNTR -> new MonitorText(answer).write(version, server);
            case SRST -> {
                server.resetServerStats();
                yield answer.line("Server stats reset.");
            }
            case SRVR -> figures(versionLine(answer, server), server);
            case STAT -> status(answer, server);
            case WCHC -> watchesBySession(answer, server);
            case WCHP -> watchesByPath(answer, server);
            case WCHS -> watchSummary(answer, server);
            case ENVI, GTMK, HASH, ISRO, RUOK, STMK ->
                    throw new IllegalArgumentException(word.text());
        };
    }

    private Answer environment(Answer answer) {
        answer.line("Environment:");
        environment.fixed().forEach((name, value) -> answer.line(name + "=" + value));
        var memory = environment.memory().get();
        return answer.line("os.memory.free=" + megabytes(memory[0]))
                .line("os.memory.max=" + megabytes(memory[1]))
                .line("os.memory.total=" + megabytes(memory[2]));
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "MB";
    }

    private Answer configuration(Answer answer, ServerView server) {
        var storage = config.storage();
        var ensemble = server.ensemble();
        answer.line("clientPort=" + config.clientPort().address().getPort())
                .line("secureClientPort=-1")
                .line("dataDir=" + versioned(storage.dataDir()))
                .line("dataDirSize=" + server.dataDirBytes())
                .line("dataLogDir=" + versioned(storage.logDir()))
                .line("dataLogSize=" + server.logDirBytes())
                .line("tickTime=" + config.sessions().tickTimeMillis())
                .line("maxClientCnxns=" + config.limits().connections().perAddressMax())
                .line("minSessionTimeout=" + config.sessions().timeoutMillisMin())
                .line("maxSessionTimeout=" + config.sessions().timeoutMillisMax())
                .line("clientPortListenBacklog=" + config.clientPort().backlogConnections())
                .line("serverId=" + (ensemble == null ? 0 : ensemble.sid()));
        return ensemble == null ? answer : membership(answer, ensemble);
    }

    /// As the original: limits and ports as given at the start, members as they are now.
    private Answer membership(Answer answer, EnsembleFigures ensemble) {
        var given = Objects.requireNonNull(config.ensemble(), "a member has settings");
        answer.line("initLimit=" + given.initLimit())
                .line("syncLimit=" + given.syncLimit())
                .line("electionAlg=3");
        var self = ensemble.config().member(ensemble.sid());
        if (self != null) {
            var address = self.addresses().getFirst();
            answer.line("electionPort=" + address.electionPort())
                    .line("quorumPort=" + address.quorumPort())
                    .line("peerType=" + (self.isParticipant() ? 0 : 1));
        }
        return answer.line("membership: ").line(ensemble.config().text());
    }

    private static Path versioned(Path directory) {
        return directory.toAbsolutePath().resolve("version-2");
    }

    private Answer versionLine(Answer answer, ServerView server) {
        answer.line("Zookeeper version: " + version);
        return isReadOnly(server)
                ? answer.line("READ-ONLY mode; serving only read-only clients")
                : answer;
    }

    private static Answer figures(Answer answer, ServerView server) {
        var traffic = server.traffic();
        answer.line(
                        "Latency min/avg/max: "
                                + traffic.latencyMinMillis()
                                + "/"
                                + MonitorText.rounded(traffic.latencyMeanMillis())
                                + "/"
                                + traffic.latencyMaxMillis())
                .line("Received: " + traffic.received())
                .line("Sent: " + traffic.sent())
                .line("Connections: " + server.connectionCount())
                .line("Outstanding: " + server.outstandingCount())
                .line("Zxid: 0x" + Long.toHexString(server.lastZxid()))
                .line("Mode: " + server.mode())
                .line("Node count: " + server.znodeCount());
        var ensemble = server.ensemble();
        var leader = ensemble == null ? null : ensemble.leader();
        return leader == null
                ? answer
                : answer.line("Proposal sizes last/min/max: " + leader.proposalSizes());
    }

    private Answer status(Answer answer, ServerView server) {
        versionLine(answer, server).line("Clients:");
        server.forEachConnection(connection -> connection(answer, connection, false));
        return figures(answer.endLine(), server);
    }

    private static Answer connections(Answer answer, ServerView server) {
        server.forEachConnection(connection -> connection(answer, connection, true));
        return answer.endLine();
    }

    private static void connection(Answer answer, ConnectionView connection, boolean inDetail) {
        var traffic = connection.traffic();
        answer.add(" ")
                .add(connection.remote().toString())
                .add(connection.reads() ? "[1]" : "[0]")
                .add("(queued=")
                .add(connection.outstanding())
                .add(",recved=")
                .add(traffic.received())
                .add(",sent=")
                .add(traffic.sent());
        var session = connection.session();
        if (inDetail && session != null) {
            session(answer, session, traffic);
        }
        answer.line(")");
    }

    private static void session(Answer answer, ConnectionView.Session session, Traffic traffic) {
        answer.add(",sid=").addHex(session.id());
        answer.add(",lop=").add(session.lastOperation() == null ? "NA" : session.lastOperation());
        answer.add(",est=").add(session.establishedWallMillis());
        answer.add(",to=").add(session.timeoutMillis());
        if (session.lastCxid() >= 0) {
            answer.add(",lcxid=").addHex(session.lastCxid());
        }
        answer.add(",lzxid=").addHex(session.lastZxid());
        answer.add(",lresp=").add(session.lastResponseMillis());
        answer.add(",llat=").add(session.lastLatencyMillis());
        answer.add(",minlat=").add(traffic.latencyMinMillis());
        answer.add(",avglat=").add((long) traffic.latencyMeanMillis());
        answer.add(",maxlat=").add(traffic.latencyMaxMillis());
    }

    /// Needs memory for every session and connection while it is made, as each has a place among
    /// those that end at the same time.
    private Answer dump(Answer answer, ServerView server) {
        answer.line("SessionTracker dump:");
        var sessions = new Buckets("Session Sets (");
        server.forEachSession((id, expiry) -> sessions.add(expiry, "0x" + Long.toHexString(id)));
        sessions.write(answer);

        answer.line("ephemeral nodes dump:");
        answer.line("Sessions with Ephemerals (" + server.ephemeralOwnerCount() + "):");
        server.forEachEphemeral(groupedBySession(answer, ":"));

        answer.line("Connections dump:");
        var connections = new Buckets("Connections Sets (");
        server.forEachConnection(connection ->
                connections.add(connection.expiryWallMillis(), remoteAndSession(connection)));
        connections.write(answer);
        return answer;
    }

    private static String remoteAndSession(ConnectionView connection) {
        var session = connection.session();
        return "ip: "
                + connection.remote()
                + " sessionId: 0x"
                + Long.toHexString(session == null ? 0 : session.id());
    }

    /// Lines by the time at which what they show comes to its end.
    private final class Buckets {

        private final String title;
        private final TreeMap<Long, List<String>> linesByWallMillis = new TreeMap<>();
        private int lines;

        Buckets(String title) {
            this.title = title;
        }

        void add(long wallMillis, String line) {
            linesByWallMillis.computeIfAbsent(wallMillis, _ -> new ArrayList<>()).add(line);
            lines++;
        }

        void write(Answer answer) {
            answer.line(title + linesByWallMillis.size() + ")/(" + lines + "):");
            var date = DateTimeFormatter.ofPattern(DATE, Locale.US).withZone(zone.get());
            linesByWallMillis.forEach((wallMillis, bucket) -> {
                var time = date.format(Instant.ofEpochMilli(wallMillis));
                answer.line(bucket.size() + " expire at " + time + ":");
                bucket.forEach(line -> answer.line("\t" + line));
            });
        }
    }

    private static Answer watchSummary(Answer answer, ServerView server) {
        var summary = server.watchSummary();
        return answer.line(
                        summary.connections()
                                + " connections watching "
                                + summary.paths()
                                + " paths")
                .line("Total watches:" + summary.watches());
    }

    private static Answer watchesBySession(Answer answer, ServerView server) {
        server.forEachWatchBySession(groupedBySession(answer, ""));
        return answer.endLine();
    }

    /// A session's line when it is another than before, then a path's.
    private static ServerView.PathVisitor groupedBySession(Answer answer, String afterSession) {
        return new ServerView.PathVisitor() {
            private boolean first = true;
            private long group;

            @Override
            public void path(long sessionId, byte[] path) {
                if (first || sessionId != group) {
                    answer.addHex(sessionId).line(afterSession);
                }
                first = false;
                group = sessionId;
                answer.add("\t").add(path).endLine();
            }
        };
    }

    private static Answer watchesByPath(Answer answer, ServerView server) {
        server.forEachWatchByPath(
                new ServerView.PathVisitor() {
                    private byte @Nullable [] group;

                    @Override
                    public void path(long sessionId, byte[] path) {
                        if (group == null || !java.util.Arrays.equals(group, path)) {
                            answer.add(path).endLine();
                            group = path.clone();
                        }
                        answer.add("\t").addHex(sessionId).endLine();
                    }
                });
        return answer.endLine();
    }

    private static Answer digests(Answer answer, ServerView server) {
        server.forEachDigest((zxid, digest) -> answer.line(Long.toHexString(zxid) + ": " + digest));
        return answer;
    }
}
