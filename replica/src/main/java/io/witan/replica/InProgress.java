package io.witan.replica;

import java.util.ArrayDeque;
import java.util.Set;

/// What clients have asked for and have no answer to. When it becomes too much, those who have
/// asked are not read from until it is less.
///
/// What has been handed on, to the log, to the leader or to the ensemble, counts until it comes
/// back, whether or not the one who asked is still there: it takes its memory until then, and who
/// asks for much, goes and comes again would find no bound.
final class InProgress {

    /// At so many times the limit of bytes in progress, connections without a request in progress
    /// are not read from either.
    private static final long ALL_PAUSED_FACTOR = 2;

    private final ReplicaSettings settings;

    /// All connections of the replica.
    private final Set<ClientConnection> connections;

    /// Connections that are not read from because too much is in progress, longest first.
    private final ArrayDeque<ClientConnection> paused = new ArrayDeque<>();

    // Over all connections.
    private int count;
    private int waitingConnections;
    private long bytes;
    private long largeBytes;

    InProgress(ReplicaSettings settings, Set<ClientConnection> connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /// Requests that have come and are not answered.
    int count() {
        return count;
    }

    /// Connections with requests that are not answered.
    int waitingConnections() {
        return waitingConnections;
    }

    /// Whether another request of `length` bytes can be taken in, as far as large ones are limited.
    boolean hasRoomFor(int length) {
        return settings.largeRequestBytes() < 0
                || length <= settings.largeRequestBytes()
                || largeBytes + length <= settings.largeRequestsBytesMax();
    }

    /// The request waits for its answer, behind those of the connection that wait already.
    void begin(ClientConnection c, Waiting waiting) {
        if (c.waiting.isEmpty()) {
            waitingConnections++;
        }
        c.waiting.addLast(waiting);
        count++;
        bytes += waiting.frameBytes();
        if (isLarge(waiting)) {
            largeBytes += waiting.frameBytes();
        }
        if (isTooMuch()) {
            pause(c);
        }
        if (bytes > ALL_PAUSED_FACTOR * settings.outstandingBytesMax()) {
            // Very many connections, each with one large request.
            connections.forEach(this::pause);
        }
    }

    /// The request is answered; it must be the connection's oldest.
    @SuppressWarnings("ReferenceEquality") // this very request, not one that looks like it
    void end(ClientConnection c, Waiting waiting) {
        Waiting first = c.waiting.pollFirst();
        if (first != waiting) {
            throw new IllegalStateException("answered out of order: " + waiting + ", " + first);
        }
        if (c.waiting.isEmpty()) {
            waitingConnections--;
        }
        release(waiting);
    }

    /// Nothing of the connection will be answered any more. What was handed on still comes back.
    void drop(ClientConnection c) {
        for (Waiting waiting : c.waiting) {
            switch (waiting) {
                case Waiting.Write _ -> {}
                case Waiting.Sync sync when !sync.isConfirmed() -> sync.leave();
                case Waiting.Sync _, Waiting.Deferred _, Waiting.Refused _ -> release(waiting);
            }
        }
        if (!c.waiting.isEmpty()) {
            waitingConnections--;
        }
        c.waiting.clear();
    }

    /// What a connection had asked for that is gone has come back, or will not any more.
    void cameBack(Waiting waiting) {
        release(waiting);
    }

    private void release(Waiting waiting) {
        count--;
        bytes -= waiting.frameBytes();
        if (isLarge(waiting)) {
            largeBytes -= waiting.frameBytes();
        }
    }

    private boolean isLarge(Waiting waiting) {
        return settings.largeRequestBytes() >= 0
                && waiting.frameBytes() > settings.largeRequestBytes();
    }

    private boolean isTooMuch() {
        return count > settings.outstandingMax() || bytes > settings.outstandingBytesMax();
    }

    private void pause(ClientConnection c) {
        if (!c.readingPaused) {
            c.readingPaused = true;
            paused.addLast(c);
            if (c.state != ClientConnection.State.OPENING) {
                c.link().pauseReading();
            }
        }
    }

    /// Reads again from those who were paused, if it is not too much any more.
    void resume() {
        while (!paused.isEmpty() && !isTooMuch()) {
            ClientConnection c = paused.removeFirst();
            c.readingPaused = false;
            readOn(c);
        }
    }

    /// Reads from the connection again, unless there is another reason not to.
    static void readOn(ClientConnection c) {
        if (c.state == ClientConnection.State.OPEN && !c.readingPaused) {
            c.link().resumeReading();
        }
    }
}
