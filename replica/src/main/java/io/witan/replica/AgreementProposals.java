package io.witan.replica;

import io.witan.zab.Agreement;

import java.util.Arrays;

/// The leader's transactions go to the ensemble.
record AgreementProposals(Agreement agreement) implements Proposals {

    @Override
    public void propose(long zxid, byte[] bytes, int offset, int length) {
        agreement.propose(zxid, Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public boolean canPropose() {
        return agreement.canPropose();
    }
}
