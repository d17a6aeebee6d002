package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A reconfiguration makes server 1 an observer and says that server 3 leads from now on. Its
/// storage takes a while until it can go there.
class ElectionCheckerTest {

    private static final Stamp AT_1 = new Stamp(0, 1, 1);
    private static final long NOBODY = Long.MIN_VALUE;

    private final Facts facts = new Facts();
    private final ElectionChecker checker = new ElectionChecker(facts);
    private final List<String> violated = new ArrayList<>();

    private static EnsembleConfig members() throws ConfigTextException {
        return EnsembleConfig.parse(
                """
                server.1=s1:2888:3888:observer;s1:2181
                server.2=s2:2888:3888:participant;s2:2181
                server.3=s3:2888:3888:participant;s3:2181
                server.5=s5:2888:3888:observer;s5:2181
                """);
    }

    @BeforeEach
    void server_1_is_told_whom_to_follow() throws ConfigTextException {
        happens(new TraceEvent.Started(AT_1, 4, 4, 0, 0, 0, false, true));
        happens(new TraceEvent.StateChanged(AT_1, AgreementView.State.FOLLOWING, 2, 4, 4));
        violated.clear(); // how it came to follow is of no interest here
        happens(
                new TraceEvent.PacketReceived(
                        AT_1,
                        1,
                        new QuorumPacket(
                                PacketType.COMMITANDACTIVATE,
                                0x400000007L,
                                ByteBuffer.allocate(8).putLong(3).array())));
        happens(new TraceEvent.ConfigsAre(AT_1, members(), members()));
        happens(new TraceEvent.StateChanged(AT_1, AgreementView.State.LOOKING, -1, 4, 4));
    }

    @Test
    void whom_a_reconfiguration_names_needs_no_votes() {
        observes(3);
        assertThat(violated).isEmpty();
    }

    @Test
    void who_answers_a_stranger_has_not_asked() throws ConfigTextException {
        saysThatItLooks(5);
        observes(3);
        assertThat(violated).isEmpty();
    }

    @Test
    void who_asks_needs_the_word_of_a_quorum() throws ConfigTextException {
        saysThatItLooks(2);
        observes(3);
        assertThat(violated).containsExactly("E7");
    }

    @Test
    void another_than_the_one_named_needs_votes() {
        observes(2);
        assertThat(violated).containsExactly("E7");
    }

    private void saysThatItLooks(long toSid) throws ConfigTextException {
        happens(
                new TraceEvent.NotificationSent(
                        AT_1,
                        toSid,
                        new Notification(
                                Notification.LOOKING, NOBODY, -1, 2, NOBODY, members().text())));
    }

    private void observes(long leader) {
        happens(new TraceEvent.StateChanged(AT_1, AgreementView.State.OBSERVING, leader, 4, 4));
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
