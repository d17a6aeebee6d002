package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// The first frame of a client connection (client-and-disk, section 2.3).
///
/// @param timeOut requested session timeout in milliseconds
/// @param sessionId 0 for a new session
/// @param readOnly whether a read-only server will do
/// @param hasReadOnly false for clients of 3.3 and older, which do not send that byte; the response
///   then must not carry it either
public record ConnectRequest(
        int protocolVersion,
        long lastZxidSeen,
        int timeOut,
        long sessionId,
        byte @Nullable [] passwd,
        boolean readOnly,
        boolean hasReadOnly) {

    public static ConnectRequest read(JuteReader in) {
        int protocolVersion = in.readInt();
        long lastZxidSeen = in.readLong();
        int timeOut = in.readInt();
        long sessionId = in.readLong();
        byte @Nullable [] passwd = in.readBuffer();
        boolean hasReadOnly = in.remaining() > 0;
        boolean readOnly = hasReadOnly && in.readBoolean();
        return new ConnectRequest(
                protocolVersion, lastZxidSeen, timeOut, sessionId, passwd, readOnly, hasReadOnly);
    }

    public void write(JuteWriter out) {
        out.writeInt(protocolVersion).writeLong(lastZxidSeen).writeInt(timeOut);
        out.writeLong(sessionId).writeBuffer(passwd);
        if (hasReadOnly) {
            out.writeBoolean(readOnly);
        }
    }
}
