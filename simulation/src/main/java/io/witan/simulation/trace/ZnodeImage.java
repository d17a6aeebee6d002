package io.witan.simulation.trace;

import io.witan.wire.data.Acl;
import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A znode as a census shows it.
public record ZnodeImage(byte @Nullable [] data, Stat stat, @Nullable List<Acl> acl) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ZnodeImage image
                && Arrays.equals(data, image.data)
                && stat.equals(image.stat)
                && Objects.equals(acl, image.acl);
    }

    @Override
    public int hashCode() {
        return stat.hashCode();
    }
}
