package io.witan.storage;

import io.witan.storage.testing.FakeDisk;
import io.witan.wire.data.Acl;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteWriter;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Small snapshots for tests.
final class Snapshots {

    private Snapshots() {}

    /// The stream of a tree with one session, one ACL and `znodes` znodes below the root.
    static byte[] stream(int znodes) {
        JuteWriter out = new JuteWriter();
        out.writeInt(1).writeLong(0x1234).writeInt(30_000);
        out.writeInt(1).writeLong(1);
        Acl.writeList(out, Acl.OPEN);
        znode(out, "", new byte[0]);
        Random random = new Random(znodes);
        for (int i = 0; i < znodes; i++) {
            byte[] data = new byte[random.nextInt(60)];
            random.nextBytes(data);
            znode(out, "/n" + i, data);
        }
        return out.toByteArray();
    }

    static SnapshotFile write(
            Disk disk, Path directory, long zxid, SnapshotCompression compression) {
        return write(disk, directory, zxid, compression, stream(5));
    }

    static SnapshotFile write(
            Disk disk, Path directory, long zxid, SnapshotCompression compression, byte[] stream) {
        try (SnapshotWriter writer = new SnapshotWriter(disk, directory, zxid, compression)) {
            int half = stream.length / 2;
            writer.write(stream, 0, half);
            writer.write(stream, half, stream.length - half);
            return writer.finish(trailer(zxid));
        }
    }

    static SnapshotTrailer trailer(long zxid) {
        return new SnapshotTrailer(new SnapshotTrailer.Digest(zxid, 2, zxid * 31), zxid);
    }

    /// What [Collected] makes of the stream.
    static List<String> znodes(byte[] stream) throws BadSnapshotException {
        FakeDisk disk = new FakeDisk();
        Path directory = Path.of("/x");
        disk.put(directory.resolve("y"), new byte[0]);
        SnapshotFile file = write(disk, directory, 1, SnapshotCompression.NONE, stream);
        Collected collected = new Collected();
        SnapshotReader.read(disk, file, collected, position -> {});
        return collected.znodes;
    }

    private static void znode(JuteWriter out, String path, byte[] data) {
        out.writeBuffer(path.getBytes(StandardCharsets.UTF_8)).writeBuffer(data).writeLong(1);
        StoredStat.ZERO.write(out);
    }
}
