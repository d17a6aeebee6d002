package io.witan.zab;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;

/// Configurations for tests. Server n is at `10.0.0.n`.
public final class Ensembles {

    private Ensembles() {}

    /// Participants only.
    public static EnsembleConfig of(long... sids) {
        return parse(servers("participant", sids));
    }

    /// The text of that many members of one role, with newlines at the ends.
    public static String servers(String role, long... sids) {
        var text = new StringBuilder();
        for (long sid : sids) {
            text.append(
                    "server.%d=10.0.0.%d:2888:3888:%s;10.0.0.%d:2181\n"
                            .formatted(sid, sid, role, sid));
        }
        return text.toString();
    }

    public static EnsembleConfig parse(String text) {
        try {
            return EnsembleConfig.parse(text);
        } catch (ConfigTextException unreadable) {
            throw new IllegalArgumentException(text, unreadable);
        }
    }
}
