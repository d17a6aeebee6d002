package io.witan.replica.auth;

import io.witan.tree.AclTable;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules of access control: who may do what (client-and-disk, section 4.2), and what a list
/// becomes when it is set (section 4.3).
public final class Access {

    /// Scheme of identities that every check lets pass.
    public static final String SUPER = "super";

    private static final String WORLD = "world";
    private static final String ANYONE = "anyone";
    private static final String AUTH = "auth";

    private final boolean skipAcl;
    private final Map<String, AuthProvider> providers = new TreeMap<>();

    /// @param skipAcl lets everybody do everything (`zookeeper.skipACL=yes`)
    public Access(boolean skipAcl, List<AuthProvider> providers) {
        this.skipAcl = skipAcl;
        for (AuthProvider provider : providers) {
            this.providers.put(provider.scheme(), provider);
        }
    }

    public @Nullable AuthProvider provider(@Nullable String scheme) {
        return scheme == null ? null : providers.get(scheme);
    }

    /// Whether a connection with `ids` has one of the permissions `needed` by the list `aclKey` of
    /// `acls`. The common case, a list open to anyone, costs one array access.
    public boolean allows(AclTable acls, int aclKey, int needed, List<Id> ids) {
        return (acls.anyonePerms(aclKey) & needed) != 0 || allows(acls.list(aclKey), needed, ids);
    }

    public boolean allows(@Nullable List<Acl> list, int needed, List<Id> ids) {
        if (skipAcl || list == null || list.isEmpty()) {
            return true;
        }
        for (int i = 0; i < list.size(); i++) {
            Acl acl = list.get(i);
            if ((acl.perms() & needed) != 0 && isAnyone(acl.id())) {
                return true;
            }
        }
        for (Id id : ids) {
            if (SUPER.equals(id.scheme())) {
                return true;
            }
        }
        for (Acl acl : list) {
            if ((acl.perms() & needed) != 0 && isOneOf(acl.id(), ids)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOneOf(Id wanted, List<Id> ids) {
        AuthProvider provider = provider(wanted.scheme());
        if (provider == null || wanted.id() == null) {
            return false;
        }
        for (Id id : ids) {
            if (id.scheme() != null
                    && id.id() != null
                    && id.scheme().equals(wanted.scheme())
                    && provider.matches(id.id(), wanted.id())) {
                return true;
            }
        }
        return false;
    }

    /// The list as it is stored when a connection with `ids` sets `requested`, or null if it is not
    /// a valid list, or `auth` entries make more of it than `expansion` allows.
    public @Nullable List<Acl> stored(
            @Nullable List<Acl> requested, List<Id> ids, AclExpansion expansion) {
        if (requested == null || requested.isEmpty()) {
            return null;
        }
        if (requested.size() == 1 && requested.get(0).equals(Acl.OPEN.get(0))) {
            return Acl.OPEN;
        }
        List<Acl> stored = new ArrayList<>(requested.size());
        Set<Acl> seen = new TreeSet<>(Access::compareContents);
        for (Acl acl : requested) {
            if (!seen.add(acl)) {
                continue;
            }
            Id id = acl.id();
            if (id.scheme() == null) {
                return null;
            } else if (id.scheme().equals(WORLD)) {
                if (!ANYONE.equals(id.id())) {
                    return null;
                }
                stored.add(acl);
            } else if (id.scheme().equals(AUTH)) {
                if (!addAuthenticated(acl.perms(), ids, stored, expansion)) {
                    return null;
                }
            } else {
                AuthProvider provider = provider(id.scheme());
                if (provider == null || id.id() == null || !provider.isValid(id.id())) {
                    return null;
                }
                stored.add(acl);
            }
        }
        return List.copyOf(stored);
    }

    private boolean addAuthenticated(
            int perms, List<Id> ids, List<Acl> stored, AclExpansion expansion) {
        boolean any = false;
        for (Id id : ids) {
            AuthProvider provider = provider(id.scheme());
            if (provider != null && provider.authenticates()) {
                if (!expansion.hasRoomFor(id)) {
                    return false;
                }
                stored.add(new Acl(perms, id));
                any = true;
            }
        }
        return any;
    }

    /// A list as a client without ADMIN may see it: the secrets of digest entries are masked.
    public static List<Acl> masked(List<Acl> list) {
        List<Acl> masked = new ArrayList<>(list.size());
        for (Acl acl : list) {
            String id = acl.id().id();
            int colon = id == null ? -1 : id.indexOf(':');
            if ("digest".equals(acl.id().scheme()) && id != null && colon >= 0) {
                masked.add(new Acl(acl.perms(), new Id("digest", id.substring(0, colon) + ":x")));
            } else {
                masked.add(acl);
            }
        }
        return masked;
    }

    private static boolean isAnyone(Id id) {
        return WORLD.equals(id.scheme()) && ANYONE.equals(id.id());
    }

    /// An order by content, and not a hash: clients can choose texts whose hashes are all equal.
    // Not by the methods of Comparator: what they make is not in the AOT cache (decision 0004).
    private static int compareContents(Acl one, Acl other) {
        int order = Integer.compare(one.perms(), other.perms());
        if (order == 0) {
            order = compareTexts(one.id().scheme(), other.id().scheme());
        }
        return order != 0 ? order : compareTexts(one.id().id(), other.id().id());
    }

    /// Null comes first.
    private static int compareTexts(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return Boolean.compare(one != null, other != null);
        }
        return one.compareTo(other);
    }
}
