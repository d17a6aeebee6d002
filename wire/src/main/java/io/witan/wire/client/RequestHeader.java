package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// What stands before the body of every request but the first (client-and-disk, section 2.9).
///
/// @param xid the client's number for the request, echoed in the reply; see [Xid] for special ones
/// @param type an [OpCode]
public record RequestHeader(int xid, int type) {

    public static final int BYTES = 8;

    public static RequestHeader read(JuteReader in) {
        return new RequestHeader(in.readInt(), in.readInt());
    }

    public void write(JuteWriter out) {
        out.writeInt(xid).writeInt(type);
    }
}
