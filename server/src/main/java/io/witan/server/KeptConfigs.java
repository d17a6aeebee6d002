package io.witan.server;

import io.witan.storage.ConfigFiles;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;

/// Keeps the two configurations that a member knows in the files beside its own (quorum, section
/// 1.5).
final class KeptConfigs {

    private final ConfigFiles files;
    private final long sid;

    KeptConfigs(ConfigFiles files, long sid) {
        this.files = files;
        this.sid = sid;
    }

    void keepLastSeen(EnsembleConfig config) {
        files.writeNext(config.text());
    }

    void keepCommitted(EnsembleConfig config) {
        files.backUp();
        var path = files.writeDynamic(config.version(), config.fileText());
        var self = config.member(sid);
        files.rewriteStatic(path, self != null && self.clientAddress() != null);
        if (!isNewerSeen(config)) {
            files.deleteNext();
        }
    }

    /// One may have been proposed already while an older one comes into force. It must not be
    /// forgotten: its transaction is in the log, and whoever leads with that needs its quorum, too.
    private boolean isNewerSeen(EnsembleConfig committed) {
        String next = files.next();
        if (next == null) {
            return false;
        }
        try {
            return EnsembleConfig.parse(next).version() > committed.version();
        } catch (ConfigTextException unreadable) {
            // It would not start with that; the one in force is known.
            return false;
        }
    }
}
