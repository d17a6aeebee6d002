package io.witan.replica.write;

import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnDigest;
import io.witan.wire.txn.TxnHeader;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A transaction that has its zxid and waits to be applied.
///
/// @param digest of the tree as it will be; null for failed writes and where digests are off
/// @param touched the pending znodes it changes, to be let go when it is applied
public record Prepared(
        TxnHeader header, Txn txn, @Nullable TxnDigest digest, List<PendingZnode> touched) {}
