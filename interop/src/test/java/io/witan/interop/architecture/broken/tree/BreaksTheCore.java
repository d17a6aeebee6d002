package io.witan.interop.architecture.broken.tree;

import io.witan.interop.architecture.broken.wire.UsesTree;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Whatever the core must not do. `tree` may use `wire`, but not the command.
public final class BreaksTheCore {

    static int counter;

    private final Map<String, Integer> unordered = new HashMap<>();
    private @Nullable UsesTree cycle;
    private io.witan.interop.architecture.broken.cli.@Nullable Command command;

    synchronized long everything() {
        Thread.onSpinWait();
        System.out.println(Files.exists(Path.of("/")));
        counter++;
        return System.nanoTime()
                + new Random().nextInt()
                + System.identityHashCode(this)
                + unordered.size()
                + (cycle == null && command == null ? 1 : 0);
    }
}
