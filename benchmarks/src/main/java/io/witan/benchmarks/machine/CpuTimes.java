package io.witan.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Stream;

/// CPU time used so far, by processes with all their threads and descendants, and by the machine.
///
/// @param serverMicros the servers' processes, all together
/// @param generatorMicros this process
/// @param machineMicros everything that ran on any core, this and the server included; time that
///   the hypervisor gave to somebody else counts too, because it was taken from us
/// @param wallMicros a clock
public record CpuTimes(
        long serverMicros, long generatorMicros, long machineMicros, long wallMicros) {

    /// `/proc` counts in ticks of USER_HZ, which is 100 on every architecture that runs a JDK.
    private static final long MICROS_PER_TICK = 1_000_000 / 100;

    public static CpuTimes now(Collection<ProcessHandle> servers) {
        return new CpuTimes(
                servers.stream().mapToLong(CpuTimes::treeMicros).sum(),
                processMicros(ProcessHandle.current().pid()),
                machineMicrosOf(read(Path.of("/proc/stat"))),
                System.nanoTime() / 1000);
    }

    public CpuTimes since(CpuTimes before) {
        return new CpuTimes(
                serverMicros - before.serverMicros,
                generatorMicros - before.generatorMicros,
                machineMicros - before.machineMicros,
                wallMicros - before.wallMicros);
    }

    /// The share of one core that neither the server nor the generator used: other programs, and
    /// the kernel's own work.
    public double otherCores() {
        return Math.max(0, (machineMicros - serverMicros - generatorMicros) / (double) wallMicros);
    }

    private static long treeMicros(ProcessHandle root) {
        return Stream.concat(Stream.of(root), root.descendants())
                .mapToLong(process -> processMicros(process.pid()))
                .sum();
    }

    private static long processMicros(long pid) {
        return processMicrosOf(read(Path.of("/proc/" + pid + "/stat")));
    }

    /// From a line of `/proc/PID/stat`: `pid (name) state ppid ... utime stime ...`. The name may
    /// hold spaces and parentheses, so counting starts behind the last one.
    static long processMicrosOf(String line) {
        var fields = line.substring(line.lastIndexOf(')') + 1).trim().split(" +");
        // utime and stime are fields 14 and 15 of the whole line; the state is field 3.
        return (Long.parseLong(fields[14 - 3]) + Long.parseLong(fields[15 - 3])) * MICROS_PER_TICK;
    }

    /// From `/proc/stat`: `cpu user nice system idle iowait irq softirq steal ...`.
    static long machineMicrosOf(String text) {
        var fields = text.lines().findFirst().orElseThrow().trim().split(" +");
        var ticks = 0L;
        for (var i = 1; i <= 8; i++) {
            var idle = i == 4 || i == 5;
            if (!idle) {
                ticks += Long.parseLong(fields[i]);
            }
        }
        return ticks * MICROS_PER_TICK;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + "; is the process gone?", e);
        }
    }
}
