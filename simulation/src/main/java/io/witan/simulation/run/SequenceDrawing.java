package io.witan.simulation.run;

import java.util.List;
import java.util.Locale;

/// Draws a [Sequence]: a line of life for each participant, a row for each event, an arrow for each
/// message that arrives. What goes wrong is red, changes of roles and epochs are green.
final class SequenceDrawing {

    private static final int LEFT = 100;
    private static final int LANE_WIDTH = 110;
    private static final int ROW_HEIGHT = 16;
    private static final int HEADING_HEIGHT = 18;
    private static final int LANES_HEIGHT = 40;
    private static final int TEXT_WIDTH = 760;
    private static final int TEXT_CHARS_MAX = 120;
    private static final int HEADING_CHARS_MAX = 180;
    private static final String WORLD = "*";

    private final Sequence sequence;
    private final List<String> heading;
    private final List<String> lanes;

    /// Where the rows begin.
    private final int top;

    SequenceDrawing(Sequence sequence, List<String> heading) {
        this.sequence = sequence;
        this.heading = heading;
        this.lanes = sequence.lanes();
        this.top = heading.size() * HEADING_HEIGHT + LANES_HEIGHT;
    }

    String svg() {
        List<Sequence.Row> rows = sequence.rows();
        int height = top + (rows.size() + 1) * ROW_HEIGHT;
        int width = LEFT + lanes.size() * LANE_WIDTH + TEXT_WIDTH;
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" \
                viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="11">
                <defs><marker id="tip" markerWidth="8" markerHeight="6" refX="8" refY="3" \
                orient="auto"><path d="M0,0 L8,3 L0,6 z" fill="#2060a0"/></marker></defs>
                <rect width="100%%" height="100%%" fill="white"/>
                """
                        .formatted(width, height));
        for (int i = 0; i < heading.size(); i++) {
            svg.append(
                    """
                    <text x="4" y="%d" font-size="13" font-weight="%s">%s</text>
                    """
                            .formatted(
                                    (i + 1) * HEADING_HEIGHT,
                                    i == 0 ? "bold" : "normal",
                                    escaped(cut(heading.get(i), HEADING_CHARS_MAX))));
        }
        for (int i = 0; i < lanes.size(); i++) {
            String lane = lanes.get(i);
            svg.append(
                    """
                    <text x="%1$d" y="%2$d" text-anchor="middle" font-weight="bold">%3$s</text>
                    <line x1="%1$d" y1="%4$d" x2="%1$d" y2="%5$d" stroke="#c0c0c0"/>
                    """
                            .formatted(
                                    x(i),
                                    top - 20,
                                    lane.equals(WORLD) ? "world" : escaped(lane),
                                    top - 12,
                                    height - 8));
        }
        for (int i = 0; i < rows.size(); i++) {
            draw(svg, i, rows.get(i), rows);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, int number, Sequence.Row row, List<Sequence.Row> rows) {
        int y = y(number);
        int lane = x(lanes.indexOf(row.lane()));
        svg.append(
                "<text x=\"4\" y=\"%d\" fill=\"#808080\">%s</text>\n"
                        .formatted(y + 4, String.format(Locale.ROOT, "%.6f", row.micros() / 1e6)));
        if (row.from() >= 0) {
            drawMessage(svg, row, x(lanes.indexOf(rows.get(row.from()).lane())), lane, y);
        }
        boolean isLast = number == rows.size() - 1;
        svg.append(
                "<circle cx=\"%d\" cy=\"%d\" r=\"%s\" fill=\"%s\"/>\n"
                        .formatted(lane, y, isLast ? "5" : "2.5", colour(row)));
        String text = row.lane().equals(WORLD) ? row.text() : row.lane() + "  " + row.text();
        svg.append(
                "<text x=\"%d\" y=\"%d\" fill=\"%s\"%s>%s</text>\n"
                        .formatted(
                                LEFT + lanes.size() * LANE_WIDTH,
                                y + 4,
                                colour(row),
                                isLast ? " font-weight=\"bold\"" : "",
                                escaped(cut(text, TEXT_CHARS_MAX))));
    }

    private void drawMessage(StringBuilder svg, Sequence.Row row, int from, int to, int y) {
        int sentY = y(row.from());
        svg.append(
                """
                <line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#2060a0" marker-end="url(#tip)"/>
                <text x="%d" y="%d" text-anchor="middle" font-size="8" fill="#2060a0" \
                stroke="white" stroke-width="3" paint-order="stroke">%s</text>
                """
                        .formatted(
                                from,
                                sentY,
                                to,
                                y,
                                (from + to) / 2,
                                (sentY + y) / 2 - 3,
                                escaped(row.label())));
    }

    private static String colour(Sequence.Row row) {
        return switch (row.tone()) {
            case TROUBLE -> "#b02020";
            case CHANGE -> "#207030";
            case MESSAGE -> row.from() >= 0 ? "#808080" : "#000000";
            case PLAIN -> "#000000";
        };
    }

    private static String cut(String text, int charsMax) {
        return text.length() > charsMax ? text.substring(0, charsMax) + "..." : text;
    }

    private int y(int row) {
        return top + row * ROW_HEIGHT;
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
