package io.witan.benchmarks.report;

import java.util.Locale;

/// A picture in the making: an SVG that needs no script and no font of its own.
final class Svg {

    private final StringBuilder text = new StringBuilder();

    void begin(int width, int height) {
        add(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
                font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">
                """
                        .formatted(width, height, width, height));
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n".formatted(width, height));
    }

    void add(String element) {
        text.append(element);
    }

    void text(int x, int y, String anchor, String attributes, String content) {
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" %s>%s</text>\n"
                        .formatted(x, y, anchor, attributes, escaped(content)));
    }

    String end() {
        add("</svg>\n");
        return text.toString();
    }

    static String pixels(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
