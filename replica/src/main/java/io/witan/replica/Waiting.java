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

    /// A write, which is answered when its transaction is applied.
    sealed interface Write extends Waiting {

        /// The request's type.
        int type();

        int xid();

        /// Who gets the answer; null for what the server does by itself, or for others.
        @Nullable ClientConnection connection();
    }

    /// A write that this server has proposed.
    record Proposed(
            Prepared prepared,
            int type,
            int xid,
            @Nullable ClientConnection connection,
            long sinceMillis,
            int frameBytes)
            implements Write {

        long zxid() {
            return prepared.header().zxid();
        }
    }

    /// A write that this server has handed on to the leader.
    record Forwarded(
            int type,
            int xid,
            @Nullable ClientConnection connection,
            long sinceMillis,
            int frameBytes)
            implements Write {}

    /// A request that is answered from the tree once the writes before it have been applied, with
    /// the identities that the connection had when it came.
    record Deferred(byte[] frame, List<Id> ids, long sinceMillis) implements Waiting {
        @Override
        public int frameBytes() {
            return frame.length;
        }
    }

    /// A write that is refused without a transaction, in its turn.
    record Refused(int type, int xid, int err, long sinceMillis, int frameBytes)
            implements Waiting {}

    /// A sync, answered once the ensemble has confirmed it.
    final class Sync implements Waiting {

        private final Deferred request;
        private boolean confirmed;
        private boolean isLeft;

        Sync(Deferred request) {
            this.request = request;
        }

        Deferred request() {
            return request;
        }

        boolean isConfirmed() {
            return confirmed;
        }

        void confirm() {
            confirmed = true;
        }

        /// Whether its connection has gone while it waited.
        boolean isLeft() {
            return isLeft;
        }

        void leave() {
            isLeft = true;
        }

        @Override
        public long sinceMillis() {
            return request.sinceMillis();
        }

        @Override
        public int frameBytes() {
            return request.frameBytes();
        }
    }
}
