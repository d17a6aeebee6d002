package io.witan.simulation.run;

import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.TraceText;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The end of a run as a sequence of messages: who said what to whom, and what else happened, in
/// the order in which it happened. What comes all the time and says little is left out.
public final class Sequence {

    /// One line: something that happens to one participant, or a message that arrives.
    ///
    /// @param lane who it happens to
    /// @param from the row in which a message was sent; -1 if this is no message that arrives
    /// @param label the message's name; empty for what is none
    record Row(long micros, String lane, String text, int from, Tone tone, String label) {}

    /// What a row is about, for the eye.
    enum Tone {
        /// The world does something bad, or a server ends.
        TROUBLE,
        /// A role, an epoch, a configuration changes.
        CHANGE,
        /// A message is sent, or arrives.
        MESSAGE,
        PLAIN
    }

    private final List<Row> rows = new ArrayList<>();

    /// Messages on their way, by connection and direction, and by pair of servers for votes.
    private final Map<String, ArrayDeque<Integer>> underWay = new HashMap<>();

    /// The world's name of a link, by the server's.
    private final Map<String, Long> connections = new HashMap<>();

    private Sequence() {}

    /// @param events of the whole run, so that it is known which link leads where
    /// @param rowsMax how many of the last rows are kept
    /// @param clients whether what clients do is shown
    public static Sequence of(List<TraceEvent> events, int rowsMax, boolean clients) {
        Sequence sequence = new Sequence();
        int before = 0;
        for (TraceEvent event : events) {
            before = sequence.rows.size();
            if (clients || !(event instanceof TraceEvent.OnClient)) {
                sequence.add(event);
            }
        }
        if (!events.isEmpty() && sequence.rows.size() == before) {
            // Whatever it is: the run ended with it.
            sequence.happens(events.getLast());
        }
        return sequence.last(rowsMax);
    }

    private Sequence last(int rowsMax) {
        int cut = Math.max(0, rows.size() - rowsMax);
        Sequence last = new Sequence();
        for (Row row : rows.subList(cut, rows.size())) {
            int from = Math.max(-1, row.from - cut);
            last.rows.add(new Row(row.micros, row.lane, row.text, from, row.tone, row.label));
        }
        return last;
    }

    List<Row> rows() {
        return rows;
    }

    /// Servers first, then clients, by their numbers.
    List<String> lanes() {
        Map<String, String> sorted = new TreeMap<>();
        for (Row row : rows) {
            char kind = row.lane.charAt(0);
            String order = kind == 's' ? "1" : kind == 'c' ? "2" : "0"; // the world first
            sorted.put(order + "%4s".formatted(row.lane.substring(1)) + row.lane, row.lane);
        }
        return new ArrayList<>(sorted.values());
    }

    private void add(TraceEvent event) {
        switch (event) {
            case TraceEvent.LinkOpened e -> {
                connections.put(key(e.at().sid(), e.at().incarnation(), e.link()), e.connection());
                happens(e);
            }
            case TraceEvent.PacketSent e -> {
                if (e.packet().type() != PacketType.PING) {
                    sent(e, connection(e, e.link()) + "/" + e.sid());
                }
            }
            case TraceEvent.PacketReceived e -> {
                if (e.packet().type() != PacketType.PING) {
                    arrives(e, other(connection(e, e.link()), e.sid()));
                }
            }
            // Votes get lost and replaced: the same content is the same vote.
            case TraceEvent.NotificationSent e -> {
                String key = vote(e.sid(), e.toSid(), e.notification());
                underWay.remove(key);
                sent(e, key);
            }
            case TraceEvent.NotificationReceived e ->
                    arrives(e, vote(e.fromSid(), e.sid(), e.notification()));
            case TraceEvent.PingSent _,
                    TraceEvent.PingAnswered _,
                    TraceEvent.TreeIs _,
                    TraceEvent.Census _ -> {
                // Says little.
            }
            default -> happens(event);
        }
    }

    private void happens(TraceEvent event) {
        rows.add(row(event, -1));
    }

    private void sent(TraceEvent event, String key) {
        underWay.computeIfAbsent(key, _ -> new ArrayDeque<>()).addLast(rows.size());
        happens(event);
    }

