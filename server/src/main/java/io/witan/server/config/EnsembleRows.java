package io.witan.server.config;

import static io.witan.server.config.SettingRows.BOTH;
import static io.witan.server.config.SettingRows.FILE;
import static io.witan.server.config.SettingRows.INT_MAX;
import static io.witan.server.config.SettingRows.JVM;
import static io.witan.server.config.SettingRows.PORT;
import static io.witan.server.config.SettingRows.TEXT;
import static io.witan.server.config.SettingRows.TRUE_FALSE;
import static io.witan.server.config.SettingRows.YES_NO;
import static io.witan.server.config.SettingRows.deprecated;
import static io.witan.server.config.SettingRows.ensemble;
import static io.witan.server.config.SettingRows.none;
import static io.witan.server.config.SettingRows.notYet;
import static io.witan.server.config.SettingRows.whole;
import static io.witan.server.config.SettingRows.wholeOrOff;

import java.util.ArrayList;
import java.util.List;

/// What concerns ensembles, for [SettingTable].
final class EnsembleRows {

    /// A leader is missed after a second and two heartbeats: with shorter ones hardly sooner, and
    /// each is a packet there and one back for every learner.
    private static final int HEARTBEAT_MILLIS_MIN = 20;

    private EnsembleRows() {}

    static List<Setting> ensembles() {
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
                        "witan.heartbeatMillis",
                        BOTH,
                        wholeOrOff(HEARTBEAT_MILLIS_MIN, 60_000),
                        "200",
                        "Witan's own. Where all participants are Witan servers, the leader is heard"
                                + " of so often, and missed after two of these times and a second"
                                + " more; 0 leaves it to syncLimit."));
        rows.add(
                ensemble(
                        "witan.idleLearnerMillis",
                        BOTH,
                        whole(0, 1_000),
                        "2",
                        "Witan's own. While the others are a quorum, the leader tells a server that"
                                + " has no clients what is proposed and committed up to so much"
                                + " later, many transactions at a time; 0 for at once."));
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
        rows.add(
                ensemble(
                        "leaderServes",
                        BOTH,
                        YES_NO,
                        "yes",
                        "`no`: while this server leads it takes no clients, and leaves them to the"
                                + " others."));
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
}
