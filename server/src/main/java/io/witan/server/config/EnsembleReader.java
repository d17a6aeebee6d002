package io.witan.server.config;

import io.witan.wire.config.Address;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.Member;
import io.witan.wire.config.MemberSpec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/// Makes the [EnsembleSettings] of a member of an ensemble from what an operator gave (quorum,
/// sections 1.1 to 1.5).
final class EnsembleReader {

    /// What would leave the ports open that an operator wants closed.
    private static final List<String> SECURITY_NOT_THERE =
            List.of("sslQuorum", "portUnification", "quorum.auth.enableSasl");

    private static final String SERVER = "server.";

    private final GivenSettings given;
    private final @Nullable Path file;
    private final SessionConfig sessions;

    /// @param file the static file; null if there is none
    EnsembleReader(GivenSettings given, @Nullable Path file, SessionConfig sessions) {
        this.given = given;
        this.file = file;
        this.sessions = sessions;
    }

    /// Null for a server that stands alone.
    @Nullable EnsembleSettings read(Path dataDir) {
        boolean standaloneEnabled =
                !given.textOr("standaloneEnabled", "").equalsIgnoreCase("false");
        EnsembleConfig members = members();
        if (members == null) {
            return null;
        }
        int participants = members.participants().size();
        if (standaloneEnabled && participants <= 1) {
            if (members.members().size() > 1) {
                given.problem(
                        "Observers need an ensemble to observe: there is one participant only. Add"
                                + " participants, or set standaloneEnabled=false.");
            } else {
                given.notice(
                        "Only one server is listed, %s: it runs as a standalone server, as it would in ZooKeeper."
                                .formatted(places()));
            }
            return null;
        }
        if (participants > 1 && participants % 2 == 0 && !members.isHierarchical()) {
            given.notice(
                    "The ensemble has %d participants. With one less it would survive the loss of as many servers."
                            .formatted(participants));
        }
        for (var key : SECURITY_NOT_THERE) {
            if (given.textOr(key, "").equalsIgnoreCase("true")) {
                given.problem(
                        key,
                        "is not in this version of Witan; the server does not start, because the ports"
                                + " between servers would be open. Take the line out if they are"
                                + " protected otherwise.");
            }
        }
        MemberPorts.problems(members, sid -> given.place("server." + sid)).forEach(given::problem);
        long sid = sid(dataDir, members);
        checkPart(sid, members);
        checkClientPort(sid, members);
        return settings(sid, members, standaloneEnabled);
    }

    private EnsembleSettings settings(long sid, EnsembleConfig members, boolean standaloneEnabled) {
        int initLimit = limit("initLimit");
        int syncLimit = limit("syncLimit");
        int connectLimit = given.wholeOr("connectToLearnerMasterLimit", 0);
        int handshake = given.wholeOr("quorumCnxnTimeoutMs", -1);
        var oracle = given.textOr("oraclePath", "");
        boolean reconfigEnabled = given.textOr("reconfigEnabled", "").equalsIgnoreCase("true");
        EnsembleConfig lastSeen = reconfigEnabled ? lastSeen(members) : null;
        boolean diskless =
                !observersWrite()
                        && members.observers().contains(sid)
                        && (lastSeen == null || !lastSeen.isParticipant(sid));
        return new EnsembleSettings(
                sid,
                members,
                lastSeen,
                reconfigEnabled ? file : null,
                initLimit,
                syncLimit,
                connectLimit > 0 ? connectLimit : initLimit,
                reconfigEnabled,
                standaloneEnabled,
                oracle.isEmpty() ? null : Path.of(oracle),
                new EnsembleSettings.Election(
                        given.textOr("quorumListenOnAllIPs", "").equalsIgnoreCase("true"),
                        given.wholeOr("cnxTimeout", 5_000),
                        handshake > 0 ? handshake : sessions.tickTimeMillis() * syncLimit,
                        given.wholeOr("electionPortBindRetry", 3),
                        given.textOr("tcpKeepAlive", "").equalsIgnoreCase("true"),
                        given.wholeOr("fastleader.minNotificationInterval", 200),
                        given.wholeOr("fastleader.maxNotificationInterval", 60_000)),
                new EnsembleSettings.Learners(
                        Math.max(500, given.wholeOr("commitLogCount", 500)),
                        given.textOr("forceSnapshotSync", "").equalsIgnoreCase("true"),
                        !given.textOr("snapshotSizeFactor", "0.33").startsWith("-"),
                        given.wholeOr("leader.maxConcurrentSnapSyncs", 10),
                        given.wholeOr("leader.maxConcurrentDiffSyncs", 100),
                        given.wholeOr("leader.maxTimeToWaitForEpoch", -1),
                        given.wholeOr("observerMasterPort", 0),
                        given.wholeOr("witan.heartbeatMillis", 200),
                        given.wholeOr("witan.idleLearnerMillis", 2)),
                given.isYes("leaderServes"),
                diskless,
                readOnlyMode(diskless));
    }

