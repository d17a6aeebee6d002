package io.witan.server;

import io.witan.storage.StorageException;

/// An observer that keeps nothing on disk is to become a participant.
final class MemoryOnlyException extends StorageException {

    private static final long serialVersionUID = 1;

    MemoryOnlyException(long sid) {
        super(
                """
                A reconfiguration makes this server, %d, a participant. As an observer it has kept nothing on disk \
                (syncEnabled=false), and a participant must not vote with what it has in memory only. The server \
                stops. Start it again: it then knows the new configuration, keeps everything on disk whatever \
                syncEnabled says, and the leader brings it up to date.\
                """
                        .formatted(sid));
    }
}
