package io.witan.wire.client;

import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Body of create, create2, createContainer and createTTL (client-and-disk, sections 3.1 and 3.5).
///
/// @param ttl milliseconds; only createTTL carries it, 0 otherwise
public record CreateRequest(
        byte @Nullable [] path,
        byte @Nullable [] data,
        @Nullable List<Acl> acl,
        int flags,
        long ttl) {

    public static CreateRequest read(JuteReader in, boolean withTtl) {
        return new CreateRequest(
                in.readBuffer(),
                in.readBuffer(),
                Acl.readList(in),
                in.readInt(),
                withTtl ? in.readLong() : 0);
    }

    public void write(JuteWriter out, boolean withTtl) {
        out.writeBuffer(path).writeBuffer(data);
        Acl.writeList(out, acl);
        out.writeInt(flags);
        if (withTtl) {
            out.writeLong(ttl);
        }
    }
}
