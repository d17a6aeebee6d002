package io.witan.interop.architecture.broken.cli;

/// Ends the process without being a main.
public final class Command {

    public void run() {
        System.exit(1);
    }
}
