package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ProcessFiguresTest {

    @TempDir Path self;

    @Test
    void counts_open_files_and_reads_their_limit() throws IOException {
        Files.createDirectories(self.resolve("fd/0"));
        Files.createDirectories(self.resolve("fd/1"));
        Files.writeString(
                self.resolve("limits"),
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95963                95963                processes
                Max open files            20000                1048576              files
                """);

        var figures = new ProcessFigures(self);

        assertThat(figures.openFileDescriptorCount()).isEqualTo(2);
        assertThat(figures.maxFileDescriptorCount()).isEqualTo(20000);
    }

    @Test
    void are_minus_one_where_the_system_does_not_tell() {
        var figures = new ProcessFigures(self.resolve("nothing"));

        assertThat(figures.openFileDescriptorCount()).isEqualTo(-1);
        assertThat(figures.maxFileDescriptorCount()).isEqualTo(-1);
    }
}
