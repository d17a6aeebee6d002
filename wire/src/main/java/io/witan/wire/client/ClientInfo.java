package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// One identity of a connection, as whoAmI shows it (client-and-disk, sections 3.2 and 3.10).
public record ClientInfo(@Nullable String authScheme, @Nullable String user) {

    /// Smallest encoding: two null strings.
    static final int BYTES_MIN = 8;

    public static ClientInfo read(JuteReader in) {
        return new ClientInfo(in.readString(), in.readString());
    }

    public void write(JuteWriter out) {
        out.writeString(authScheme).writeString(user);
    }
}
