package io.witan.simulation.fault;

import io.witan.simulation.server.DiskSpeed;
import io.witan.simulation.server.SimServer;
import io.witan.simulation.world.Chance;
import io.witan.storage.testing.DiskFaults;
import io.witan.storage.testing.FakeDisk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Disks that refuse, are slow, or lose what they had.
final class DiskTrouble {

    private static final Path FILES = Path.of("/data/version-2");
    private static final int SECTOR_BYTES = 512;

    private final List<SimServer> servers;
    private final Chance chance;
    private final Lasting lasting;

    DiskTrouble(List<SimServer> servers, Chance chance, Lasting lasting) {
        this.servers = servers;
        this.chance = chance;
        this.lasting = lasting;
    }

    String failFlush() {
        SimServer server = chance.pick(servers);
        server.diskFaults(new FailOnce(chance.between(0, 5)));
        return "server " + server.sid();
    }

    /// One flush fails.
    private static final class FailOnce implements DiskFaults {

        private int left;

        FailOnce(int left) {
            this.left = left;
        }

        @Override
        public void before(Operation operation, Path path) throws IOException {
            if (operation == Operation.FORCE && left-- == 0) {
                throw new IOException("Input/output error");
            }
        }
    }

    String fill() {
        SimServer server = chance.pick(servers);
        FakeDisk disk = server.disk();
        disk.capacityBytes(Long.MAX_VALUE);
        long used = Long.MAX_VALUE - disk.usableSpace(FILES);
        disk.capacityBytes(used + chance.between(0L, 20_000L));
        long micros = (long) chance.magnitude(1_000_000, 60_000_000);
        lasting.endAfter(FaultKind.DISK_FULL, micros, () -> disk.capacityBytes(Long.MAX_VALUE));
        return "server %d for %d ms".formatted(server.sid(), micros / 1000);
    }

    String stall(DiskSpeed usual) {
        SimServer server = chance.pick(servers);
        long stall = (long) chance.magnitude(50_000, 10_000_000);
        server.diskSpeed(new DiskSpeed(stall, usual.forceMicrosMean(), 0, 1));
        long micros = (long) chance.magnitude(100_000, 30_000_000);
        lasting.endAfter(FaultKind.DISK_STALLS, micros, () -> server.diskSpeed(usual));
        return "server %d, %d ms each, for %d ms"
                .formatted(server.sid(), stall / 1000, micros / 1000);
    }

    /// Loses a sector in the middle of a log; its last part stays whole, because what is lost at
    /// the very end looks like a write that was never finished.
    @Nullable String damage(SimServer server) {
        FakeDisk disk = server.disk();
        List<Path> logs = new ArrayList<>();
        try {
            for (String name : disk.list(FILES)) {
                Path path = FILES.resolve(name);
                if (name.startsWith("log.") && lengthOfRecords(disk.content(path)) > 2048) {
                    logs.add(path);
                }
            }
        } catch (IOException e) {
            return null;
        }
        if (logs.isEmpty()) {
            return null;
        }
        Path path = chance.pick(logs);
        byte[] content = disk.content(path);
        int at = chance.between(0, lengthOfRecords(content) / 2 / SECTOR_BYTES) * SECTOR_BYTES;
        for (int i = at; i < at + SECTOR_BYTES && i < content.length; i++) {
            content[i] = (byte) chance.between(0, 256);
        }
        disk.put(path, content);
        server.mayLackData();
        return "%s at %d".formatted(path.getFileName(), at);
    }

    private static int lengthOfRecords(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    void end(SimServer server, DiskSpeed usual) {
        server.diskFaults(DiskFaults.NONE);
        server.diskSpeed(usual);
        server.disk().capacityBytes(Long.MAX_VALUE);
    }
}
