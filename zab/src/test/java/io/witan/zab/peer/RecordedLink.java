package io.witan.zab.peer;

import io.witan.wire.data.Acl;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.QuorumPacketParser;
import io.witan.wire.quorum.SnapshotStreamParser;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A connection between two real servers, recorded: see `testdata/vectors/quorum/README.md`.
///
/// @param leaderSid of the server that was dialled
/// @param fromLearner all packets of the server that dialled
/// @param fromLeader all packets of the other one; snapshot streams are left out
record RecordedLink(long leaderSid, List<QuorumPacket> fromLearner, List<QuorumPacket> fromLeader) {

    private static final Pattern DIALLED = Pattern.compile("\\(dialled\\) -> server (\\d+)");

    /// @param name such as `learner/01-fresh-follower-diff-and-broadcast`
    static RecordedLink of(String name) {
        Path folder = folder();
        try {
            return new RecordedLink(
                    leaderSid(Files.readString(folder.resolve(name + ".txt"))),
                    packets(Files.readAllBytes(folder.resolve(name + ".c2s.bin"))),
                    packets(Files.readAllBytes(folder.resolve(name + ".s2c.bin"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long leaderSid(String description) {
        Matcher dialled = DIALLED.matcher(description);
        if (!dialled.find()) {
            throw new IllegalStateException("the description does not say who was dialled");
        }
        return Long.parseLong(dialled.group(1));
    }

    private static Path folder() {
        for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
            Path folder = above.resolve("testdata/vectors/quorum");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new IllegalStateException("testdata/vectors/quorum is not above this folder");
    }

    private static List<QuorumPacket> packets(byte[] bytes) {
        List<QuorumPacket> packets = new ArrayList<>();
        QuorumPacketParser parser = new QuorumPacketParser();
        int offset = 0;
        while (offset < bytes.length) {
            offset += parser.feed(bytes, offset, bytes.length - offset);
            QuorumPacket packet = parser.take();
            if (packet == null) {
                // The recording ended within a packet.
                break;
            }
            packets.add(packet);
            if (packet.type() == PacketType.SNAP) {
                offset += snapshotBytes(bytes, offset);
            }
        }
        return packets;
    }

    private static int snapshotBytes(byte[] bytes, int offset) {
        SnapshotStreamParser snapshot = new SnapshotStreamParser(new Nowhere());
        int length = snapshot.feed(bytes, offset, bytes.length - offset);
        if (!snapshot.isComplete()) {
            throw new IllegalStateException("the recording ends within a snapshot");
        }
        return length;
    }

    /// The first packet of that type.
    static QuorumPacket first(List<QuorumPacket> packets, int type) {
        return packets.stream().filter(packet -> packet.type() == type).findFirst().orElseThrow();
    }

    private static final class Nowhere implements SnapshotVisitor {

        @Override
        public void session(long id, int timeoutMillis) {}

        @Override
        public void acl(long key, @Nullable List<Acl> list) {}

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
                long pzxid) {}
    }
}
