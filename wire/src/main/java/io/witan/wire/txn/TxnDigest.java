package io.witan.wire.txn;

/// The digest of the whole tree after a transaction (client-and-disk, sections 8.3 and 8.4).
public record TxnDigest(int version, long treeDigest) {

    /// The only version in use.
    public static final int VERSION = 2;

    public static final int BYTES = 12;
}
