package io.witan.wire.quorum;

import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Reads one direction of a quorum connection as a server would, and writes it again.
public final class StreamCopy {

    private final boolean fromLearnerMaster;
    private final QuorumPacketParser packets = new QuorumPacketParser();
    private final List<QuorumPacket> read = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final JuteWriter out = new JuteWriter();

    /// Behind a SNAP packet: what reads the stream, and what it is shown to.
    private @Nullable SnapshotStreamParser snapshot;

    private SnapshotCopy copy = new SnapshotCopy();

    public StreamCopy(boolean fromLearnerMaster) {
        this.fromLearnerMaster = fromLearnerMaster;
    }

    public void feed(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            done += feedOnce(bytes, offset + done, length - done);
        }
    }

    private int feedOnce(byte[] bytes, int offset, int length) {
        if (snapshot != null) {
            int consumed = snapshot.feed(bytes, offset, length);
            if (snapshot.isComplete()) {
                copy.write(out);
                snapshot = null;
            }
            return consumed;
        }
        int consumed = packets.feed(bytes, offset, length);
        QuorumPacket packet = packets.take();
        if (packet != null) {
            read.add(packet);
            starts.add(out.length());
            packet.write(out);
            if (fromLearnerMaster && packet.type() == PacketType.SNAP) {
                copy = new SnapshotCopy();
                snapshot = new SnapshotStreamParser(copy);
            }
        }
        return consumed;
    }

    /// Whether the stream stands between two packets.
    public boolean isAtEnd() {
        return snapshot == null && packets.isBetweenPackets();
    }

    public List<QuorumPacket> read() {
        return read;
    }

    /// The last snapshot.
    public SnapshotCopy snapshot() {
        return copy;
    }

    public byte[] written() {
        return out.toByteArray();
    }

    /// Each packet as recordings list them, the first one standing at `offset`.
    public List<String> listed(int offset) {
        List<String> listed = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            QuorumPacket packet = read.get(i);
            int end = i + 1 < read.size() ? starts.get(i + 1) : out.length();
            listed.add(
                    "%06x len=%d %s zxid=0x%x"
                            .formatted(
                                    offset + starts.get(i),
                                    end - starts.get(i),
                                    PacketType.name(packet.type()),
                                    packet.zxid()));
        }
        return listed;
    }
}
