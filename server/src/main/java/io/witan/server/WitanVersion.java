package io.witan.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.regex.Pattern;

/// Which Witan this is, as the build wrote it down.
///
/// @param name `0.1.0`
/// @param built when, `2026-01-01 00:00 UTC`
record WitanVersion(String name, String built) {

    /// The release of Apache ZooKeeper whose protocols and formats this is. Scripts and clients
    /// parse the three numbers at the beginning of a version to learn what a server can do.
    private static final String SPOKEN = "3.9.4";

    /// As the build writes the time, in UTC.
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d)[0-9:.]*Z");

    static WitanVersion read() {
        var build = new Properties();
        try (var resource = WitanVersion.class.getResourceAsStream("version.properties")) {
            if (resource != null) {
                build.load(resource);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(build.getProperty("version", ""), build.getProperty("built", ""));
    }

    /// What a build that fills no placeholders in leaves is a development version.
    static WitanVersion of(String version, String built) {
        var time = TIME.matcher(built);
        return new WitanVersion(
                version.matches("[0-9].*") ? version : "development",
                time.matches() ? time.group(1) + " " + time.group(2) + " UTC" : "an unknown day");
    }

    /// As four-letter words show it: `3.9.4-witan-0.1.0, built on 2026-01-01 00:00 UTC`.
    String spoken() {
        return SPOKEN + "-witan-" + name + ", built on " + built;
    }
}
