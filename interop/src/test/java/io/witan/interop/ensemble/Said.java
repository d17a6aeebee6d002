package io.witan.interop.ensemble;

import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;

/// A packet of a recorded link.
///
/// @param byLearner who sent it
record Said(boolean byLearner, QuorumPacket packet) {

    /// The zxid of a transaction of this epoch that its leader tells of; 0 for all else.
    long proposed() {
        return switch (packet.type()) {
            case PacketType.PROPOSAL, PacketType.INFORM, PacketType.INFORMANDACTIVATE ->
                    packet.zxid();
            default -> 0;
        };
    }

    /// Whether this is what comes of that request.
    boolean comesOf(ForwardedRequest request) {
        if (byLearner || proposed() == 0) {
            return false;
        }
        var header = PacketText.txn(packet).header();
        return header.clientId() == request.sessionId() && header.cxid() == request.cxid();
    }
}
