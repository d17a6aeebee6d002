package io.witan.wire.quorum;

import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What Witan's servers say to each other, beyond the original's protocol, about how often a leader
/// is to be heard of. It stands where the original's packets have no identities and nobody looks
/// for any: a learner says in its first packet that it heeds heartbeats, and the leader says in
/// pings to such learners after what time the next packet comes at the latest.
public final class Heartbeats {

    private static final String SCHEME = "witan-heartbeat";

    /// In FOLLOWERINFO and OBSERVERINFO: this learner heeds them.
    public static final List<Id> HEEDED = List.of(new Id(SCHEME, "heeded"));

    private Heartbeats() {}

    /// In PING: the next packet comes within so many milliseconds.
    public static List<Id> promise(int intervalMillis) {
        return List.of(new Id(SCHEME, Integer.toString(intervalMillis)));
    }

    /// Whether the sender of FOLLOWERINFO or OBSERVERINFO heeds heartbeats.
    public static boolean areHeeded(QuorumPacket info) {
        return HEEDED.equals(info.authinfo());
    }

    /// Within how many milliseconds the sender of a PING promises to send another; 0 if it does
    /// not, or not so that it can be understood.
    public static int promised(QuorumPacket ping) {
        List<Id> ids = ping.authinfo();
        if (ids == null || ids.size() != 1 || !SCHEME.equals(ids.get(0).scheme())) {
            return 0;
        }
        return millis(ids.get(0).id());
    }

    private static int millis(@Nullable String text) {
        try {
            return text == null ? 0 : Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }
}
