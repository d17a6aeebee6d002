package io.witan.tree;

/// What a znode's stored owner says about it (client-and-disk, section 3.7).
public enum OwnerKind {
    /// Owner 0: stays until it is deleted.
    PERSISTENT(0),
    /// Owned by a session, and deleted with it.
    EPHEMERAL(1),
    /// Deleted by the ensemble once it has had children and has none any more.
    CONTAINER(2),
    /// Deleted by the ensemble once it has no children and was not changed for its time to live.
    TTL(3);

    /// Stored owner of every container.
    public static final long CONTAINER_OWNER = 0x8000_0000_0000_0000L;

    /// First byte of the stored owner of a TTL znode; the two after it, the feature number, are 0.
    public static final long TTL_OWNER = 0xFF00_0000_0000_0000L;

    /// Longest time to live, in milliseconds: what fits into five bytes.
    public static final long TTL_MILLIS_MAX = (1L << 40) - 1;

    private static final OwnerKind[] BY_CODE = {PERSISTENT, EPHEMERAL, CONTAINER, TTL};

    /// Two bits, for [Znode].
    final int code;

    OwnerKind(int code) {
        this.code = code;
    }

    static OwnerKind ofCode(int code) {
        return BY_CODE[code];
    }

    /// The kind that a stored owner stands for.
    public static OwnerKind of(long owner, TreeSettings settings) {
        if (owner == 0) {
            return PERSISTENT;
        }
        if (owner == CONTAINER_OWNER) {
            return CONTAINER;
        }
        if (settings.extendedTypes()) {
            if (settings.emulate353Ttl() && owner < 0) {
                return TTL;
            }
            if ((owner & 0xFFFF_FF00_0000_0000L) == TTL_OWNER) {
                return TTL;
            }
        }
        return EPHEMERAL;
    }

    /// Whether the owner claims an extended type that nobody has defined; snapshots with such an
    /// owner are refused.
    public static boolean isUnknownExtendedType(long owner, TreeSettings settings) {
        return settings.extendedTypes()
                && !settings.emulate353Ttl()
                && (owner & TTL_OWNER) == TTL_OWNER
                && (owner & 0x00FF_FF00_0000_0000L) != 0;
    }

    /// Time to live of a TTL znode with this stored owner. An owner in the present format is read
    /// so also where that of 3.5.3 is emulated: a 3.9.4 server writes and expires it there too.
    public static long ttlMillis(long owner, TreeSettings settings) {
        boolean present = (owner & ~TTL_MILLIS_MAX) == TTL_OWNER;
        return present || !settings.emulate353Ttl()
                ? owner & TTL_MILLIS_MAX
                : owner & Long.MAX_VALUE;
    }
}
