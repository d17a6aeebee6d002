package io.witan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class BackgroundThreadTest {

    /// Of all numbers behind the name of the thread, which may hold anything.
    private static final int NICE = 16;

    @Test
    void waits_for_others_and_nobody_with_it() throws Exception {
        int before = nice();
        var background =
                new FutureTask<Integer>(() -> {
                    BackgroundThread.begin();
                    return nice();
                });
        Thread.ofPlatform().start(background);

        assertThat(background.get()).isGreaterThanOrEqualTo(10);
        assertThat(nice()).isEqualTo(before);
    }

    private static int nice() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[NICE]);
    }
}
