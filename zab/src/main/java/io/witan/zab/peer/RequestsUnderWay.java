package io.witan.zab.peer;

import io.witan.wire.quorum.ForwardedRequest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What observers have asked of the leader through this server and what has not come back as a
/// transaction, of each observer in its order. The leader proposes in the order of arrival: with
/// the transaction of one request, those before it have had theirs, or will have none.
final class RequestsUnderWay {

    /// What a request takes beside its bytes.
    private static final int REQUEST_BYTES = 128;

    private record Request(long session, int cxid) {}

    private record Sized(Request request, int bytes) {}

    /// Of one observer.
    private static final class Queue {

        final Deque<Sized> requests = new ArrayDeque<>();

        /// The same, for looking up.
        final Set<Request> known = new LinkedHashSet<>();

        long bytes;

        void add(Sized sized) {
            requests.add(sized);
            known.add(sized.request);
            bytes += sized.bytes;
        }

        /// Of a request that was sent twice the first is meant.
        long removeUpTo(Request request) {
            long before = bytes;
            boolean found = !known.contains(request);
            while (!found) {
                Sized first = requests.remove();
                found = first.request.equals(request);
                known.remove(first.request);
                bytes -= first.bytes;
            }
            return before - bytes;
        }
    }

    /// By link.
    private final Map<Long, Queue> queues = new TreeMap<>();

    private long bytes;

    void forwarded(long link, ForwardedRequest request) {
        var sized =
                new Sized(
                        new Request(request.sessionId(), request.cxid()),
                        request.body().length + REQUEST_BYTES);
        queues.computeIfAbsent(link, _ -> new Queue()).add(sized);
        bytes += sized.bytes;
    }

    void delivered(byte[] txn) {
        if (bytes > 0) {
            var request = new Request(TxnBytes.client(txn), TxnBytes.cxid(txn));
            for (Queue queue : queues.values()) {
                bytes -= queue.removeUpTo(request);
            }
        }
    }

    void gone(long link) {
        Queue queue = queues.remove(link);
        if (queue != null) {
            bytes -= queue.bytes;
        }
    }

    /// Of all together.
    long bytes() {
        return bytes;
    }

    /// The link with the most; one of them if several have as much.
    long greediest() {
        long greediest = -1;
        long most = -1;
        for (var entry : queues.entrySet()) {
            if (entry.getValue().bytes > most) {
                most = entry.getValue().bytes;
                greediest = entry.getKey();
            }
        }
        return greediest;
    }
}
