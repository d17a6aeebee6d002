package io.witan.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

import org.junit.jupiter.api.Test;

class FactsTest {

    private static final long LEADER = 1;
    private static final long FOLLOWER = 2;
    private static final long LINK = 5;
    private static final long OTHER_LINK = 6;
    private static final long EPOCH = 4;
    private static final long FIRST = 0x3_0000_0001L;
    private static final long SECOND = 0x3_0000_0002L;

    private static final Verdict VERDICT =
            new Verdict() {
                @Override
                public void violated(String invariant, String what) {
                    throw new AssertionError(invariant + ": " + what);
                }

                @Override
                public void reached(String what) {}
            };

    private final Facts facts = new Facts();

    private void is(TraceEvent event) {
        facts.on(event, VERDICT);
    }

    private static Stamp at() {
        return new Stamp(0, LEADER, 1);
    }

    private static Stamp atFollower() {
        return new Stamp(0, FOLLOWER, 1);
    }

    private void appends(long zxid) {
        is(new TraceEvent.Appended(at(), zxid, new byte[0]));
    }

    private void sends(int type, long zxid) {
        is(new TraceEvent.PacketSent(at(), LINK, new QuorumPacket(type, zxid)));
    }

    private void leadsUpToNewLeader() {
        is(new TraceEvent.LinkOpened(at(), LINK, 1, FOLLOWER, true));
        sends(PacketType.LEADERINFO, Zxids.startOf(EPOCH));
        sends(PacketType.NEWLEADER, Zxids.startOf(EPOCH));
    }

    @Test
    void what_a_leader_has_when_it_is_activated_is_committed() {
        appends(FIRST);
        appends(SECOND);
        leadsUpToNewLeader();
        assertThat(facts.history().size()).isZero();

        is(new TraceEvent.Activated(at(), EPOCH));

        assertThat(facts.history().last()).isEqualTo(SECOND);
    }

    @Test
    void so_it_is_when_it_hands_over_at_once_and_never_serves() {
        appends(FIRST);
        appends(SECOND);
        leadsUpToNewLeader();

        sends(PacketType.UPTODATE, -1);

        assertThat(facts.history().last()).isEqualTo(SECOND);
    }

    @Test
    void what_a_leader_proposes_is_not_when_somebody_else_joins() {
        appends(FIRST);
        leadsUpToNewLeader();
        is(new TraceEvent.Activated(at(), EPOCH));
        appends(Zxids.startOf(EPOCH) + 1);

        sends(PacketType.UPTODATE, -1);

        assertThat(facts.history().last()).isEqualTo(FIRST);
    }

    @Test
    void what_a_leader_has_from_one_that_never_served_is_committed_with_it() {
        appends(FIRST);
        appends(SECOND);
        is(new TraceEvent.LinkOpened(at(), LINK, 1, FOLLOWER, true));
        is(new TraceEvent.LinkOpened(atFollower(), OTHER_LINK, 1, LEADER, false));
        is(new TraceEvent.SnapshotSent(at(), LINK, SECOND));
        is(new TraceEvent.SnapshotReceived(atFollower(), OTHER_LINK));
        is(new TraceEvent.ReplacementAsked(atFollower(), SECOND));

        is(new TraceEvent.Activated(atFollower(), EPOCH));

        assertThat(facts.history().size()).isEqualTo(2);
    }
}
