/// What the leader and its learners say to each other on the quorum port (quorum, section 4).
///
/// A connection carries [QuorumPacket]s one behind the other, without any framing;
/// [QuorumPacketParser] finds where each ends. Behind a SNAP packet stands the raw tree, which
/// [SnapshotStreamParser] reads up to its own end. The other types are the payloads of packets.
@NullMarked
package io.witan.wire.quorum;

import org.jspecify.annotations.NullMarked;
