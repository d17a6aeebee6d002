package io.witan.simulation.trace;

import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The record of a run: hashes every event, hands it to the checkers, keeps the last ones for a
/// report.
public final class Trace {

    /// Bytes that are hashed at a time.
    private static final int HASH_BYTES = 1 << 16;

    private final List<Checker> checkers;
    private final int keptMax;
    private final ArrayDeque<TraceEvent> kept = new ArrayDeque<>();
    private final Map<String, long[]> reached = new HashMap<>();
    private final MessageDigest sha = sha256();
    private final JuteWriter encoded = new JuteWriter(2 * HASH_BYTES);
    private final Verdict verdict = new Recorder();

    private long count;
    private @Nullable TraceEvent current;
    private @Nullable Violation violation;

    /// @param keptMax how many events are kept; [Integer#MAX_VALUE] for all
    public Trace(List<Checker> checkers, int keptMax) {
        this.checkers = List.copyOf(checkers);
        this.keptMax = keptMax;
    }

    public void record(TraceEvent event) {
        count++;
        TraceEncoding.write(encoded, event);
        if (encoded.length() >= HASH_BYTES) {
            hashWhatIsEncoded();
        }
        keep(event);
        current = event;
        for (Checker checker : checkers) {
            checker.on(event, verdict);
        }
    }

    private void keep(TraceEvent event) {
        if (kept.size() == keptMax) {
            kept.removeFirst();
        }
        kept.addLast(event);
    }

    private void hashWhatIsEncoded() {
        sha.update(encoded.bytes(), 0, encoded.length());
        encoded.reset(2 * HASH_BYTES);
    }

    /// The first violation, if there is one.
    public @Nullable Violation violation() {
        return violation;
    }

    /// How many events there were.
    public long count() {
        return count;
    }

    /// The last events, oldest first.
    public List<TraceEvent> kept() {
        return new ArrayList<>(kept);
    }

    /// How often each state worth reaching was reached.
    public SortedMap<String, Long> reached() {
        SortedMap<String, Long> counts = new TreeMap<>();
        reached.forEach((what, count) -> counts.put(what, count[0]));
        return counts;
    }

    /// SHA-256 over all events so far; the same seed gives the same.
    public String hash() {
        hashWhatIsEncoded();
        try {
            MessageDigest copy = (MessageDigest) sha.clone();
            return HexFormat.of().formatHex(copy.digest());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private final class Recorder implements Verdict {

        @Override
        public void violated(String invariant, String what) {
            if (violation == null && current != null) {
                violation = new Violation(invariant, what, current, count);
            }
        }

        @Override
        public void reached(String what) {
            reached.computeIfAbsent(what, _ -> new long[1])[0]++;
        }
    }
}
