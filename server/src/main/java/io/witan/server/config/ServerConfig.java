package io.witan.server.config;

import org.jspecify.annotations.Nullable;

/// All that a server was told at its start.
///
/// @param ensemble null for a server that stands alone
public record ServerConfig(
        ClientPortConfig clientPort,
        SessionConfig sessions,
        LimitsConfig limits,
        StorageConfig storage,
        AuthConfig auth,
        TreeConfig tree,
        FourLetterConfig fourLetterWords,
        @Nullable EnsembleSettings ensemble) {}
