package io.witan.wire.data;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One entry of an access control list: what an [Id] may do. `perms` is a set of the bits in
/// [Perms]; other bits are stored and ignored (client-and-disk, section 4.1).
public record Acl(int perms, Id id) {

    /// `world:anyone` with all permissions.
    public static final List<Acl> OPEN = List.of(new Acl(Perms.ALL, Id.ANYONE));

    /// Smallest encoding: perms and two null strings.
    private static final int BYTES_MIN = 12;

    public static Acl read(JuteReader in) {
        return new Acl(in.readInt(), Id.read(in));
    }

    public void write(JuteWriter out) {
        out.writeInt(perms);
        id.write(out);
    }

    public static @Nullable List<Acl> readList(JuteReader in) {
        return in.readVector(BYTES_MIN, Acl::read);
    }

    public static void writeList(JuteWriter out, @Nullable List<Acl> list) {
        out.writeVector(list, (w, acl) -> acl.write(w));
    }
}
