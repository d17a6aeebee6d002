package io.witan.server.config;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which four-letter words are answered.
///
/// @param whitelist the words; `*` among them stands for all
/// @param readOnlyModeEnabled `readonlymode.enabled`, which lets `isro` through as well
public record FourLetterConfig(SortedSet<String> whitelist, boolean readOnlyModeEnabled) {

    public FourLetterConfig {
        whitelist = Collections.unmodifiableSortedSet(new TreeSet<>(whitelist));
    }

    /// `srvr` is always answered: `zkServer.sh status` and its like rest on it.
    public boolean allows(String word) {
        return word.equals("srvr")
                || whitelist.contains("*")
                || whitelist.contains(word)
                || (readOnlyModeEnabled && word.equals("isro"));
    }
}