    /// A snapshot of the leader that breaks off leaves a server without a disk an empty tree.
    private boolean readOnlyMode(boolean diskless) {
        boolean asked = given.isTrue("readonlymode.enabled");
        if (asked && diskless) {
            given.notice(
                    "%s has no effect: this server is an observer that keeps nothing on disk (syncEnabled), and without a leader it may have nothing to be read."
                            .formatted(given.place("readonlymode.enabled")));
        }
        return asked && !diskless;
    }

    private boolean observersWrite() {
        String inFile = given.textOr("syncEnabled", "true");
        return given.textOr("observer.syncEnabled", inFile).equalsIgnoreCase("true");
    }

    private int limit(String key) {
        if (!given.has(key)) {
            given.problem(
                    "%s is not given, and an ensemble needs it. Add a line such as %s=%d."
                            .formatted(key, key, key.equals("initLimit") ? 10 : 5));
            return 10;
        }
        return given.wholeOr(key, 10);
    }

    // ---- members

    private @Nullable EnsembleConfig members() {
        var dynamic = given.textOr("dynamicConfigFile", "");
        if (!dynamic.isEmpty()) {
            if (!serverKeys().isEmpty()) {
                given.problem(
                        "dynamicConfigFile",
                        "names the file that lists the servers, and this file lists some, too: "
                                + places()
                                + ". Keep one of the two.");
            }
            return dynamicMembers(Path.of(dynamic));
        }
        List<String> lines = new ArrayList<>();
        boolean readable = true;
        for (var key : serverKeys()) {
            readable &= isServer(key);
            lines.add(key + "=" + given.text(key));
        }
        if (lines.isEmpty() || !readable) {
            return null;
        }
        for (var pattern : List.of("group.*", "weight.*")) {
            for (var key : given.keysLike(pattern)) {
                lines.add(key + "=" + given.text(key));
            }
        }
        try {
            return EnsembleConfig.parse(String.join("\n", lines));
        } catch (ConfigTextException wrong) {
            given.problem("The servers do not make an ensemble: " + wrong.getMessage() + ".");
            return null;
        }
    }

    private List<String> serverKeys() {
        return given.keysLike("server.*").stream().filter(EnsembleReader::namesServer).toList();
    }

    /// Other keys begin so, too.
    static boolean namesServer(String key) {
        return key.startsWith(SERVER)
                && key.length() > SERVER.length()
                && Character.isDigit(key.charAt(SERVER.length()));
    }

    private String places() {
        return String.join(", ", serverKeys().stream().map(given::place).toList());
    }

    /// So that each line with a mistake is named, not only the first.
    private boolean isServer(String key) {
        try {
            MemberSpec.parse(Long.parseLong(key.substring(SERVER.length())), given.text(key));
            return true;
        } catch (ConfigTextException wrong) {
            given.problem(key, "is not right: " + wrong.getMessage() + ".");
        } catch (NumberFormatException notAnId) {
            given.problem(key, "has no number after server.");
        }
        return false;
    }

