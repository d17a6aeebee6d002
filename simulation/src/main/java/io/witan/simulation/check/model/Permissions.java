package io.witan.simulation.check.model;

import io.witan.simulation.net.Host;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;
import io.witan.wire.data.Perms;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Who may do what to a znode (client-and-disk, section 4.2). The clients of a simulation are known
/// by their addresses and by nothing else.
public final class Permissions {

    private Permissions() {}

    /// Whether one of the permissions `needed` is the client's.
    static boolean allow(@Nullable List<Acl> acl, int needed, int client) {
        if (acl == null || acl.isEmpty()) {
            return true;
        }
        Id own = new Id("ip", Host.client(client).address());
        for (Acl entry : acl) {
            boolean isOfClient = entry.id().equals(Id.ANYONE) || entry.id().equals(own);
            if (isOfClient && (entry.perms() & needed) != 0) {
                return true;
            }
        }
        return false;
    }

    /// Whether the client may read it, and hear of its changes.
    public static boolean allowReading(@Nullable List<Acl> acl, int client) {
        return allow(acl, Perms.READ, client);
    }

    /// Whether the client may read its list.
    public static boolean allowReadingAcl(@Nullable List<Acl> acl, int client) {
        return allow(acl, Perms.READ | Perms.ADMIN, client);
    }
}
