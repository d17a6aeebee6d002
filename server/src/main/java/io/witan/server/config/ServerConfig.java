package io.witan.server.config;

/// All that a server was told at its start.
public record ServerConfig(
        ClientPortConfig clientPort,
        SessionConfig sessions,
        LimitsConfig limits,
        StorageConfig storage,
        AuthConfig auth,
        TreeConfig tree,
        FourLetterConfig fourLetterWords) {}
