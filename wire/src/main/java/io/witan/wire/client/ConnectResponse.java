package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// The server's first frame: the session, or all zeros where there is none to be had
/// (client-and-disk, sections 2.3 and 2.8).
///
/// @param timeOut negotiated session timeout in milliseconds, 0 for a refusal
/// @param passwd always 16 bytes
/// @param hasReadOnly whether the request had its readOnly byte
public record ConnectResponse(
        int protocolVersion,
        int timeOut,
        long sessionId,
        byte[] passwd,
        boolean readOnly,
        boolean hasReadOnly) {

    /// "That session is gone, or was never yours."
    public static ConnectResponse refusal(boolean readOnly, boolean hasReadOnly) {
        return new ConnectResponse(0, 0, 0, new byte[SessionPassword.BYTES], readOnly, hasReadOnly);
    }

    public static ConnectResponse read(JuteReader in) {
        int protocolVersion = in.readInt();
        int timeOut = in.readInt();
        long sessionId = in.readLong();
        byte[] passwd = in.readBufferNotNull("passwd");
        boolean hasReadOnly = in.remaining() > 0;
        boolean readOnly = hasReadOnly && in.readBoolean();
        return new ConnectResponse(
                protocolVersion, timeOut, sessionId, passwd, readOnly, hasReadOnly);
    }

    public void write(JuteWriter out) {
        out.writeInt(protocolVersion).writeInt(timeOut).writeLong(sessionId).writeBuffer(passwd);
        if (hasReadOnly) {
            out.writeBoolean(readOnly);
        }
    }
}
