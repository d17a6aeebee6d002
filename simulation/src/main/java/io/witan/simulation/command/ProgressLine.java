package io.witan.simulation.command;

import java.io.Console;
import java.util.Optional;

/// Shows how runs go on: on a terminal a line that is written over each second, elsewhere a new
/// line now and then.
final class ProgressLine {

    private static final long LINE_NANOS = 15_000_000_000L;

    private final Progress progress;
    private final boolean isTerminal;
    private long shownNanos = System.nanoTime();
    private int width;

    ProgressLine(Progress progress) {
        this.progress = progress;
        this.isTerminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    synchronized void show() {
        if (isTerminal) {
            String line = progress.line();
            System.out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            System.out.flush();
            width = line.length();
        } else if (System.nanoTime() - shownNanos >= LINE_NANOS) {
            shownNanos = System.nanoTime();
            System.out.println(progress.line());
        }
    }

    /// Something that stays to be read.
    synchronized void say(String text) {
        if (isTerminal) {
            System.out.print("\r" + " ".repeat(width) + "\r");
        }
        System.out.println(text);
    }

    synchronized void end() {
        if (isTerminal) {
            show();
            System.out.println();
        }
    }
}
