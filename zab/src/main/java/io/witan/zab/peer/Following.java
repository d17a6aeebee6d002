package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.zab.AgreementView;

/// A participant under a leader, or a server that is in no configuration and follows without a
/// vote.
final class Following extends Learning {

    Following(PeerContext context, long leaderSid) {
        super(context, leaderSid);
    }

    @Override
    AgreementView.State state() {
        return AgreementView.State.FOLLOWING;
    }

    @Override
    int introduction() {
        return PacketType.FOLLOWERINFO;
    }

    @Override
    LearnerBroadcast broadcast(long epoch, long acknowledgedZxid) {
        return new FollowerBroadcast(this, epoch, acknowledgedZxid);
    }
}
