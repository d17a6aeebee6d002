package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// What stands before the body of every reply and notification (client-and-disk, section 2.9).
///
/// @param xid of the request that this answers; see [Xid] for special ones
/// @param zxid last transaction applied where the reply was made; of a write, its own
/// @param err an [ErrorCode]; anything but 0 means that no body follows (a failed SASL step and a
///   refused multiRead excepted)
public record ReplyHeader(int xid, long zxid, int err) {

    public static final int BYTES = 16;

    public static ReplyHeader read(JuteReader in) {
        return new ReplyHeader(in.readInt(), in.readLong(), in.readInt());
    }

    public void write(JuteWriter out) {
        out.writeInt(xid).writeLong(zxid).writeInt(err);
    }
}
