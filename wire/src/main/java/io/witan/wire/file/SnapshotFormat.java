package io.witan.wire.file;

/// Numbers of a snapshot file (client-and-disk, section 9.4):
///
/// ```
/// header    magic int "ZKSN" | version int 2 | dbid long -1
/// sessions  count int, then id long | timeout int
/// ACLs      count int, then key long | vector<ACL>
/// znodes    path | data | ACL key long | StoredStat, parents first; the root's path is ""
/// end       string "/"
/// seal 1    Adler-32 of everything before it, long | string "/"
/// digest    zxid long | digest version int | tree digest long | seal 2     (may be missing)
/// zxid      last processed zxid long | seal 3                              (may be missing)
/// ```
public final class SnapshotFormat {

    public static final int MAGIC = 0x5A4B534E;
    public static final int VERSION = 2;
    public static final long DBID = -1;

    /// ACL key of the open ACL, which is not in the table.
    public static final long OPEN_ACL_KEY = -1;

    /// Checksum and the string "/".
    public static final int SEAL_BYTES = 13;

    /// Digest section with its seal.
    public static final int DIGEST_SECTION_BYTES = 33;

    /// Zxid section with its seal.
    public static final int ZXID_SECTION_BYTES = 21;

    private SnapshotFormat() {}
}
