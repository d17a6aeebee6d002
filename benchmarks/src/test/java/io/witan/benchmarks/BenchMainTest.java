package io.witan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class BenchMainTest {

    private static final int USAGE = 2;
    private static final int FAILED = 1;

    @TempDir private Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void help_names_every_workload_and_measurement() {
        assertThat(bench("--help")).isZero();

        assertThat(text(out)).contains(Workload.ids()).contains(Special.ids());
    }

    @Test
    void an_unknown_workload_is_named_with_the_known_ones() {
        assertThat(bench("--only", "getData,setDate")).isEqualTo(USAGE);

        assertThat(text(err)).contains("knows no setDate").contains("mix-90-10", "snapshot");
    }

    @Test
    void numbers_out_of_range_are_refused() {
        assertThat(bench("--repeat", "0")).isEqualTo(USAGE);
        assertThat(bench("--seconds", "0")).isEqualTo(USAGE);
        assertThat(bench("--connections", "0")).isEqualTo(USAGE);
        assertThat(bench("--connections", "1", "--bytes", "17")).isEqualTo(USAGE);
        assertThat(bench("--sessions", "0")).isEqualTo(USAGE);
        assertThat(bench("--minutes", "0")).isEqualTo(USAGE);
        assertThat(bench("--quiet-wait", "-1")).isEqualTo(USAGE);
        assertThat(bench("--against", "nobody")).isEqualTo(USAGE);
        assertThat(bench("--servers", "0")).isEqualTo(USAGE);
        assertThat(bench("--servers", "3", "--only", "znodes")).isEqualTo(USAGE);

        assertThat(text(err))
                .contains("--repeat must be at least 1, not 0")
                .contains("--seconds must be at least 1, not 0")
                .contains("--connections: 1 to 999")
                .contains("--bytes must be one of [100, 1024]")
                .contains("--sessions must be at least 1, not 0")
                .contains("--minutes must be at least 1, not 0")
                .contains("--quiet-wait must be at least 0, not -1")
                .contains("'nobody'")
                .contains("--servers: 1 to 7")
                .contains("with --servers only workloads");
    }

    @Test
    void outages_have_commands_with_numbers_of_their_own() {
        assertThat(bench("failover", "--rounds", "0")).isEqualTo(USAGE);
        assertThat(bench("rolling-restart", "--servers", "2")).isEqualTo(USAGE);
        assertThat(bench("failover", "--just", "witan")).isEqualTo(FAILED);

        assertThat(text(err))
                .contains("--rounds must be at least 1, not 0")
                .contains("--servers: an ensemble has 3 or more")
                .contains("witan is not there or cannot be executed");
    }

    @Test
    void scale_knows_its_dimensions() {
        assertThat(bench("scale", "--only", "znodes,size")).isEqualTo(USAGE);
        assertThat(bench("scale", "--seconds", "0")).isEqualTo(USAGE);
        assertThat(bench("scale", "--servers", "3")).isEqualTo(USAGE);
        assertThat(bench("scale", "--only", "watches")).isEqualTo(FAILED);

        assertThat(text(err))
                .contains("--only knows no size; it knows znodes, sessions, watches")
                .contains("--seconds must be at least 1, not 0")
                .contains("--servers: scale has ensembles of its own")
                .contains("witan is not there or cannot be executed");
    }

    @Test
    void stalls_are_told_for_each_processor() {
        assertThat(bench("stalls", "--seconds", "0")).isEqualTo(USAGE);
        assertThat(text(err)).contains("--seconds must be at least 1, not 0");

        assertThat(bench("stalls", "--seconds", "1")).isZero();
        assertThat(text(out))
                .contains("thread 1 of " + Runtime.getRuntime().availableProcessors())
                .contains("kept waiting");
    }

    @Test
    void a_heap_size_that_no_jvm_takes_is_refused() {
        assertThat(bench("--heap", "lots")).isEqualTo(FAILED);

        assertThat(text(err)).contains("heap size 'lots' is not like 512m or 2g");
    }

    @Test
    void missing_jars_of_Apache_are_named_with_the_way_to_get_them() throws IOException {
        assertThat(bench("--just", "apache")).isEqualTo(FAILED);
        assertThat(text(err))
                .contains("classpath.txt is not there")
                .contains("mvn -q -pl benchmarks/apache");

        var classPath = home.resolve("benchmarks/apache/target/classpath.txt");
        Files.createDirectories(classPath.getParent());
        Files.writeString(classPath, home.resolve("zookeeper.jar").toString());

        assertThat(bench("--just", "apache")).isEqualTo(FAILED);
        assertThat(text(err)).contains("zookeeper.jar, which");
    }

    @Test
    void a_home_without_a_launcher_is_refused() {
        assertThat(bench("--just", "witan")).isEqualTo(FAILED);

        assertThat(text(err)).contains("witan is not there or cannot be executed");
    }

    private int bench(String... arguments) {
        var all = new String[arguments.length + 1];
        all[0] = "--home=" + home;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return BenchMain.run(all, new PrintStream(out), new PrintStream(err));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
