package io.witan.wire.txn;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// What stands before each transaction (client-and-disk, section 8.1).
///
/// @param clientId session id of the client that asked for it
/// @param cxid xid of that client's request, 0 for requests that servers make
/// @param time milliseconds since 1970, by the clock of the proposing server
/// @param type an [io.witan.wire.client.OpCode]
public record TxnHeader(long clientId, int cxid, long zxid, long time, int type) {

    public static final int BYTES = 32;

    public static TxnHeader read(JuteReader in) {
        return new TxnHeader(
                in.readLong(), in.readInt(), in.readLong(), in.readLong(), in.readInt());
    }

    public void write(JuteWriter out) {
        out.writeLong(clientId).writeInt(cxid).writeLong(zxid).writeLong(time).writeInt(type);
    }
}
