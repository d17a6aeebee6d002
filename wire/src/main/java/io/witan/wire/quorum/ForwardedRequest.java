package io.witan.wire.quorum;

import io.witan.wire.data.Id;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// A client's request on its way from a learner to the leader: what a REQUEST packet holds (quorum,
/// sections 4.1 and 4.11).
///
/// ```
/// session id long | cxid int | type int | body
/// ```
///
/// @param cxid the client's xid; 0 for requests that the server makes
/// @param type an [io.witan.wire.client.OpCode]
/// @param body the request's record as the client sent it, without its header
/// @param ids who the client is, as its server knows; null for requests that the server makes
public record ForwardedRequest(
        long sessionId, int cxid, int type, byte[] body, @Nullable List<Id> ids) {

    private static final int HEAD_BYTES = 16;

    /// The zxid field of a REQUEST packet.
    private static final long NO_ZXID = -1;

    /// What a REQUEST packet holds.
    public static ForwardedRequest of(QuorumPacket packet) {
        byte[] data = packet.dataNotNull();
        if (data.length < HEAD_BYTES) {
            throw new DecodeException("REQUEST of " + data.length + " bytes");
        }
        ByteBuffer head = ByteBuffer.wrap(data);
        return new ForwardedRequest(
                head.getLong(),
                head.getInt(),
                head.getInt(),
                Arrays.copyOfRange(data, HEAD_BYTES, data.length),
                packet.authinfo());
    }

    public QuorumPacket toPacket() {
        byte[] data =
                new JuteWriter(HEAD_BYTES + body.length)
                        .writeLong(sessionId)
                        .writeInt(cxid)
                        .writeInt(type)
                        .writeRaw(body, 0, body.length)
                        .toByteArray();
        return new QuorumPacket(PacketType.REQUEST, NO_ZXID, data, ids);
    }
}
