package io.witan.wire.quorum;

import io.witan.wire.jute.JuteWriter;

/// The raw tree behind a SNAP packet (quorum, section 4.5):
///
/// ```
/// sessions   count int, then id long | timeout int
/// ACLs       count int, then key long | vector<ACL>
/// znodes     path | data | ACL key long | StoredStat, parents first; the root's path is ""
/// end        string "/"
/// signature  string "BenWasHere"
/// ```
///
/// Up to the signature it is what stands in a snapshot file between its header and its first seal
/// ([io.witan.wire.file.SnapshotFormat]); so whoever can write a snapshot's sessions, ACLs and
/// znodes only has to add [#writeEnd]. [SnapshotStreamParser] reads it.
public final class SnapshotStream {

    static final String END = "/";
    static final String SIGNATURE = "BenWasHere";

    private SnapshotStream() {}

    /// What stands behind the last znode.
    public static void writeEnd(JuteWriter out) {
        out.writeString(END).writeString(SIGNATURE);
    }
}
