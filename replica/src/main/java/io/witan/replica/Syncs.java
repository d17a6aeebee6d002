package io.witan.replica;

import io.witan.zab.Agreement;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// What waits until the ensemble confirms that this server has everything that was committed when
/// it was asked.
final class Syncs {

    private final Replica replica;
    private final Agreement agreement;
    private final SyncTokens tokens;

    private final Map<Long, Pending> pending = new TreeMap<>();

    /// @param sync null where the connection itself waits for its session
    private record Pending(ClientConnection connection, Waiting.@Nullable Sync sync) {}

    Syncs(Replica replica, Agreement agreement, SyncTokens tokens) {
        this.replica = replica;
        this.agreement = agreement;
        this.tokens = tokens;
    }

    /// A client's sync.
    void ask(ClientConnection c, Waiting.Sync sync) {
        replica.inProgress().begin(c, sync);
        ask(new Pending(c, sync));
    }

    /// The connection is to come to its session when this server is up to date.
    void askFor(ClientConnection c) {
        ask(new Pending(c, null));
    }

    private void ask(Pending asked) {
        long token = tokens.next();
        pending.put(token, asked);
        agreement.sync(token);
    }

    void confirmed(long token) {
        Pending confirmed = pending.remove(token);
        if (confirmed == null || confirmed.connection().isClosed()) {
            return;
        }
        if (confirmed.sync() == null) {
            replica.introduction().openedAfterAll(confirmed.connection());
        } else {
            confirmed.sync().confirm();
            replica.serveDeferred(confirmed.connection());
        }
    }
}
