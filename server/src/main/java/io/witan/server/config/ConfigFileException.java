package io.witan.server.config;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/// The configuration file cannot be read at all.
public final class ConfigFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private ConfigFileException(String message, @Nullable IOException cause) {
        super(message, cause);
    }

    static ConfigFileException missing(Path path, IOException cause) {
        return new ConfigFileException(
                """
                There is no configuration file %s. Name an existing file, or none at all: then a \
                standalone server starts on port 2181 with its data in ./data.\
                """
                        .formatted(path.toAbsolutePath().normalize()),
                cause);
    }

    static ConfigFileException isDirectory(Path path) {
        return new ConfigFileException(
                "%s is a directory, not a configuration file. Name the file in it, for example %s."
                        .formatted(path.toAbsolutePath().normalize(), path.resolve("zoo.cfg")),
                null);
    }

    static ConfigFileException unreadable(Path path, IOException cause) {
        return new ConfigFileException(
                "The configuration file %s cannot be read: %s. Check its owner and permissions."
                        .formatted(
                                path.toAbsolutePath().normalize(),
                                cause instanceof AccessDeniedException
                                        ? "permission denied"
                                        : cause),
                cause);
    }
}
