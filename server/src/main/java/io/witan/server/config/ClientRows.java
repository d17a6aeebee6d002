package io.witan.server.config;

import static io.witan.server.config.SettingRows.BOTH;
import static io.witan.server.config.SettingRows.FILE;
import static io.witan.server.config.SettingRows.HOST;
import static io.witan.server.config.SettingRows.INT_MAX;
import static io.witan.server.config.SettingRows.JVM;
import static io.witan.server.config.SettingRows.PORT;
import static io.witan.server.config.SettingRows.TRUE_FALSE;
import static io.witan.server.config.SettingRows.ensemble;
import static io.witan.server.config.SettingRows.none;
import static io.witan.server.config.SettingRows.notYet;
import static io.witan.server.config.SettingRows.whole;
import static io.witan.server.config.SettingRows.works;

import io.witan.server.config.Setting.Kind;

import java.util.List;

/// What concerns connections and sessions of clients, for [SettingTable].
final class ClientRows {

    private ClientRows() {}

    static List<Setting> listening() {
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

    static List<Setting> sessions() {
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

    static List<Setting> limits() {
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

    static List<Setting> throttles() {
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
}
