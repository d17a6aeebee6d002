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

    private static final byte[] OPEN_BYTES = bytesOf(OPEN);

    /// Smallest encoding: perms and two null strings.
    private static final int BYTES_MIN = 12;

    public static Acl read(JuteReader in) {
        return new Acl(in.readInt(), Id.read(in));
    }

    public void write(JuteWriter out) {
        out.writeInt(perms);
        id.write(out);
    }

    // By hand, as is hashCode: what a record has by itself is put together when it is first called,
    // which costs a starting server some milliseconds (decision 0004).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Acl that && perms == that.perms && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return 31 * perms + id.hashCode();
    }

    public static @Nullable List<Acl> readList(JuteReader in) {
        // Nearly every znode has this one: four strings less for each that is created or replayed.
        if (in.skip(OPEN_BYTES)) {
            return OPEN;
        }
        return in.readVector(BYTES_MIN, Acl::read);
    }

    private static byte[] bytesOf(List<Acl> list) {
        var out = new JuteWriter();
        writeList(out, list);
        return out.toByteArray();
    }

    public static void writeList(JuteWriter out, @Nullable List<Acl> list) {
        out.writeVector(list, (w, acl) -> acl.write(w));
    }
}
