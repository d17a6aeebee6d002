package io.witan.wire.election;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.HostPort;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import java.util.Arrays;
import java.util.List;

/// The first thing that the dialler of an election link says (quorum, section 2.3):
///
/// ```
/// protocol version long | sid long | length int | addresses, joined by "|"
/// ```
///
/// In an ancient form there is the sid alone. There is no frame; [#bytesNeeded] finds the end.
///
/// @param protocolVersion [#ANCIENT], [#V1] or [#V2]
/// @param sid of the dialler
/// @param addresses its own election addresses, `host:port`, as its configuration writes them; one
///   in [#V1], none in the ancient form
public record InitialMessage(long protocolVersion, long sid, List<String> addresses) {

    /// Where the place of the version holds the sid.
    public static final long ANCIENT = 0;

    /// One address.
    public static final long V1 = -65_536;

    /// One or several addresses.
    public static final long V2 = -65_535;

    /// An observer that does not tell its sid; whoever accepts it gives it a negative one.
    public static final long NAMELESS_OBSERVER = Long.MAX_VALUE;

    private static final int ADDRESS_BYTES_MAX = 2048;
    private static final int VERSION_BYTES = 8;
    private static final int HEAD_BYTES = 20;

    public InitialMessage {
        addresses = List.copyOf(addresses);
    }

    public byte[] encode() {
        JuteWriter out = new JuteWriter();
        if (protocolVersion == ANCIENT) {
            return out.writeLong(sid).toByteArray();
        }
        out.writeLong(protocolVersion).writeLong(sid).writeString(String.join("|", addresses));
        return out.toByteArray();
    }

    /// How many bytes the message has that begins there, as far as the `available` ones tell: it is
    /// whole if that is not more than `available`. The answer is never more than the message really
    /// has.
    public static int bytesNeeded(byte[] bytes, int offset, int available) {
        if (available < VERSION_BYTES) {
            return VERSION_BYTES;
        }
        JuteReader in = new JuteReader(Integer.MAX_VALUE).reset(bytes, offset, available);
        if (readVersion(in) == ANCIENT) {
            return VERSION_BYTES;
        }
        if (available < HEAD_BYTES) {
            return HEAD_BYTES;
        }
        in.readLong();
        return HEAD_BYTES + readLength(in);
    }

    /// Reads a whole message.
    public static InitialMessage decode(byte[] bytes, int offset, int length) {
        JuteReader in = new JuteReader(Integer.MAX_VALUE).reset(bytes, offset, length);
        long version = readVersion(in);
        InitialMessage message =
                version == ANCIENT
                        ? readAncient(in, offset)
                        : new InitialMessage(version, in.readLong(), readAddresses(in, version));
        if (in.remaining() > 0) {
            throw new DecodeException(
                    in.remaining() + " bytes behind the first message of an election link");
        }
        return message;
    }

    private static InitialMessage readAncient(JuteReader in, int offset) {
        in.position(offset);
        return new InitialMessage(ANCIENT, in.readLong(), List.of());
    }

    /// Versions are negative, so that they cannot be taken for a sid.
    private static long readVersion(JuteReader in) {
        long version = in.readLong();
        if (version >= 0) {
            return ANCIENT;
        }
        if (version != V1 && version != V2) {
            throw new DecodeException("unknown version " + version + " of the election protocol");
        }
        return version;
    }

    private static int readLength(JuteReader in) {
        int length = in.readInt();
        if (length < 1 || length > ADDRESS_BYTES_MAX) {
            throw new DecodeException("election addresses of " + length + " bytes");
        }
        return length;
    }

    private static List<String> readAddresses(JuteReader in, long version) {
        int length = readLength(in);
        if (length > in.remaining()) {
            throw new DecodeException("the first message of an election link is not whole");
        }
        String text = new String(in.bytes(), in.position(), length, UTF_8);
        in.position(in.position() + length);
        List<String> addresses =
                version == V1 ? List.of(text) : Arrays.asList(text.split("\\|", -1));
        for (String address : addresses) {
            try {
                HostPort.parse(address);
            } catch (ConfigTextException e) {
                throw new DecodeException("bad election address: " + e.getMessage());
            }
        }
        return addresses;
    }
}
