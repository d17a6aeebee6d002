package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.members;
import static io.witan.zab.peer.LeaderWords.proposal;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.election.Notification;
import io.witan.zab.Effect;
import io.witan.zab.election.Vote;

import org.junit.jupiter.api.Test;

/// What a server that looks answers one that has no vote here and an older configuration.
class StrangersTest {

    private static final long STRANGER = 9;

    private final ScriptedPeer peer =
            ScriptedPeer.withSid(1, 1, 1, members(zxid(1, 0)), zxid(1, 1));

    /// It has been given a transaction, and then lost its leader.
    private void loses_its_leader_while_the_disk_writes() {
        peer.ensemble = members(zxid(1, 0));
        peer.serving(2);
        peer.receives(proposal(zxid(2, 1)));
        peer.disconnected();
        peer.ensemble = members(0);
    }

    /// The vote of its last role is void, and what its log will hold is not certain yet (safety,
    /// D3).
    @Test
    void nobody_while_the_disk_writes() {
        loses_its_leader_while_the_disk_writes();

        Notification told = peer.isAskedBy(STRANGER);

        assertThat(peer.last(Effect.SendNotification.class).toSid()).isEqualTo(STRANGER);
        assertThat(told.state()).isEqualTo(Notification.LOOKING);
        assertThat(told.leader()).isEqualTo(Vote.NOBODY);
        assertThat(told.zxid()).isEqualTo(Vote.NOT_VOTING);
    }

    @Test
    void its_own_vote_when_the_disk_has_written() {
        loses_its_leader_while_the_disk_writes();
        peer.disk();

        Notification told = peer.isAskedBy(STRANGER);

        assertThat(peer.last(Effect.SendNotification.class).toSid()).isEqualTo(STRANGER);
        assertThat(told.leader()).isEqualTo(1);
        assertThat(told.zxid()).isEqualTo(zxid(2, 1));
    }
}
