package io.witan.server.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Who may do what.
///
/// @param skipAcl no access list is looked at
/// @param requiredSchemes a connection must have an id of one of these before it may send requests;
///   empty for none
public record AuthConfig(boolean skipAcl, List<String> requiredSchemes, Digest digest) {

    public AuthConfig {
        requiredSchemes = List.copyOf(requiredSchemes);
    }

    /// @param superDigest `user:hash` of the one whom no access list stops; null for nobody
    /// @param algorithm as the JDK's message digests name it
    public record Digest(boolean enabled, @Nullable String superDigest, String algorithm) {

        /// Without the digest: a configuration is logged, its secrets are not.
        @Override
        public String toString() {
            return "Digest[enabled=%s, superDigest=%s, algorithm=%s]"
                    .formatted(enabled, superDigest == null ? "none" : "set", algorithm);
        }
    }
}
