package io.witan.interop.ensemble;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.data.Acl;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.QuorumPacketParser;
import io.witan.wire.quorum.SnapshotStreamParser;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Takes the packets out of a stream between a leader and a learner; of snapshots the znodes are
/// kept as text.
final class PacketReader {

    private final InputStream in;
    private final QuorumPacketParser parser = new QuorumPacketParser();
    private final List<String> znodes = new ArrayList<>();
    private int bytesRead;

    PacketReader(InputStream in) {
        this.in = in;
    }

    /// As [#znodes].
    static List<String> znodesOf(byte[] bytes) throws IOException {
        var reader = new PacketReader(new ByteArrayInputStream(bytes));
        while (reader.next() != null) {
            // Read over.
        }
        return reader.znodes();
    }

    static List<QuorumPacket> all(byte[] bytes) throws IOException {
        var reader = new PacketReader(new ByteArrayInputStream(bytes));
        List<QuorumPacket> packets = new ArrayList<>();
        for (var packet = reader.next(); packet != null; packet = reader.next()) {
            packets.add(packet);
        }
        return packets;
    }

    /// Up to the end of the last packet.
    int bytesRead() {
        return bytesRead;
    }

    /// Of all snapshots so far: everything but times, and permissions by the number that the
    /// snapshot gives them.
    List<String> znodes() {
        return znodes;
    }

    /// Null at the end of the stream.
    @Nullable QuorumPacket next() throws IOException {
        byte[] one = new byte[1];
        QuorumPacket packet = null;
        while (packet == null) {
            if (in.read(one) < 0) {
                return null;
            }
            bytesRead++;
            parser.feed(one, 0, 1);
            packet = parser.take();
        }
        if (packet.type() == PacketType.SNAP) {
            var snapshot = new SnapshotStreamParser(new Znodes());
            while (!snapshot.isComplete() && in.read(one) >= 0) {
                bytesRead++;
                snapshot.feed(one, 0, 1);
            }
        }
        return packet;
    }

    private final class Znodes implements SnapshotVisitor {

        @Override
        public void session(long id, int timeoutMillis) {
            znodes.add("session %x %d".formatted(id, timeoutMillis));
        }

        @Override
        public void acl(long key, @Nullable List<Acl> list) {
            znodes.add("permissions %d %s".formatted(key, list));
        }

        @Override
        public void znode(
                byte[] buffer,
                int pathOffset,
                int pathLength,
                int dataOffset,
                int dataLength,
                long aclKey,
                long czxid,
                long mzxid,
                long ctime,
                long mtime,
                int version,
                int cversion,
                int aversion,
                long ephemeralOwner,
                long pzxid) {
            znodes.add(
                    "%s data=%s permissions=%d czxid=%x mzxid=%x version=%d cversion=%d aversion=%d owner=%x pzxid=%x"
                            .formatted(
                                    new String(buffer, pathOffset, pathLength, UTF_8),
                                    dataLength < 0
                                            ? "null"
                                            : HexFormat.of()
                                                    .formatHex(
                                                            buffer,
                                                            dataOffset,
                                                            dataOffset + dataLength),
                                    aclKey,
                                    czxid,
                                    mzxid,
                                    version,
                                    cversion,
                                    aversion,
                                    ephemeralOwner,
                                    pzxid));
        }
    }
}
