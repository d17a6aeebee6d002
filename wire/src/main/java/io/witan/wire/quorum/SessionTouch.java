package io.witan.wire.quorum;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A learner has heard of this session since the leader's last ping. The data of its PING is a row
/// of these, without a count (quorum, sections 4.1 and 4.9).
public record SessionTouch(long sessionId, int timeoutMillis) {

    private static final int BYTES = 12;

    public static List<SessionTouch> decode(byte @Nullable [] data) {
        if (data == null || data.length % BYTES != 0) {
            throw new DecodeException(
                    "PING of a learner with "
                            + (data == null ? "no data" : data.length + " bytes"));
        }
        JuteReader in = JuteReader.over(data);
        List<SessionTouch> touches = new ArrayList<>(data.length / BYTES);
        while (in.remaining() > 0) {
            touches.add(new SessionTouch(in.readLong(), in.readInt()));
        }
        return touches;
    }

    /// No touches are an empty array, never null: null ends the connection at a real leader.
    public static byte[] encode(List<SessionTouch> touches) {
        JuteWriter out = new JuteWriter(BYTES * touches.size());
        for (SessionTouch touch : touches) {
            out.writeLong(touch.sessionId()).writeInt(touch.timeoutMillis());
        }
        return out.toByteArray();
    }
}
