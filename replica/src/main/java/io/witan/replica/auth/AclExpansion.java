package io.witan.replica.auth;

import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

/// Bounds what entries of scheme `auth` can make of one request: each stands for all identities of
/// its connection, a list can hold sixty thousand of them, and a multi thousands of lists.
public final class AclExpansion {

    /// Together with a request of the longest frame this stays within what readers of the log
    /// accept for a transaction (client-and-disk, section 9.2).
    private static final int CHARACTERS_MAX = 256 << 10;

    /// What an entry takes beside its scheme and id.
    private static final int ENTRY_CHARACTERS = 12;

    private long characters;

    /// Nothing has been used of it yet.
    public AclExpansion() {}

    /// For the next request.
    public void reset() {
        characters = 0;
    }

    boolean hasRoomFor(Id id) {
        characters += ENTRY_CHARACTERS + length(id.scheme()) + length(id.id());
        return characters <= CHARACTERS_MAX;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
