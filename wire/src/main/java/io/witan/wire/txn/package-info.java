/// Transactions: what the log holds and what servers propose to each other. Start at [Txn].
@NullMarked
package io.witan.wire.txn;

import org.jspecify.annotations.NullMarked;
