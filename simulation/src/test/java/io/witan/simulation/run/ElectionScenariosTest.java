package io.witan.simulation.run;

import io.witan.simulation.fault.FaultKind;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.trace.DelegatingAgreement;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;
import io.witan.zab.Effect;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Leaders that can never become any.
class ElectionScenariosTest {

    /// Nobody stands still, so that a tick is a tick.
    private static final ScenarioRuns CHANGES_OF_MIND =
            ScenarioRuns.of(Profile.NETWORK)
                    .only(
                            FaultKind.BREAK,
                            FaultKind.PARTITION,
                            FaultKind.CLOG,
                            FaultKind.SLOW_NETWORK)
                    .where(plan -> plan.voters() > 2 && !plan.reconfigurations());

    private static final ScenarioRuns IN_PIECES =
            ScenarioRuns.of(Profile.CALM)
                    .where(plan -> plan.voters() > 2)
                    .planned(plan -> plan.withWeather(plan.weather().inPieces()));

    @Test
    void ZK_3109_a_leader_whose_voters_look_for_another_does_not_wait() {
        CHANGES_OF_MIND.areClean(2, new WithoutHope());
    }

    @Test
    void ZK_3109_one_that_waits_all_the_same_is_seen() {
        CHANGES_OF_MIND
                .agreeing(_ -> HearsNothingWhenItLeads::new)
                .areCaught(new WithoutHope(), Scenario.INVARIANT);
    }

    @Test
    void ZK_4203_4424_a_leader_that_nobody_can_reach_gives_up() {
        Unreachable unreachable = new Unreachable();
        ScenarioRuns.of(Profile.CALM)
                .where(plan -> plan.voters() > 1)
                .spoiling(unreachable::acceptor)
                .areClean(3, unreachable);
    }

    @Test
    void ZK_4203_4424_one_that_stays_is_seen() {
        Unreachable unreachable = new Unreachable();
        ScenarioRuns.of(Profile.CALM)
                .where(plan -> plan.voters() > 1)
                .spoiling(unreachable::acceptor)
                .agreeing(_ -> NeverGivesUp::new)
                .areCaught(unreachable, "V1");
    }

    /// What a server says first may come byte by byte.
    @Test
    void first_messages_come_in_pieces() {
        IN_PIECES.areClean(10, new LeaderIsFollowed());
    }

    @Test
    void one_that_is_read_once_is_seen() {
        IN_PIECES
                .spoiling(_ ->
                        new HostMutation() {
                            @Override
                            public boolean waitsForIntroductions() {
                                return false;
                            }
                        })
                .areCaught(new LeaderIsFollowed(), "V1", "V2");
    }

    @Test
    void ZK_3720_3188_servers_of_each_version_of_the_first_message_elect_together() {
        long[] versions = {InitialMessage.ANCIENT, InitialMessage.V1, InitialMessage.V2};
        ScenarioRuns.of(Profile.CALM)
                .where(plan -> plan.voters() > 2)
                .spoiling(sid -> new Introduced(versions[(int) (sid % versions.length)]))
                .areClean(4, new LeaderIsFollowed());
    }

    @Test
    void ZK_3720_one_that_nobody_knows_is_seen() {
        ScenarioRuns.of(Profile.CALM)
                .where(plan -> plan.voters() > 2)
                .spoiling(_ -> new Introduced(InitialMessage.V2 + 1))
                .areCaught(new LeaderIsFollowed(), "V1");
    }

    private static boolean isGettingReady(AgreementView view) {
        return view.state() == AgreementView.State.LEADING && !view.isServing();
    }

    private static final class HearsNothingWhenItLeads extends DelegatingAgreement {

        HearsNothingWhenItLeads(Agreement inner) {
            super(inner);
        }

        @Override
        public void notified(long fromSid, Notification notification) {
            if (!isGettingReady(inner.view())) {
                super.notified(fromSid, notification);
            }
        }
    }

    private static final class NeverGivesUp extends DelegatingAgreement {

        NeverGivesUp(Agreement inner) {
            super(inner);
        }

        @Override
        public void tick() {
            if (!isGettingReady(inner.view())) {
                super.tick();
            }
        }