    /// The version is the hexadecimal end of the file's name.
    private @Nullable EnsembleConfig dynamicMembers(Path path) {
        String text;
        try {
            text = Files.readString(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException missing) {
            given.problem(
                    "dynamicConfigFile",
                    "does not exist. It lists the servers, as server.N=host:port:port lines; write it,"
                            + " or take out this line and list them here.");
            return null;
        } catch (IOException unreadable) {
            given.problem(
                    "dynamicConfigFile",
                    "cannot be read: " + unreadable.getMessage() + ". It lists the servers.");
            return null;
        }
        if (!isDynamic(ConfigFile.parse(path, text))) {
            return null;
        }
        try {
            var name = path.getFileName().toString();
            var end = name.substring(name.lastIndexOf('.') + 1);
            long version = end.matches("[0-9a-fA-F]{1,16}") ? Long.parseUnsignedLong(end, 16) : 0;
            return EnsembleConfig.parse(text).withVersion(version);
        } catch (ConfigTextException wrong) {
            given.problem("dynamicConfigFile", "is not right: " + wrong.getMessage() + ".");
            return null;
        }
    }

    /// So that each line with a mistake is named.
    private boolean isDynamic(ConfigFile dynamic) {
        boolean right = true;
        var lineOf = new HashMap<String, Integer>();
        for (ConfigFile.Line line : dynamic.lines()) {
            var wrong = whatIsWrong(line, lineOf.put(line.key(), line.number()));
            if (wrong != null) {
                given.problem(
                        "%s, line %d: %s: %s"
                                .formatted(dynamic.path(), line.number(), line.text(), wrong));
                right = false;
            }
        }
        return right;
    }

    private static @Nullable String whatIsWrong(
            ConfigFile.Line line, @Nullable Integer earlierLine) {
        var key = line.key();
        var value = line.value();
        if (line.malformed() != null) {
            return "cannot be read, " + line.malformed() + ".";
        }
        if (value == null) {
            return "is not key=value.";
        }
        if (earlierLine != null) {
            return "line %d has %s, too.".formatted(earlierLine, key);
        }
        if (key.equals("version")) {
            return "the version is in the name of this file. Delete the line.";
        }
        if (namesServer(key)) {
            try {
                MemberSpec.parse(Long.parseLong(key.substring(SERVER.length())), value);
                return null;
            } catch (ConfigTextException wrong) {
                return wrong.getMessage() + ".";
            } catch (NumberFormatException notAnId) {
                return "there is no number after server.";
            }
        }
        return key.startsWith("group.") || key.startsWith("weight.")
                ? null
                : "only server., group. and weight. lines stand here. Move it to "
                        + "the file that names this one.";
    }

    /// A configuration that this server had heard of and not seen committed when it stopped, from
    /// the file that it keeps beside its own (quorum, section 1.5).
    private @Nullable EnsembleConfig lastSeen(EnsembleConfig members) {
        if (file == null) {
            return null;
        }
        Path path = file.resolveSibling(file.getFileName() + ".dynamic.next");
        try {
            EnsembleConfig next =
                    EnsembleConfig.parse(Files.readString(path, StandardCharsets.UTF_8));
            return Long.compareUnsigned(next.version(), members.version()) > 0 ? next : null;
        } catch (NoSuchFileException none) {
            return null;
        } catch (IOException unreadable) {
            given.problem("%s cannot be read: %s.".formatted(path, unreadable.getMessage()));
        } catch (ConfigTextException wrong) {
            given.problem(
                    "%s, which this server has written to remember a change of the ensemble, is not right: %s. If the other servers are there, delete it: they know."
                            .formatted(path, wrong.getMessage()));
        }
        return null;
    }

    // ---- this server

    private void checkPart(long sid, EnsembleConfig members) {
        var self = members.member(sid);
        var part = given.textOr("peerType", "");
        if (part.isEmpty() || self == null) {
            return;
        }
        var listed = self.role().text();
        if (!part.equalsIgnoreCase("participant") && !part.equalsIgnoreCase("observer")) {
            given.problem("peerType", "is neither participant nor observer.");
        } else if (!part.equalsIgnoreCase(listed)) {
            given.notice(
                    "%s says %s, %s says %s. The list of servers holds; correct one of the two."
                            .formatted(
                                    given.place("peerType"),
                                    part,
                                    given.place(SERVER + sid),
                                    listed));
        }
    }

    /// The client port of the static file; those in server lines are seen to by [MemberPorts].
    private void checkClientPort(long sid, EnsembleConfig members) {
        var self = members.member(sid);
        if (self == null || !given.has("clientPort")) {
            return;
        }
        int port = given.wholeOr("clientPort", 0);
        for (Address address : self.addresses()) {
            if (port != 0 && (port == address.quorumPort() || port == address.electionPort())) {
                given.problem(
                        "clientPort",
                        "is a port for other servers, too: %s. Give each a port of its own."
                                .formatted(given.place(SERVER + sid)));
            }
        }
    }

    private long sid(Path dataDir, EnsembleConfig members) {
        var path = dataDir.resolve("myid");
        String text;
        try {
            text = Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException missing) {
            given.problem(
                    "%s cannot be read. It must hold the number of this server alone, one of those in the server lines, %s: echo N > %s"
                            .formatted(path, members.members().keySet(), path));
            return -1;
        }
        var line = text.lines().findFirst().orElse("").strip();
        if (!line.matches("[0-9]{1,18}")) {
            given.problem(
                    "%s %s. It must hold the number of this server alone, one of those in the server lines, %s."
                            .formatted(
                                    path,
                                    line.isEmpty()
                                            ? "is empty, or begins with an empty line"
                                            : "does not hold a number: " + line,
                                    members.members().keySet()));
            return -1;
        }
        long sid = Long.parseLong(line);
        if (members.member(sid) == null) {
            given.problem(
                    "%s says that this is server %d, which is not among the servers: %s. Add server.%d, or correct the file."
                            .formatted(path, sid, members.members().keySet(), sid));
        }
        return sid;
    }

    /// Where clients of this member connect if the configuration of the ensemble says so.
    static @Nullable String clientAddress(EnsembleSettings ensemble) {
        Member self = ensemble.members().member(ensemble.sid());
        return self == null ? null : self.clientAddress();
    }
}
