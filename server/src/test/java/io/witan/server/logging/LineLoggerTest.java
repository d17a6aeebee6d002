package io.witan.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

class LineLoggerTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<String> problems = new ArrayList<>();

    private Logger logger(String name, String... keysAndLevels) {
        var properties = new Properties();
        for (int i = 0; i < keysAndLevels.length; i += 2) {
            properties.setProperty(keysAndLevels[i], keysAndLevels[i + 1]);
        }
        return new LineLoggers(
                        LogLevels.of(properties, problems::add),
                        new PrintStream(written, true, StandardCharsets.UTF_8))
                .getLogger(name);
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writes_a_line_an_event_with_time_level_and_place() {
        logger("io.witan.server.Something").warn("What happened: to={} times={}", "it", 3);

        assertThat(written())
                .matches(
                        "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} WARN Something - What happened: to=it times=3\\R");
    }

    @Test
    void the_time_has_all_its_digits() {
        var line = new StringBuilder();

        LineLogger.appendTime(line, LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6_999_999));

        assertThat(line).hasToString("2026-01-02 03:04:05,006");
    }

    @Test
    void what_was_thrown_stands_below() {
        logger("io.witan.A")
                .error("It failed: {}", "now", new IllegalStateException("because of this"));

        assertThat(written())
                .contains("ERROR A - It failed: now")
                .contains("\njava.lang.IllegalStateException: because of this")
                .contains("\tat io.witan.server.logging.LineLoggerTest");
    }

    @Test
    void values_given_by_name_stand_before_the_message() {
        logger("io.witan.A").atInfo().addKeyValue("epoch", 3).log("Leads");

        assertThat(written()).contains("INFO A - epoch=3 Leads");
    }

    @Test
    void without_being_told_it_is_INFO_of_Witan_and_WARN_of_others() {
        assertThat(logger("io.witan.server.A").isInfoEnabled()).isTrue();
        assertThat(logger("io.witan.server.A").isDebugEnabled()).isFalse();
        assertThat(logger("io.netty.A").isWarnEnabled()).isTrue();
        assertThat(logger("io.netty.A").isInfoEnabled()).isFalse();
        assertThat(logger("io.witanother.A").isInfoEnabled()).isFalse();
    }

    @Test
    void the_longest_name_decides() {
        String[] levels = {
            "witan.log", "error", "witan.log.io.witan", "debug", "witan.log.io.witan.server", "OFF"
        };

        assertThat(logger("io.netty.A", levels).isWarnEnabled()).isFalse();
        assertThat(logger("io.netty.A", levels).isErrorEnabled()).isTrue();
        assertThat(logger("io.witan.A", levels).isDebugEnabled()).isTrue();
        assertThat(logger("io.witan.server.A", levels).isErrorEnabled()).isFalse();
        assertThat(logger("io.witan.A", "witan.log", "trace").isTraceEnabled()).isTrue();
        assertThat(problems).isEmpty();
    }

    @Test
    void what_is_no_level_is_said_and_has_no_effect() {
        assertThat(logger("io.witan.A", "witan.log", "loud").isInfoEnabled()).isTrue();
        assertThat(problems)
                .containsExactly(
                        "-Dwitan.log=loud has no effect: a level is one of trace, debug, info, warn, error, off.");
    }

    @Test
    void a_setting_of_the_former_log_is_said_to_have_no_effect() {
        logger("io.witan.A", "org.slf4j.simpleLogger.log.io.witan", "debug");

        assertThat(problems).hasSize(1).first().asString().contains("-Dwitan.log.NAME=LEVEL");
    }
}