        @Override
        public long wakeAtMillis() {
            return isGettingReady(inner.view()) ? Long.MAX_VALUE : super.wakeAtMillis();
        }
    }

    /// A server has been elected and waits for a quorum, and too many of its voters have told it
    /// that they look for another: it looks, too, within two ticks, and does not wait for
    /// initLimit.
    private static final class WithoutHope extends Scenario {

        private final Map<Long, Candidate> candidates = new TreeMap<>();
        private long patienceMicros;
        private int voters;

        private static final class Candidate {
            private final Set<Long> elsewhere = new TreeSet<>();
            private final Set<Long> here = new TreeSet<>();
            private final Map<Long, Long> links = new TreeMap<>();
            private long hopelessSince = -1;
        }

        @Override
        void begins(RunPlan plan) {
            candidates.clear();
            patienceMicros = 2L * plan.tickMillis() * 1000L;
            voters = plan.voters();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            candidates.forEach((sid, candidate) -> {
                if (candidate.hopelessSince >= 0
                        && event.micros() > candidate.hopelessSince + patienceMicros) {
                    violated(verdict, "server " + sid + " waits without hope");
                }
            });
            if (event instanceof TraceEvent.OnServer e) {
                onServer(e);
                Candidate candidate = candidates.get(e.sid());
                if (candidate != null) {
                    look(e, candidate);
                }
            }
        }

        private void onServer(TraceEvent.OnServer event) {
            long sid = event.sid();
            Candidate candidate = candidates.get(sid);
            switch (event) {
                case TraceEvent.StateChanged e -> {
                    if (e.state() == AgreementView.State.LEADING) {
                        candidates.putIfAbsent(sid, new Candidate());
                    } else if (candidate != null) {
                        times += candidate.hopelessSince >= 0 ? 1 : 0;
                        candidates.remove(sid);
                    }
                }
                case TraceEvent.Crashed _, TraceEvent.Established _ -> candidates.remove(sid);
                case TraceEvent.NotificationReceived e when candidate != null -> {
                    if (e.notification().state() == Notification.LOOKING) {
                        if (e.notification().leader() == sid) {
                            candidate.elsewhere.remove(e.fromSid());
                        } else {
                            candidate.elsewhere.add(e.fromSid());
                        }
                    }
                }
                case TraceEvent.LinkOpened e when candidate != null ->
                        candidate.links.put(e.link(), e.peerSid());
                case TraceEvent.PacketReceived e when candidate != null -> {
                    Long peer = candidate.links.get(e.link());
                    if (peer != null && e.packet().type() == PacketType.FOLLOWERINFO) {
                        candidate.here.add(peer);
                    }
                }
                default -> {}
            }
        }

        private void look(TraceEvent.OnServer event, Candidate candidate) {
            int possible = 0;
            for (long sid = 1; sid <= voters; sid++) {
                boolean comes = !candidate.elsewhere.contains(sid) || candidate.here.contains(sid);
                possible += comes || sid == event.sid() ? 1 : 0;
            }
            if (possible > voters / 2) {
                candidate.hopelessSince = -1;
            } else if (candidate.hopelessSince < 0) {
                candidate.hopelessSince = event.micros();
            }
        }
    }

    /// Whoever comes to lead first on a server has a port for learners that is dead.
    private static final class Unreachable extends Scenario {

        private int dead;

        @Override
        void begins(RunPlan plan) {
            dead = 0;
        }

        HostMutation acceptor(long sid) {
            return new HostMutation() {

                private boolean hasDied;

                @Override
                public @Nullable Effect carryOut(Effect effect) {
                    if (hasDied || !(effect instanceof Effect.AcceptLearners)) {
                        return effect;
                    }
                    hasDied = true;
                    dead++;
                    return null;
                }
            };
        }

        @Override
        void ended(Result result) {
            times += dead;
        }
    }

    private record Introduced(long version) implements HostMutation {

        @Override
        public InitialMessage introduction(InitialMessage own) {
            return new InitialMessage(version, own.sid(), own.addresses());
        }
    }

    private static final class LeaderIsFollowed extends Scenario {

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Following) {
                times++;
            }
        }
    }
}
