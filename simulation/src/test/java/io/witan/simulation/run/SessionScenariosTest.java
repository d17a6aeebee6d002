package io.witan.simulation.run;

import io.witan.replica.ConnectThrottle;
import io.witan.replica.ReplicaSettings;
import io.witan.replica.member.MemberSettings;
import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.server.ServerPlan;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who gets a session.
class SessionScenariosTest {

    private static final ScenarioRuns READERS =
            ScenarioRuns.of(Profile.NETWORK).where(RunPlan::readOnlyMode);

    /// The original answers with something that is no connect response: clients here could not read
    /// it.
    @Test
    void where_there_are_no_local_sessions_readers_get_none() {
        READERS.where(plan -> !plan.localSessions()).areClean(5, new ReadersGetNone());
    }

    @Test
    void a_session_of_a_reader_is_seen() {
        READERS.where(RunPlan::localSessions).areCaught(new ReadersGetNone(), Scenario.INVARIANT);
    }

    /// So many tokens come in, for each millisecond since the last connection, that their number
    /// goes beyond that of an int at once.
    @Test
    void ZK_4933_the_tokens_of_the_throttle_do_not_overflow() {
        ScenarioRuns.of(Profile.DEFAULT)
                .spoiling(_ -> new Throttled(1, Integer.MAX_VALUE))
                .areClean(20, new SessionsBegin());
    }

    @Test
    void ZK_4933_a_throttle_that_lets_nobody_in_any_more_is_seen() {
        ScenarioRuns.of(Profile.DEFAULT)
                .spoiling(_ -> new Throttled(Integer.MAX_VALUE, 1))
                .areCaught(new SessionsBegin(), "V1");
    }

    /// No server that has no leader gives anybody a session.
    private static final class ReadersGetNone extends Scenario {

        private final Set<Long> reading = new TreeSet<>();

        /// By client: the server that it has asked for a new session, while that served readers.
        private final Map<Integer, Long> asked = new TreeMap<>();

        @Override
        void begins(RunPlan plan) {
            reading.clear();
            asked.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.StartedReadOnly e -> reading.add(e.sid());
                case TraceEvent.StoppedServing e -> reading.remove(e.sid());
                case TraceEvent.Started e -> reading.remove(e.sid());
                case TraceEvent.Crashed e -> reading.remove(e.sid());
                case TraceEvent.ConnectAsked e -> {
                    if (e.sessionId() == 0 && e.readOnly() && reading.contains(e.serverSid())) {
                        asked.put(e.client(), e.serverSid());
                    } else {
                        asked.remove(e.client());
                    }
                }
                case TraceEvent.ConnectAnswered e -> {
                    asked.remove(e.client());
                    if (e.readOnly() && e.sessionId() != 0) {
                        violated(verdict, "client " + e.client() + " gets a session of a reader");
                    }
                }
                case TraceEvent.Disconnected e -> times += asked.remove(e.client()) != null ? 1 : 0;
                default -> {}
            }
        }
    }

    private record Throttled(int fillMillis, int fillCount) implements HostMutation {

        @Override
        public ServerPlan plan(ServerPlan plan) {
            MemberSettings member = plan.member();
            return plan.withMember(
                    new MemberSettings(
                            member.peer(),
                            throttled(member.replica()),
                            member.rules(),
                            member.snapshotFieldBytesMax(),
                            member.leaderServes()));
        }

        private ReplicaSettings throttled(ReplicaSettings replica) {
            return new ReplicaSettings(
                    replica.serverId(),
                    replica.tickTimeMillis(),
                    replica.sessionTimeoutMinMillis(),
                    replica.sessionTimeoutMaxMillis(),
                    replica.localSessions(),
                    replica.localSessionsUpgrading(),
                    replica.outstandingMax(),
                    replica.outstandingBytesMax(),
                    replica.largeRequestBytes(),
                    replica.largeRequestsBytesMax(),
                    replica.decodeBytesMax(),
                    replica.watchBytesMax(),
                    replica.requiredSchemes(),
                    new ConnectThrottle.Settings(
                            2, fillMillis, fillCount, -1, 0.02, 0.002, 0, false, 3, 2, 1),
                    replica.containerSweep());
        }
    }

    private static final class SessionsBegin extends Scenario {

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.ConnectAnswered e && e.sessionId() != 0) {
                times++;
            }
        }
    }
}
