package io.witan.wire.election;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// What servers tell each other in an election (quorum, section 3.1): a vote, the state of the
/// sender, and its configuration.
///
/// ```
/// state int | leader long | zxid long | electionEpoch long | peerEpoch long
/// version int | length int | configuration text                     (from version 2 on)
/// ```
///
/// On the wire an int with the length stands before it.
///
/// @param state of the sender: [#LOOKING], [#FOLLOWING], [#LEADING] or [#OBSERVING]
/// @param leader the sid voted for, or followed
/// @param zxid the last one of the server voted for
/// @param electionEpoch the round of the sender's election: its logical clock
/// @param peerEpoch the epoch of the server voted for
/// @param version of this message; 0 for those of old servers
/// @param configText the configuration in force at the sender, as text that may be anything; null
///   below version 2
public record Notification(
        int state,
        long leader,
        long zxid,
        long electionEpoch,
        long peerEpoch,
        int version,
        @Nullable String configText) {

    public static final int LOOKING = 0;
    public static final int FOLLOWING = 1;
    public static final int LEADING = 2;
    public static final int OBSERVING = 3;

    /// The version that carries a configuration; what is sent today.
    public static final int VERSION = 2;

    /// Longest message that is accepted on an election link (quorum, section 2.4).
    public static final int BYTES_MAX = 524_288;

    /// Up to electionEpoch: the oldest form.
    private static final int BYTES_MIN = 28;

    /// Up to version.
    private static final int VERSIONED_BYTES = 40;

    /// Up to the length of the configuration.
    private static final int HEAD_BYTES = 44;

    /// A notification of today's version.
    public Notification(
            int state,
            long leader,
            long zxid,
            long electionEpoch,
            long peerEpoch,
            String configText) {
        this(state, leader, zxid, electionEpoch, peerEpoch, VERSION, configText);
    }

    /// The message without the length that stands before it on the wire.
    public byte[] encode() {
        JuteWriter out = new JuteWriter(HEAD_BYTES);
        out.writeInt(state).writeLong(leader).writeLong(zxid);
        out.writeLong(electionEpoch).writeLong(peerEpoch).writeInt(version);
        if (version >= VERSION) {
            out.writeString(configText == null ? "" : configText);
        }
        return out.toByteArray();
    }

    /// Reads one message, or returns null if it is to be dropped. Never fails, whatever the bytes:
    /// the lengths that older servers send, and what real servers make of them, are in the table of
    /// section 3.1.
    public static @Nullable Notification decode(byte[] bytes, int offset, int length) {
        if (length < BYTES_MIN) {
            return null;
        }
        JuteReader in = new JuteReader(Integer.MAX_VALUE).reset(bytes, offset, length);
        int state = in.readInt();
        if (state < LOOKING || state > OBSERVING) {
            return null;
        }
        long leader = in.readLong();
        long zxid = in.readLong();
        long electionEpoch = in.readLong();
        if (length == BYTES_MIN) {
            return new Notification(state, leader, zxid, electionEpoch, zxid >> 32, 0, null);
        }
        if (length < VERSIONED_BYTES) {
            return null;
        }
        long peerEpoch = in.readLong();
        // With exactly 40 bytes the original does not look at the version.
        int version = length == VERSIONED_BYTES ? 0 : in.readInt();
        if (version < VERSION) {
            return new Notification(state, leader, zxid, electionEpoch, peerEpoch, version, null);
        }
        if (length < HEAD_BYTES) {
            return null;
        }
        int textBytes = in.readInt();
        if (textBytes < 0 || textBytes > in.remaining()) {
            return null;
        }
        String configText = new String(bytes, in.position(), textBytes, UTF_8);
        return new Notification(state, leader, zxid, electionEpoch, peerEpoch, version, configText);
    }

    /// The name of a state in ZooKeeper's logs and commands, or the number where there is none.
    public static String stateName(int state) {
        return switch (state) {
            case LOOKING -> "LOOKING";
            case FOLLOWING -> "FOLLOWING";
            case LEADING -> "LEADING";
            case OBSERVING -> "OBSERVING";
            default -> Integer.toString(state);
        };
    }
}
