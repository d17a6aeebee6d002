package io.witan.wire.quorum;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// Who a learner is: the data of FOLLOWERINFO and OBSERVERINFO (quorum, section 4.2).
///
/// @param sid [#NO_SID] if it does not say
/// @param protocolVersion 0 if it does not say
/// @param configVersion version of the configuration in force there; 0 if it does not say
public record LearnerInfo(long sid, int protocolVersion, long configVersion) {

    /// The version that learners and leaders of ZooKeeper 3.4 and later speak.
    public static final int PROTOCOL_VERSION = 0x10000;

    /// A learner without a number of its own.
    public static final long NO_SID = -1;

    private static final int SID_BYTES = 8;
    private static final int PROTOCOL_BYTES = 12;
    private static final int BYTES = 20;

    /// Never fails: old learners send less, or nothing, and what newer ones may add is theirs.
    public static LearnerInfo decode(byte @Nullable [] data) {
        if (data == null || data.length < SID_BYTES) {
            return new LearnerInfo(NO_SID, 0, 0);
        }
        JuteReader in = JuteReader.over(data);
        long sid = in.readLong();
        int protocolVersion = data.length < PROTOCOL_BYTES ? 0 : in.readInt();
        long configVersion = data.length < BYTES ? 0 : in.readLong();
        return new LearnerInfo(sid, protocolVersion, configVersion);
    }

    public byte[] encode() {
        return new JuteWriter(BYTES)
                .writeLong(sid)
                .writeInt(protocolVersion)
                .writeLong(configVersion)
                .toByteArray();
    }
}