    private void arrives(TraceEvent event, @Nullable String key) {
        ArrayDeque<Integer> messages = key == null ? null : underWay.get(key);
        Integer from = messages == null ? null : messages.pollFirst();
        rows.add(row(event, from == null ? -1 : from));
    }

    private static Row row(TraceEvent event, int from) {
        String who = TraceText.who(event).strip();
        int dot = who.indexOf('.');
        String lane = dot < 0 ? who : who.substring(0, dot);
        return new Row(
                event.micros(), lane, TraceText.what(event), from, tone(event), label(event));
    }

    private static Tone tone(TraceEvent event) {
        return switch (event) {
            case TraceEvent.FaultInjected _,
                    TraceEvent.Crashed _,
                    TraceEvent.Broke _,
                    TraceEvent.DiskFailed _,
                    TraceEvent.LinkClosed _,
                    TraceEvent.Disconnected _ ->
                    Tone.TROUBLE;
            case TraceEvent.Started _,
                    TraceEvent.StateChanged _,
                    TraceEvent.Established _,
                    TraceEvent.Activated _,
                    TraceEvent.Following _,
                    TraceEvent.StartedReadOnly _,
                    TraceEvent.StoppedServing _,
                    TraceEvent.ConfigsAre _,
                    TraceEvent.CurrentEpochStored _,
                    TraceEvent.AcceptedEpochStored _,
                    TraceEvent.TreeLoaded _,
                    TraceEvent.Truncated _,
                    TraceEvent.Healed _ ->
                    Tone.CHANGE;
            case TraceEvent.PacketSent _,
                    TraceEvent.PacketReceived _,
                    TraceEvent.NotificationSent _,
                    TraceEvent.NotificationReceived _ ->
                    Tone.MESSAGE;
            default -> Tone.PLAIN;
        };
    }

    private static String label(TraceEvent event) {
        return switch (event) {
            case TraceEvent.PacketReceived e -> PacketType.name(e.packet().type());
            case TraceEvent.NotificationReceived _ -> "vote";
            default -> "";
        };
    }

    private static String vote(long from, long to, Notification vote) {
        return "vote %d>%d %s %d %d %d %d"
                .formatted(
                        from,
                        to,
                        vote.state(),
                        vote.leader(),
                        vote.zxid(),
                        vote.electionEpoch(),
                        vote.peerEpoch());
    }

    private static String key(long sid, int incarnation, long link) {
        return sid + "." + incarnation + "." + link;
    }

    private String connection(TraceEvent.OnServer event, long link) {
        return String.valueOf(connections.get(key(event.sid(), event.incarnation(), link)));
    }

    /// What the other end of a connection has sent.
    private @Nullable String other(String connection, long sid) {
        for (String key : underWay.keySet()) {
            if (key.startsWith(connection + "/") && !key.equals(connection + "/" + sid)) {
                return key;
            }
        }
        return null;
    }

    /// A line for each row; messages name the line in which they were sent.
    public String text() {
        List<String> lanes = lanes();
        StringBuilder text = new StringBuilder();
        text.append("%5s %12s  ".formatted("", "seconds"));
        for (String lane : lanes) {
            text.append("%-4s".formatted(lane));
        }
        text.append('\n');
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            text.append("%5d %12.6f  ".formatted(i + 1, row.micros / 1e6));
            text.append(marks(lanes, row)).append("  ").append(row.text);
            if (row.from >= 0) {
                text.append("   [sent in ").append(row.from + 1).append(']');
            }
            text.append('\n');
        }
        return text.toString();
    }

    /// `| o |`, or an arrow from the sender's lane: `|---->|`.
    private String marks(List<String> lanes, Row row) {
        int at = lanes.indexOf(row.lane);
        int from = row.from < 0 ? at : lanes.indexOf(rows.get(row.from).lane);
        StringBuilder marks = new StringBuilder();
        for (int i = 0; i < lanes.size(); i++) {
            boolean within = i >= Math.min(at, from) && i < Math.max(at, from);
            char mark = i == at ? (from < at ? '>' : from > at ? '<' : 'o') : within ? '-' : '|';
            marks.append(i == from && from != at ? '+' : mark);
            marks.append((within ? "-" : " ").repeat(3));
        }
        return marks.toString();
    }

    /// The same as a drawing.
    ///
    /// @param heading lines that say what it shows
    public String svg(List<String> heading) {
        return new SequenceDrawing(this, heading).svg();
    }
}
