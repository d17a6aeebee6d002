package io.witan.server.config;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.Member;
import io.witan.wire.config.MemberSpec;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes the [EnsembleSettings] of a member of an ensemble from what an operator gave (quorum,
/// sections 1.1 to 1.5).
final class EnsembleReader {

    /// What would leave the ports open that an operator wants closed.
    private static final List<String> SECURITY_NOT_THERE =
            List.of("sslQuorum", "portUnification", "quorum.auth.enableSasl");

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
        long sid = sid(dataDir, members);
        return settings(sid, members, standaloneEnabled);
    }

    private EnsembleSettings settings(long sid, EnsembleConfig members, boolean standaloneEnabled) {
        int initLimit = limit("initLimit");
        int syncLimit = limit("syncLimit");
        int connectLimit = given.wholeOr("connectToLearnerMasterLimit", 0);
        int handshake = given.wholeOr("quorumCnxnTimeoutMs", -1);
        var oracle = given.textOr("oraclePath", "");
        boolean reconfigEnabled = given.textOr("reconfigEnabled", "").equalsIgnoreCase("true");
        return new EnsembleSettings(
                sid,
                members,
                null,
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
                        given.wholeOr("observerMasterPort", 0)),
                given.isTrue("readonlymode.enabled"));
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
        return given.keysLike("server.*").stream()
                .filter(key -> key.length() > 7 && Character.isDigit(key.charAt(7)))
                .toList();
    }

    private String places() {
        return String.join(", ", serverKeys().stream().map(given::place).toList());
    }

    /// So that each line with a mistake is named, not only the first.
    private boolean isServer(String key) {
        try {
            MemberSpec.parse(Long.parseLong(key.substring("server.".length())), given.text(key));
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
        } catch (IOException unreadable) {
            given.problem(
                    "dynamicConfigFile",
                    "cannot be read: " + unreadable.getMessage() + ". It lists the servers.");
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

    private long sid(Path dataDir, EnsembleConfig members) {
        var path = dataDir.resolve("myid");
        String text;
        try {
            text = Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException missing) {
            given.problem(
                    "%s cannot be read. It must hold the number of this server alone, one of those in the server lines: %s."
                            .formatted(path, members.members().keySet()));
            return -1;
        }
        var line = text.lines().findFirst().orElse("").strip();
        if (!line.matches("[0-9]{1,18}")) {
            given.problem("%s does not hold a number: %s".formatted(path, line));
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
