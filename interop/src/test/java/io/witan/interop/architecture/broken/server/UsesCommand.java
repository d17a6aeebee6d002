package io.witan.interop.architecture.broken.server;

import io.witan.interop.architecture.broken.cli.Command;

/// The server does not know the command that starts it.
public record UsesCommand(Command command) {}
