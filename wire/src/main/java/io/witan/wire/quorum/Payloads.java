package io.witan.wire.quorum;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Data of packets that is not worth a record (quorum, section 4.1). For each there is one method
/// that makes it, and one of the same name, or two, that read it.
public final class Payloads {

    private static final int SID_BYTES = 8;

    private Payloads() {}

    /// LEADERINFO: the protocol version of the leader.
    public static byte[] protocolVersion(int version) {
        return new JuteWriter().writeInt(version).toByteArray();
    }

    public static int protocolVersion(byte @Nullable [] leaderInfo) {
        return exactly(4, leaderInfo, "LEADERINFO").readInt();
    }

    /// ACKEPOCH: the learner's currentEpoch; -1 if its word does not count, because it had accepted
    /// that epoch before.
    public static byte[] currentEpoch(int epoch) {
        return new JuteWriter().writeInt(epoch).toByteArray();
    }

    public static int currentEpoch(byte @Nullable [] ackEpoch) {
        return exactly(4, ackEpoch, "ACKEPOCH").readInt();
    }

    /// NEWLEADER: the text of the newest configuration that the leader has seen.
    public static byte[] configText(String text) {
        return text.getBytes(UTF_8);
    }

    /// Null if there is none, as from leaders of old.
    public static @Nullable String configText(byte @Nullable [] newLeader) {
        return newLeader == null ? null : new String(newLeader, UTF_8);
    }

    /// COMMITANDACTIVATE: the sid of the leader to be.
    public static byte[] designatedLeader(long sid) {
        return new JuteWriter().writeLong(sid).toByteArray();
    }

    public static long designatedLeader(byte @Nullable [] commitAndActivate) {
        return exactly(SID_BYTES, commitAndActivate, "COMMITANDACTIVATE").readLong();
    }

    /// INFORMANDACTIVATE: the sid of the leader to be, then the transaction.
    public static byte[] informAndActivate(long sid, byte[] txn) {
        return new JuteWriter(SID_BYTES + txn.length)
                .writeLong(sid)
                .writeRaw(txn, 0, txn.length)
                .toByteArray();
    }

    public static long informedLeader(byte @Nullable [] informAndActivate) {
        byte[] data = atLeastASid(informAndActivate);
        return JuteReader.over(data).readLong();
    }

    public static byte[] informedTxn(byte @Nullable [] informAndActivate) {
        byte[] data = atLeastASid(informAndActivate);
        return Arrays.copyOfRange(data, SID_BYTES, data.length);
    }

    private static byte[] atLeastASid(byte @Nullable [] data) {
        if (data == null || data.length < SID_BYTES) {
            throw new DecodeException("INFORMANDACTIVATE with " + size(data));
        }
        return data;
    }

    /// A reader over data that must have that many bytes.
    static JuteReader exactly(int length, byte @Nullable [] data, String what) {
        if (data == null || data.length != length) {
            throw new DecodeException(what + " with " + size(data) + " instead of " + length);
        }
        return JuteReader.over(data);
    }

    private static String size(byte @Nullable [] data) {
        return data == null ? "no data" : data.length + " bytes";
    }
}
