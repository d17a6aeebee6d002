package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.zab.AgreementView;

/// A server that hears of what is committed and is never asked.
final class Observing extends Learning {

    Observing(PeerContext context, long leaderSid) {
        super(context, leaderSid);
    }

    @Override
    AgreementView.State state() {
        return AgreementView.State.OBSERVING;
    }

    @Override
    int introduction() {
        return PacketType.OBSERVERINFO;
    }

    @Override
    LearnerBroadcast broadcast(long epoch, long acknowledgedZxid) {
        return new ObserverBroadcast(this, epoch);
    }
}
