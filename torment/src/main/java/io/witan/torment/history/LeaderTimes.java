package io.witan.torment.history;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// Who led when, as far as asking now and then can tell.
public final class LeaderTimes {

    /// What was heard, by the time when asking began.
    private final TreeMap<Long, Heard> heard = new TreeMap<>();

    private record Heard(long answeredMicros, @Nullable Long leader) {}

    public void heard(long askedMicros, long answeredMicros, @Nullable Long leader) {
        heard.put(askedMicros, new Heard(answeredMicros, leader));
    }

    /// The server that led before and after that moment; null if that is not sure.
    @Nullable Long at(long micros) {
        Map.Entry<Long, Heard> before = heard.floorEntry(micros);
        while (before != null && before.getValue().answeredMicros() > micros) {
            before = heard.lowerEntry(before.getKey());
        }
        Map.Entry<Long, Heard> after = heard.higherEntry(micros);
        if (before == null || after == null) {
            return null;
        }
        Long leader = before.getValue().leader();
        return leader != null && leader.equals(after.getValue().leader()) ? leader : null;
    }
}
