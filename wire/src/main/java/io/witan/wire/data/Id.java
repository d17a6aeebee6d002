package io.witan.wire.data;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

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

    // By hand, as is hashCode: what a record has by itself is put together when it is first called,
    // which costs a starting server some milliseconds (decision 0004).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Id that
                && Objects.equals(scheme, that.scheme)
                && Objects.equals(id, that.id);
    }

    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(scheme) + Objects.hashCode(id);
    }
}
