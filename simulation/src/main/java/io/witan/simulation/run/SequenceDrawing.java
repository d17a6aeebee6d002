package io.witan.simulation.run;

import java.util.List;
import java.util.Locale;

/// Draws a [Sequence]: a line of life for each participant, a row for each event, an arrow for each
/// message that arrives.
final class SequenceDrawing {

    private static final int LEFT = 110;
    private static final int LANE_WIDTH = 120;
    private static final int ROW_HEIGHT = 16;
    private static final int TOP = 40;
    private static final int TEXT_WIDTH = 760;
    private static final int TEXT_CHARS_MAX = 120;

    private final Sequence sequence;
    private final List<String> lanes;

    SequenceDrawing(Sequence sequence) {
        this.sequence = sequence;
        this.lanes = sequence.lanes();
    }

    String svg() {
        List<Sequence.Row> rows = sequence.rows();
        int height = TOP + (rows.size() + 1) * ROW_HEIGHT;
        int width = LEFT + lanes.size() * LANE_WIDTH + TEXT_WIDTH;
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" \
                font-family="sans-serif" font-size="11">
                <defs><marker id="tip" markerWidth="8" markerHeight="6" refX="8" refY="3" \
                orient="auto"><path d="M0,0 L8,3 L0,6 z" fill="#2060a0"/></marker></defs>
                <rect width="100%%" height="100%%" fill="white"/>
                """
                        .formatted(width, height));
        for (int i = 0; i < lanes.size(); i++) {
            svg.append(
                    """
                    <text x="%1$d" y="20" text-anchor="middle" font-weight="bold">%2$s</text>
                    <line x1="%1$d" y1="28" x2="%1$d" y2="%3$d" stroke="#c0c0c0"/>
                    """
                            .formatted(x(i), escaped(lanes.get(i)), height - 8));
        }
        for (int i = 0; i < rows.size(); i++) {
            draw(svg, i, rows.get(i), rows);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, int number, Sequence.Row row, List<Sequence.Row> rows) {
        int y = TOP + number * ROW_HEIGHT;
        int lane = x(lanes.indexOf(row.lane()));
        svg.append(
                "<text x=\"4\" y=\"%d\" fill=\"#808080\">%s</text>\n"
                        .formatted(y + 4, String.format(Locale.ROOT, "%.6f", row.micros() / 1e6)));
        if (row.from() >= 0) {
            svg.append(
                    """
                    <line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#2060a0" \
                    marker-end="url(#tip)"/>
                    """
                            .formatted(
                                    x(lanes.indexOf(rows.get(row.from()).lane())),
                                    TOP + row.from() * ROW_HEIGHT,
                                    lane,
                                    y));
        }
        svg.append("<circle cx=\"%d\" cy=\"%d\" r=\"2.5\"/>\n".formatted(lane, y));
        String text = row.lane() + "  " + row.text();
        svg.append(
                "<text x=\"%d\" y=\"%d\">%s</text>\n"
                        .formatted(
                                LEFT + lanes.size() * LANE_WIDTH,
                                y + 4,
                                escaped(
                                        text.length() > TEXT_CHARS_MAX
                                                ? text.substring(0, TEXT_CHARS_MAX) + "..."
                                                : text)));
    }

    private static int x(int lane) {
        return LEFT + lane * LANE_WIDTH + LANE_WIDTH / 2;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                default -> escaped.append(c < ' ' ? ' ' : c);
            }
        }
        return escaped.toString();
    }
}
