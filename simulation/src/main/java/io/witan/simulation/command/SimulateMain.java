package io.witan.simulation.command;

import picocli.CommandLine;

/// The main class of `witan simulate`.
public final class SimulateMain {

    private SimulateMain() {}

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new SimulateCommand())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }
}
