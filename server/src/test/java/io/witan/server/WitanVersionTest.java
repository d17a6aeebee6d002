package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WitanVersionTest {

    @Test
    void begins_with_the_release_that_it_speaks_like() {
        assertThat(WitanVersion.of("0.1.0", "2026-01-01T00:00:00Z").spoken())
                .isEqualTo("3.9.4-witan-0.1.0, built on 2026-01-01 00:00 UTC");
    }

    @Test
    void without_a_build_it_is_a_development_version() {
        assertThat(
                        WitanVersion.of("${project.version}", "${project.build.outputTimestamp}")
                                .spoken())
                .isEqualTo("3.9.4-witan-development, built on an unknown day");
    }

    @Test
    void the_build_writes_its_version_down() {
        assertThat(WitanVersion.read().name()).isNotEmpty();
    }
}
