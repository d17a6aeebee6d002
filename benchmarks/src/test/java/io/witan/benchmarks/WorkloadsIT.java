package io.witan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.witan.benchmarks.load.LoadGenerator;
import io.witan.benchmarks.machine.CpuTimes;
import io.witan.benchmarks.machine.Memory;
import io.witan.benchmarks.subject.ApacheZooKeeper;
import io.witan.benchmarks.subject.JvmFlags;
import io.witan.benchmarks.subject.ServerProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;

/// The generator checks error and length of every reply, so a workload that runs through against a
/// real server asks what it means to ask.
class WorkloadsIT {

    private static final Path APACHE = Path.of("apache").toAbsolutePath();

    @TempDir private static Path scratch;

    private static ServerProcess server;
    private static BenchTree tree;

    @BeforeAll
    static void start() {
        var apache =
                new ApacheZooKeeper(
                        APACHE.resolve("target/classpath.txt"), APACHE.resolve("logback.xml"));
        apache.check();
        server =
                ServerProcess.start(
                        apache,
                        scratch,
                        new JvmFlags("256m", false, List.of()),
                        ServerProcess.baseConfiguration());
        tree = BenchTree.build(server.address());
    }

    @AfterAll
    static void stop() {
        server.close();
        assertThat(scratch).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void a_real_server_answers_every_workload_as_expected(Workload workload) {
        for (var size : BenchTree.SIZES) {
            var run = tree.run(new Cell(workload, 2, 5, size));
            try (var load = LoadGenerator.connect(server.address(), 2)) {
                assertThatCode(
                                () -> {
                                    load.send(run::script, 5, 21);
                                    run.tidyUp(load);
                                })
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void what_the_server_used_can_be_read() {
        var before = CpuTimes.now(List.of(server.handle()));
        var memory = Memory.of(server.handle());
        var used = CpuTimes.now(List.of(server.handle())).since(before);

        assertThat(memory.liveHeapBytes()).isBetween(1_000_000L, 256_000_000L);
        assertThat(memory.residentBytes()).isGreaterThan(memory.liveHeapBytes());
        assertThat(used.serverMicros()).isPositive();
        assertThat(server.timeToFirstRead()).isPositive();
        assertThat(server.files()).isDirectoryContaining("glob:**log.*");
    }
}
