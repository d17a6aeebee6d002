package io.witan.wire.quorum;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// A client has come to a learner with a session of another server: the learner asks the leader
/// whether it lives. Both directions are REVALIDATE packets (quorum, sections 4.1 and 4.10).
public final class Revalidation {

    /// The zxid field of a REVALIDATE packet.
    private static final long NO_ZXID = -1;

    private Revalidation() {}

    /// Learner to leader.
    public record Question(long sessionId, int timeoutMillis) {

        private static final int BYTES = 12;

        public static Question decode(byte @Nullable [] data) {
            JuteReader in = Payloads.exactly(BYTES, data, "REVALIDATE of a learner");
            return new Question(in.readLong(), in.readInt());
        }

        public byte[] encode() {
            return new JuteWriter(BYTES).writeLong(sessionId).writeInt(timeoutMillis).toByteArray();
        }

        public QuorumPacket toPacket() {
            return new QuorumPacket(PacketType.REVALIDATE, NO_ZXID, encode());
        }
    }

    /// Leader to learner.
    public record Answer(long sessionId, boolean valid) {

        private static final int BYTES = 9;

        public static Answer decode(byte @Nullable [] data) {
            JuteReader in = Payloads.exactly(BYTES, data, "REVALIDATE of a leader");
            return new Answer(in.readLong(), in.readBoolean());
        }

        public byte[] encode() {
            return new JuteWriter(BYTES).writeLong(sessionId).writeBoolean(valid).toByteArray();
        }

        public QuorumPacket toPacket() {
            return new QuorumPacket(PacketType.REVALIDATE, NO_ZXID, encode());
        }
    }
}
