package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Server 1 of three begins to lead.
class DiscoveryCheckerTest {

    private static final Stamp AT_LEADER = new Stamp(0, 1, 1);

    private final Facts facts = new Facts();
    private final DiscoveryChecker checker = new DiscoveryChecker(facts);
    private final List<String> violated = new ArrayList<>();

    @BeforeEach
    void server_1_leads() throws ConfigTextException {
        EnsembleConfig three =
                EnsembleConfig.parse(
                        """
                        server.1=s1:2888:3888:participant;s1:2181
                        server.2=s2:2888:3888:participant;s2:2181
                        server.3=s3:2888:3888:participant;s3:2181
                        server.4=s4:2888:3888:observer;s4:2181
                        """);
        happens(new TraceEvent.Started(AT_LEADER, 4, 4, 0, 0, 0, false, true));
        happens(new TraceEvent.ConfigsAre(AT_LEADER, three, three));
        happens(new TraceEvent.StateChanged(AT_LEADER, AgreementView.State.LEADING, 1, 4, 4));
    }

    @Test
    void an_epoch_must_be_above_what_its_quorum_has_promised() {
        introduces(2, 7);
        offers(2, 7);
        assertThat(violated).containsExactly("E5");
    }

    @Test
    void an_epoch_needs_the_word_of_a_quorum() {
        happens(new TraceEvent.LinkOpened(AT_LEADER, 2, 2, 2, true));
        offers(2, 7);
        assertThat(violated).containsExactly("E5");
    }

    @Test
    void who_comes_when_the_epoch_is_chosen_may_have_promised_as_much() {
        introduces(2, 6);
        happens(new TraceEvent.LinkClosed(AT_LEADER, 2, false, "connection reset"));
        introduces(3, 7);
        offers(3, 7);
        assertThat(violated).isEmpty();
    }

    @Test
    void who_came_to_an_earlier_term_in_office_does_not_count() {
        introduces(2, 6);
        happens(new TraceEvent.StateChanged(AT_LEADER, AgreementView.State.LOOKING, -1, 4, 4));
        happens(new TraceEvent.StateChanged(AT_LEADER, AgreementView.State.LEADING, 1, 4, 4));
        introduces(3, 7);
        offers(3, 7);
        assertThat(violated).containsExactly("E5");
    }

    @Test
    void the_word_of_an_observer_does_not_count() {
        introduces(4, 6, PacketType.OBSERVERINFO);
        offers(4, 7);
        assertThat(violated).containsExactly("E5");
    }

    @Test
    void that_of_a_voter_counts_even_if_it_does_not_know_yet_that_it_is_one() {
        introduces(3, 6, PacketType.OBSERVERINFO);
        offers(3, 7);
        assertThat(violated).isEmpty();
    }

    @Test
    void and_is_heeded() {
        introduces(3, 7, PacketType.OBSERVERINFO);
        offers(3, 7);
        assertThat(violated).containsExactly("E5");
    }

    private void introduces(long sid, long acceptedEpoch) {
        introduces(sid, acceptedEpoch, PacketType.FOLLOWERINFO);
    }

    private void introduces(long sid, long acceptedEpoch, int type) {
        LearnerInfo info = new LearnerInfo(sid, LearnerInfo.PROTOCOL_VERSION, 0);
        happens(new TraceEvent.LinkOpened(AT_LEADER, sid, sid, sid, true));
        happens(
                new TraceEvent.PacketReceived(
                        AT_LEADER,
                        sid,
                        new QuorumPacket(type, Zxids.startOf(acceptedEpoch), info.encode())));
    }

    private void offers(long sid, long epoch) {
        happens(
                new TraceEvent.PacketSent(
                        AT_LEADER,
                        sid,
                        new QuorumPacket(PacketType.LEADERINFO, Zxids.startOf(epoch))));
    }

    private void happens(TraceEvent event) {
        Verdict verdict =
                new Verdict() {
                    @Override
                    public void violated(String invariant, String what) {
                        violated.add(invariant);
                    }

                    @Override
                    public void reached(String what) {}
                };
        facts.on(event, verdict);
        checker.on(event, verdict);
    }
}
