package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ProcessFiguresTest {

    @TempDir Path proc;

    @Test
    void counts_open_files_and_reads_their_limit() throws IOException {
        Path self = proc.resolve("self");
        Files.createDirectories(self.resolve("fd/0"));
        Files.createDirectories(self.resolve("fd/1"));
        Files.writeString(
                self.resolve("limits"),
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95963                95963                processes
                Max open files            20000                1048576              files
                """);

        var figures = new ProcessFigures(proc);

        assertThat(figures.openFileDescriptorCount()).isEqualTo(2);
        assertThat(figures.maxFileDescriptorCount()).isEqualTo(20000);
    }

    /// The process's name may have anything in it.
    @Test
    void tells_how_long_the_process_has_been_there() throws IOException {
        Path self = Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                self.resolve("stat"),
                "42 (a) b (c) S 1 42 42 0 -1 4194304 9 0 0 0 3 1 0 0 20 0 23 0 104050 1 2 3\n");
        Files.writeString(proc.resolve("uptime"), "1041.07 1999.99\n");

        assertThat(new ProcessFigures(proc).age()).hasMillis(570);
    }

    /// `/proc/uptime` may be a container's.
    @Test
    void asks_the_JDK_for_the_age_where_the_process_is_older_than_the_system() throws IOException {
        Path self = Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                self.resolve("stat"),
                "42 (java) S 1 42 42 0 -1 4194304 9 0 0 0 3 1 0 0 20 0 23 0 104050 1 2 3\n");
        Files.writeString(proc.resolve("uptime"), "41.07 1999.99\n");

        assertThat(new ProcessFigures(proc).age()).isPositive();
    }

    @Test
    void asks_the_JDK_for_the_age_where_the_system_does_not_tell() throws IOException {
        assertThat(new ProcessFigures(proc).age()).isPositive();

        Files.writeString(Files.createDirectories(proc.resolve("self")).resolve("stat"), "42");
        assertThat(new ProcessFigures(proc).age()).isPositive();
    }

    @Test
    void are_minus_one_where_the_system_does_not_tell() {
        var figures = new ProcessFigures(proc.resolve("nothing"));

        assertThat(figures.openFileDescriptorCount()).isEqualTo(-1);
        assertThat(figures.maxFileDescriptorCount()).isEqualTo(-1);
    }
}
