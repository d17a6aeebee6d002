package io.witan.wire.data;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// A znode's metadata as clients see it (client-and-disk, sections 3.2 and 6.1). Times are
/// milliseconds since 1970.
public record Stat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        int dataLength,
        int numChildren,
        long pzxid) {

    /// Encoded size.
    public static final int BYTES = 68;

    public static Stat read(JuteReader in) {
        return new Stat(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readLong());
    }

    public void write(JuteWriter out) {
        out.writeLong(czxid).writeLong(mzxid).writeLong(ctime).writeLong(mtime);
        out.writeInt(version).writeInt(cversion).writeInt(aversion);
        out.writeLong(ephemeralOwner).writeInt(dataLength).writeInt(numChildren).writeLong(pzxid);
    }
}
