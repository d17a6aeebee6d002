package io.witan.zab.peer;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.QuorumPacket;

/// Whoever has learners: what [LeaderSynchronisation] must know of what goes on meanwhile.
interface LearnerMaster {

    /// The end of what is committed, as far as this server may say so.
    long committed();

    /// How much has been broadcast in all, in bytes; a learner is behind by what came after that of
    /// which it is known that it has arrived.
    long sentBytes();

    /// @param zxid of a transaction that is not committed; only followers are sent it
    QuorumPacket proposalPacket(long zxid);

    /// What that server has acknowledged after `afterZxid` does not count any more.
    void withdrawAcks(long sid, long afterZxid);

    /// That a learner is to have in force when it serves.
    EnsembleConfig config();
}
