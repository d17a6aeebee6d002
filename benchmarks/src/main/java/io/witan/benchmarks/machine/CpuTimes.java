package io.witan.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// CPU time used so far, by processes with all their threads and descendants.
///
/// @param serverMicros the servers' processes, all together
/// @param generatorMicros this process
/// @param otherMicros all other processes, with those that have ended if their parents took note;
///   time that the hypervisor gave to somebody else counts too, because it was taken from us. The
///   kernel's own threads do not: what they do, they do for the servers, or for one of the others,
///   who then does something itself
/// @param wallMicros a clock
public record CpuTimes(long serverMicros, long generatorMicros, long otherMicros, long wallMicros) {

    /// `/proc` counts in ticks of USER_HZ, which is 100 on every architecture that runs a JDK.
    private static final long MICROS_PER_TICK = 1_000_000 / 100;

    /// The parent of all of the kernel's own threads.
    private static final long KERNEL = 2;

    private static final Path PROCESSES = Path.of("/proc");

    public static CpuTimes now(Collection<ProcessHandle> servers) {
        var ours = new HashSet<Long>();
        servers.forEach(server -> ours.addAll(treeOf(server)));
        var serverMicros = ours.stream().mapToLong(CpuTimes::processMicros).sum();
        var wallMicros = System.nanoTime() / 1000;
        var self = ProcessHandle.current().pid();
        var generatorMicros = processMicros(self);
        ours.add(self);
        return new CpuTimes(serverMicros, generatorMicros, othersMicros(ours), wallMicros);
    }

    public CpuTimes since(CpuTimes before) {
        return new CpuTimes(
                serverMicros - before.serverMicros,
                generatorMicros - before.generatorMicros,
                otherMicros - before.otherMicros,
                wallMicros - before.wallMicros);
    }

    /// The share of one core that neither the servers nor the generator used, but other programs.
    public double otherCores() {
        return Math.max(0, otherMicros / (double) wallMicros);
    }

    private static Set<Long> treeOf(ProcessHandle root) {
        var tree = new HashSet<Long>();
        tree.add(root.pid());
        root.descendants().forEach(child -> tree.add(child.pid()));
        return tree;
    }

    private static long processMicros(long pid) {
        return Stat.of(read(PROCESSES.resolve(Long.toString(pid)).resolve("stat"))).ownMicros();
    }

    private static long othersMicros(Set<Long> ours) {
        try (var all = Files.list(PROCESSES)) {
            return stolenMicrosOf(read(PROCESSES.resolve("stat")))
                    + all.filter(path -> isNumber(path.getFileName().toString()))
                            .filter(path ->
                                    !ours.contains(Long.parseLong(path.getFileName().toString())))
                            .flatMap(path -> ifThere(path.resolve("stat")).stream())
                            .mapToLong(line -> Stat.of(line).otherMicros())
                            .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + PROCESSES, e);
        }
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(Character::isDigit);
    }

    /// What `/proc/PID/stat` says of a process: `pid (name) state ppid ... utime stime cutime
    /// cstime ...`.
    ///
    /// @param ownTicks its threads'
    /// @param endedTicks those of its children that have ended
    record Stat(long pid, long parent, long ownTicks, long endedTicks) {

        /// The name may hold spaces and parentheses, so counting starts behind the last one.
        static Stat of(String line) {
            var fields = line.substring(line.lastIndexOf(')') + 1).trim().split(" +");
            return new Stat(
                    Long.parseLong(line.substring(0, line.indexOf(' '))),
                    field(fields, 4),
                    field(fields, 14) + field(fields, 15),
                    field(fields, 16) + field(fields, 17));
        }

        /// By its number in the whole line, of which the state is the third.
        private static long field(String[] fields, int number) {
            return Long.parseLong(fields[number - 3]);
        }

        long ownMicros() {
            return ownTicks * MICROS_PER_TICK;
        }

        long otherMicros() {
            return parent == KERNEL || pid == KERNEL
                    ? 0
                    : (ownTicks + endedTicks) * MICROS_PER_TICK;
        }
    }

    /// From `/proc/stat`: `cpu user nice system idle iowait irq softirq steal ...`.
    static long stolenMicrosOf(String text) {
        var fields = text.lines().findFirst().orElseThrow().trim().split(" +");
        return Long.parseLong(fields[8]) * MICROS_PER_TICK;
    }

    private static String read(Path file) {
        return ifThere(file)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "cannot read " + file + "; is the process gone?"));
    }

    private static Optional<String> ifThere(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
