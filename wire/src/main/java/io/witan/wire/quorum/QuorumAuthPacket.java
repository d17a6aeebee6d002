package io.witan.wire.quorum;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// One step of the SASL exchange that stands before everything else on a link whose servers
/// authenticate each other (quorum, sections 0.2 and 9.3).
///
/// ```
/// magic long | status int | token buffer
/// ```
public record QuorumAuthPacket(int status, byte @Nullable [] token) {

    public static final long MAGIC = 0x5f2435013501edccL;

    public static QuorumAuthPacket read(JuteReader in) {
        long magic = in.readLong();
        if (magic != MAGIC) {
            throw new DecodeException("no SASL packet: begins with 0x" + Long.toHexString(magic));
        }
        return new QuorumAuthPacket(in.readInt(), in.readBuffer());
    }

    public void write(JuteWriter out) {
        out.writeLong(MAGIC).writeInt(status).writeBuffer(token);
    }
}
