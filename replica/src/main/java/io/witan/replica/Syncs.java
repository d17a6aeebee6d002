package io.witan.replica;

import io.witan.zab.Agreement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What waits until the ensemble confirms that this server has everything that was committed when
/// it was asked.
final class Syncs {

    private final Replica replica;
    private final Agreement agreement;
    private final SyncTokens tokens;

    /// Syncs of clients, by token.
    private final Map<Long, Pending> pending = new TreeMap<>();

    /// Connections that wait for their sessions, by the token that was asked for all of them.
    private final Map<Long, List<ClientConnection>> opening = new TreeMap<>();

    /// Those that have come since; when an ensemble's clients all come back at once, they are asked
    /// for in crowds.
    private List<ClientConnection> next = new ArrayList<>();

    private record Pending(ClientConnection connection, Waiting.Sync sync) {}

    Syncs(Replica replica, Agreement agreement, SyncTokens tokens) {
        this.replica = replica;
        this.agreement = agreement;
        this.tokens = tokens;
    }

    /// A client's sync.
    void ask(ClientConnection c, Waiting.Sync sync) {
        replica.inProgress().begin(c, sync);
        long token = tokens.next();
        pending.put(token, new Pending(c, sync));
        agreement.sync(token);
    }

    /// The connection is to come to its session when this server is up to date.
    void askFor(ClientConnection c) {
        next.add(c);
        if (opening.isEmpty()) {
            askForNext();
        }
    }

    private void askForNext() {
        long token = tokens.next();
        opening.put(token, next);
        next = new ArrayList<>();
        agreement.sync(token);
    }

    void confirmed(long token) {
        List<ClientConnection> opened = opening.remove(token);
        if (opened != null) {
            if (!next.isEmpty()) {
                askForNext();
            }
            for (ClientConnection c : opened) {
                if (!c.isClosed()) {
                    replica.introduction().openedAfterAll(c);
                }
            }
            return;
        }
        Pending confirmed = pending.remove(token);
        if (confirmed != null && confirmed.sync().isLeft()) {
            replica.inProgress().cameBack(confirmed.sync());
        } else if (confirmed != null && !confirmed.connection().isClosed()) {
            confirmed.sync().confirm();
            replica.answers().serveDeferred(confirmed.connection());
        }
    }
}
