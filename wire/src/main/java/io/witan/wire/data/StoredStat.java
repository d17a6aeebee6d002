package io.witan.wire.data;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// A znode's metadata as snapshots hold it: StatPersisted of the original (client-and-disk, section
/// 3.2). `cversion` is the number of creates below the znode and `ephemeralOwner` the stored owner
/// of section 3.7; both differ from what [Stat] shows to clients.
public record StoredStat(
        long czxid,
        long mzxid,
        long ctime,
        long mtime,
        int version,
        int cversion,
        int aversion,
        long ephemeralOwner,
        long pzxid) {

    /// Encoded size.
    public static final int BYTES = 60;

    /// The all-zero stat of the system znodes of an empty database (section 6.2).
    public static final StoredStat ZERO = new StoredStat(0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static StoredStat read(JuteReader in) {
        return new StoredStat(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readLong());
    }

    public void write(JuteWriter out) {
        out.writeLong(czxid).writeLong(mzxid).writeLong(ctime).writeLong(mtime);
        out.writeInt(version).writeInt(cversion).writeInt(aversion);
        out.writeLong(ephemeralOwner).writeLong(pzxid);
    }
}
