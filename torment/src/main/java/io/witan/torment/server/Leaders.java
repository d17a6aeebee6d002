package io.witan.torment.server;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Asks all servers again and again who they are, so that faults can be aimed and the run be shown.
/// A thread of its own; any thread may ask what it has heard.
public final class Leaders implements AutoCloseable {

    private static final long PAUSE_NANOS = 500_000_000;

    private final Ensemble ensemble;
    private final LongSupplier nowMicros;
    private final Listener listener;
    private final Thread thread;
    private volatile SortedMap<Long, String> modes = new TreeMap<>();
    private volatile boolean isOver;

    /// Hears what was found, in the thread that asks.
    public interface Listener {

        /// @param askedMicros when it began to ask
        /// @param leader the one server that said it leads; null if none or several did
        void heard(long askedMicros, long answeredMicros, @Nullable Long leader);
    }

    public Leaders(Ensemble ensemble, LongSupplier nowMicros, Listener listener) {
        this.ensemble = ensemble;
        this.nowMicros = nowMicros;
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("leaders").start(this::run);
    }

    private void run() {
        while (!isOver) {
            long asked = nowMicros.getAsLong();
            SortedMap<Long, String> found = new TreeMap<>();
            for (ServerProcess server : ensemble.servers()) {
                found.put(server.sid(), mode(server.ask("srvr")));
            }
            modes = found;
            listener.heard(asked, nowMicros.getAsLong(), leader());
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String mode(String answer) {
        return answer.lines()
                .filter(line -> line.startsWith("Mode: "))
                .map(line -> line.substring(6).strip())
                .findFirst()
                .orElse("");
    }

    /// The one server that says it leads, or null.
    public @Nullable Long leader() {
        Long leader = null;
        for (var entry : modes.entrySet()) {
            if (entry.getValue().equals("leader")) {
                if (leader != null) {
                    return null;
                }
                leader = entry.getKey();
            }
        }
        return leader;
    }

    /// Whether everybody serves.
    public boolean allServe() {
        SortedMap<Long, String> now = modes;
        return !now.isEmpty() && !now.containsValue("") && leader() != null;
    }

    /// What each server says that it is: `1 follower, 2 leader, 3 silent`.
    public String text() {
        StringBuilder text = new StringBuilder();
        modes.forEach((sid, mode) ->
                text.append(text.isEmpty() ? "" : ", ")
                        .append(sid)
                        .append(' ')
                        .append(mode.isEmpty() ? "silent" : mode));
        return text.toString();
    }

    @Override
    public void close() {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
