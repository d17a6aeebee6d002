package io.witan.wire.quorum;

import io.witan.wire.data.Id;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One message between the leader and a learner (quorum, section 4.1):
///
/// ```
/// type int | zxid long | data buffer | authinfo vector<Id>
/// ```
///
/// What zxid and data mean depends on the [PacketType]. Neither the data nor the list is ever
/// changed after construction. Two packets with equal data in different arrays are not equal.
///
/// @param authinfo identities of the client whose request is forwarded; null in all other packets
///   of the original, see [Heartbeats]
public record QuorumPacket(
        int type, long zxid, byte @Nullable [] data, @Nullable List<Id> authinfo) {

    /// Encoded size without data and identities.
    public static final int BYTES_MIN = 20;

    /// Smallest identity: two null strings.
    static final int ID_BYTES_MIN = 8;

    /// A packet of these bytes and nobody's identity.
    public QuorumPacket(int type, long zxid, byte @Nullable [] data) {
        this(type, zxid, data, null);
    }

    /// A packet without data.
    public QuorumPacket(int type, long zxid) {
        this(type, zxid, null, null);
    }

    public static QuorumPacket read(JuteReader in) {
        return new QuorumPacket(
                in.readInt(),
                in.readLong(),
                in.readBuffer(),
                in.readVector(ID_BYTES_MIN, Id::read));
    }

    public void write(JuteWriter out) {
        out.writeInt(type).writeLong(zxid).writeBuffer(data);
        out.writeVector(authinfo, (w, id) -> id.write(w));
    }

    /// The data of a packet that must have some.
    public byte[] dataNotNull() {
        if (data == null) {
            throw new DecodeException(PacketType.name(type) + " without data");
        }
        return data;
    }

    /// Bytes of data, 0 for null.
    public int dataBytes() {
        return data == null ? 0 : data.length;
    }

    /// For reports: the type, the zxid in hex, and how many bytes of data there are.
    @Override
    public String toString() {
        return PacketType.name(type)
                + " 0x"
                + Long.toHexString(zxid)
                + (data == null ? "" : " (" + data.length + " bytes)")
                + (authinfo == null ? "" : " " + authinfo);
    }
}
