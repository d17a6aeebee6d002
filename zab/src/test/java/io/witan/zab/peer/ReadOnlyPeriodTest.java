package io.witan.zab.peer;

import static io.witan.zab.peer.LeaderWords.commit;
import static io.witan.zab.peer.LeaderWords.leaderInfo;
import static io.witan.zab.peer.LeaderWords.members;
import static io.witan.zab.peer.LeaderWords.proposal;
import static io.witan.zab.peer.LeaderWords.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;

import org.junit.jupiter.api.Test;

import java.util.List;

/// When a server without a leader serves those who only read (quorum, section 7): if all that they
/// would see is known to be committed (safety, L6).
class ReadOnlyPeriodTest {

    private static final int WAIT = 2_000;

    @Test
    void who_has_lost_its_leader_serves_readers_after_a_while() {
        var peer = server(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)));
        peer.disconnected();
        peer.disk();

        assertThat(peer.after(WAIT - 1)).doesNotContain("serve readers");
        assertThat(peer.after(1)).contains("serve readers");
    }

    @Test
    void also_with_proposals_in_its_log_which_readers_do_not_see() {
        var peer = server(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)));
        peer.disconnected();
        peer.disk();

        assertThat(peer.after(WAIT)).contains("serve readers");
        assertThat(peer.peer.view().lastLoggedZxid()).isEqualTo(zxid(2, 1));
    }

    @Test
    void not_after_a_start_for_no_quorum_may_ever_have_had_the_end_of_the_log() {
        var peer = server(zxid(1, 1));
        peer.does(peer.peer::start);

        assertThat(peer.after(WAIT)).doesNotContain("serve readers");
        assertThat(peer.after(WAIT)).doesNotContain("serve readers");
    }

    @Test
    void but_with_an_empty_log() {
        var peer = server();
        peer.does(peer.peer::start);

        assertThat(peer.after(WAIT)).contains("serve readers");
    }

    /// Sessions of readers were put into the history of the original, with zxid 0.
    @Test
    void ZK_3863_3526_what_the_next_leader_is_told_of_is_as_if_there_had_been_no_readers() {
        var peer = server(zxid(1, 1)).serving(2);
        peer.receives(proposal(zxid(2, 1)), commit(zxid(2, 1)));
        peer.disconnected();
        peer.disk();
        List<Long> history = peer.history();
        peer.after(WAIT);
        peer.after(WAIT);

        assertThat(peer.history()).isEqualTo(history);
        peer.discoveringAgain();
        peer.receives(leaderInfo(3));
        assertThat(peer.disk()).containsExactly("send ACKEPOCH 2_1 epoch 2");
    }

    private static ScriptedPeer server(long... zxids) {
        long last = zxids.length == 0 ? 0 : zxids[zxids.length - 1];
        return new ScriptedPeer(
                Settings.withReadOnly(PeerSettings.standard(1), WAIT),
                new PeerStart(
                        last >> 32,
                        last >> 32,
                        last,
                        LeaderWords.entries(zxids),
                        true,
                        members(0),
                        members(0)));
    }
}
