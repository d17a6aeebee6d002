package io.witan.wire.txn;

import org.jspecify.annotations.Nullable;

/// One transaction as it stands in a log record or a proposal.
public record LoggedTxn(TxnHeader header, Txn txn, @Nullable TxnDigest digest) {}
