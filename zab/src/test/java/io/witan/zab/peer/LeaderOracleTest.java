package io.witan.zab.peer;

import static io.witan.zab.peer.ScriptedLeader.ack;
import static io.witan.zab.peer.ScriptedLeader.ackEpoch;
import static io.witan.zab.peer.Txns.zxid;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.AgreementView;
import io.witan.zab.Ensembles;
import io.witan.zab.PeerSettings;
import io.witan.zab.PeerStart;

import org.junit.jupiter.api.Test;

import java.util.List;

/// A leader of two servers that have an oracle (quorum, section 1.4).
class LeaderOracleTest {

    private boolean mayGoOnAlone;

    private final EnsembleConfig two = Ensembles.of(1, 3);
    private final ScriptedLeader leader =
            new ScriptedLeader(
                    PeerSettings.standard(ScriptedLeader.SID),
                    new PeerStart(0, 0, 0, List.of(), true, two, two),
                    () -> mayGoOnAlone);

    private void leadsWithOne() {
        leader.elected();
        leader.introduces(1, 0);
        leader.disk();
        leader.says(1, ackEpoch(0, 0));
        leader.disk();
        leader.says(1, ack(zxid(1, 0)));
        leader.disk();
        assertThat(leader.peer.isServing()).isTrue();
    }

    @Test
    void without_its_word_both_are_needed() {
        leadsWithOne();
        leader.disconnects(1);

        leader.after(2000);

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LOOKING);
    }

    @Test
    void while_the_follower_is_there_it_is_not_asked() {
        leadsWithOne();
        mayGoOnAlone = true;

        leader.proposes(zxid(1, 1));
        assertThat(leader.disk()).isEmpty();
        assertThat(leader.says(1, ack(zxid(1, 1)))).contains("deliver 1_1");
    }

    @Test
    void with_its_word_a_leader_stays_alone_and_commits_what_is_outstanding() {
        leadsWithOne();
        leader.proposes(zxid(1, 1));
        leader.disk();
        leader.disconnects(1);
        mayGoOnAlone = true;

        assertThat(leader.after(2000)).contains("deliver 1_1");
        assertThat(leader.peer.isServing()).isTrue();
        leader.proposes(zxid(1, 2));
        assertThat(leader.disk()).contains("deliver 1_2");
    }

    @Test
    void with_its_word_a_server_begins_to_lead_alone() {
        leader.elected();
        assertThat(leader.peer.isServing()).isFalse();
        leader.after(25_000);
        mayGoOnAlone = true;

        leader.elected();
        leader.disk();
        leader.disk();

        assertThat(leader.peer.state()).isEqualTo(AgreementView.State.LEADING);
        assertThat(leader.peer.isServing()).isTrue();
    }

    @Test
    void when_the_follower_is_back_both_are_needed_again() {
        leadsWithOne();
        leader.disconnects(1);
        mayGoOnAlone = true;
        leader.after(2000);
        leader.joins(1, -1, 0);
        leader.says(1, ack(zxid(1, 0)));

        leader.proposes(zxid(1, 1));
        assertThat(leader.disk()).isEmpty();
        assertThat(leader.says(1, ack(zxid(1, 1)))).contains("deliver 1_1");
    }
}
