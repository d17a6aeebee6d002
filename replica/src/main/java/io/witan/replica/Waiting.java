package io.witan.replica;

import io.witan.replica.write.Prepared;
import io.witan.wire.data.Id;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A request that has not been answered yet; the requests of a connection are answered in the order
/// in which they came.
sealed interface Waiting {

    /// When the request came, by the core's clock.
    long sinceMillis();

    /// Length of its frame, 0 for what no client has sent.
    int frameBytes();

    /// A write that has been proposed.
    ///
    /// @param connection who gets the answer; null for what the server does by itself
    record Write(
            Prepared prepared,
            int type,
            int xid,
            @Nullable ClientConnection connection,
            long sinceMillis,
            int frameBytes)
            implements Waiting {

        long zxid() {
            return prepared.header().zxid();
        }
    }

    /// A request that is answered from the tree once the writes before it have been applied, with
    /// the identities that the connection had when it came.
    record Deferred(byte[] frame, List<Id> ids, long sinceMillis) implements Waiting {
        @Override
        public int frameBytes() {
            return frame.length;
        }
    }
}
