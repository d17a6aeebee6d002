package io.witan.zab.peer;

import io.witan.zab.AgreementView;
import io.witan.zab.Effect;

/// The server that the others have elected. What it does follows in the next commit.
final class Leading extends Role {

    Leading(PeerContext context) {
        super(context);
    }

    @Override
    AgreementView.State state() {
        return AgreementView.State.LEADING;
    }

    @Override
    void enter() {
        context.emit(new Effect.AcceptLearners());
    }

    @Override
    void leave() {
        context.emit(new Effect.RefuseLearners());
    }

    @Override
    void tick() {}

    @Override
    long wakeAtMillis() {
        return Long.MAX_VALUE;
    }

    @Override
    boolean isServing() {
        return false;
    }

    @Override
    long leaderSid() {
        return context.sid();
    }
}
