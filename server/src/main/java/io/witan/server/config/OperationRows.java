package io.witan.server.config;

import static io.witan.server.config.SettingRows.BOTH;
import static io.witan.server.config.SettingRows.FILE;
import static io.witan.server.config.SettingRows.JVM;
import static io.witan.server.config.SettingRows.TEXT;
import static io.witan.server.config.SettingRows.TRUE_FALSE;
import static io.witan.server.config.SettingRows.deprecated;
import static io.witan.server.config.SettingRows.none;
import static io.witan.server.config.SettingRows.notYet;
import static io.witan.server.config.SettingRows.works;

import io.witan.server.config.Setting.Kind;

import java.util.ArrayList;
import java.util.List;

/// What operators ask a running server with, for [SettingTable].
final class OperationRows {

    private OperationRows() {}

    static List<Setting> operations() {
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
                        "A member of an ensemble that has no leader serves readers who allow it. A"
                                + " standalone server is never read-only. With `true` the word `isro`"
                                + " is answered."));
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
}
