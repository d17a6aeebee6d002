package io.witan.torment.history;

import io.witan.zab.Zxids;

/// Two servers that both follow the last leader hold different transactions of one zxid.
public final class DividedHistoryException extends RuntimeException {

    DividedHistoryException(long zxid, long sid) {
        super(
                "server %d holds another transaction at %s than others do"
                        .formatted(sid, Zxids.hex(zxid)));
    }
}
