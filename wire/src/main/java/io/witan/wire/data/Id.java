package io.witan.wire.data;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// Who: an identity within an authentication scheme. Both parts can be null on the wire; the rules
/// for setting ACLs refuse that later (client-and-disk, section 4.3).
public record Id(@Nullable String scheme, @Nullable String id) {

    public static final Id ANYONE = new Id("world", "anyone");

    public static Id read(JuteReader in) {
        return new Id(in.readString(), in.readString());
    }

    public void write(JuteWriter out) {
        out.writeString(scheme).writeString(id);
    }
}
