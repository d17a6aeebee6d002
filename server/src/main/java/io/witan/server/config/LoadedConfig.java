package io.witan.server.config;

import java.util.List;

/// What came of reading: a configuration that holds, and what the operator should know about it.
///
/// @param source where it came from, for the first lines at start
/// @param notices a sentence or two each: keys that are unknown, or have no effect here, or are
///   given in a place where nothing looks for them
public record LoadedConfig(ServerConfig config, String source, List<String> notices) {

    public LoadedConfig {
        notices = List.copyOf(notices);
    }
}
