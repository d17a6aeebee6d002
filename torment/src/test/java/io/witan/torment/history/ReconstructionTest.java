package io.witan.torment.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.simulation.check.Checkers;
import io.witan.simulation.trace.ClientStamp;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Violation;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.CreateRequest;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Acl;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/// What clients of a real ensemble were told, held against what its logs say.
class ReconstructionTest {

    private static final long OPENED = Zxids.startOf(1) + 1;
    private static final long CREATED = OPENED + 1;

    private static final Request SYNC = new Request.OfPath(OpCode.SYNC, Txns.bytes("/"));

    private final List<TraceEvent> recorded = new ArrayList<>();
    private final TreeMap<Long, byte[]> logged = new TreeMap<>();
    private long micros;

    @Test
    void what_was_acknowledged_and_is_in_the_logs_is_right() {
        opens();
        creates(1, "/a");
        answered(1, CREATED, "/a");

        assertThat(judged()).isNull();
    }

    @Test
    void an_acknowledged_write_that_no_log_holds_is_lost() {
        opens();
        creates(1, "/a");
        answered(1, CREATED, "/a");
        logged.remove(CREATED);

        assertThat(broken()).isEqualTo("L6");
    }

    @Test
    void an_answer_that_is_not_what_the_log_says_is_wrong() {
        opens();
        creates(1, "/a");
        answered(1, CREATED, "/b");

        assertThat(broken()).isEqualTo("L1");
    }

    @Test
    void a_write_that_takes_effect_before_it_was_asked_is_wrong() {
        opens();
        logged.put(CREATED, Txns.create(7, CREATED, "/a"));
        recorded.add(new TraceEvent.PingAnswered(stamp(), Txns.SESSION, CREATED));
        recorded.add(new TraceEvent.Invoked(stamp(), Txns.SESSION, 7, request("/a")));

        assertThat(broken()).isEqualTo("L1");
    }

    @Test
    void a_write_without_an_answer_may_be_there_or_not() {
        opens();
        creates(1, "/a");
        assertThat(judged()).isNull();

        logged.remove(CREATED);
        assertThat(judged()).isNull();
    }

    @Test
    void a_session_that_sees_less_than_before_is_wrong() {
        opens();
        creates(1, "/a");
        answered(1, CREATED, "/a");
        recorded.add(new TraceEvent.PingAnswered(stamp(), Txns.SESSION, OPENED));

        assertThat(broken()).isEqualTo("L4");
    }

    @Test
    void a_sync_that_ends_before_what_others_have_seen_is_wrong_where_syncs_are_confirmed() {
        opens();
        long other = Txns.SESSION + 1;
        long otherOpened = OPENED + 1;
        long created = OPENED + 2;
        logged.put(otherOpened, Txns.createSession(otherOpened, other));
        recorded.add(new TraceEvent.ConnectAsked(stamp(2), 2, 0, 0, 4_000, false, true));
        recorded.add(new TraceEvent.ConnectAnswered(stamp(2), 2, other, 4_000, true, false));
        logged.put(created, Txns.create(1, created, "/a"));
        recorded.add(new TraceEvent.Invoked(stamp(), Txns.SESSION, 1, request("/a")));
        answered(1, created, "/a");
        recorded.add(new TraceEvent.Invoked(stamp(2), other, 1, SYNC));
        recorded.add(
                new TraceEvent.Replied(
                        stamp(2), other, 1, otherOpened, 0, new Reply.OfPath(Txns.bytes("/"))));

        assertThat(broken()).isEqualTo("L3");
        assertThat(judged(false)).isNull();
    }

    private void opens() {
        logged.put(OPENED, Txns.createSession(OPENED));
        recorded.add(new TraceEvent.ConnectAsked(stamp(), 1, 0, 0, 4_000, false, true));
        recorded.add(new TraceEvent.ConnectAnswered(stamp(), 1, Txns.SESSION, 4_000, true, false));
    }

    private void creates(int xid, String path) {
        logged.put(CREATED, Txns.create(xid, CREATED, path));
        recorded.add(new TraceEvent.Invoked(stamp(), Txns.SESSION, xid, request(path)));
    }

    private static Request request(String path) {
        return new Request.Create(
                OpCode.CREATE,
                new CreateRequest(Txns.bytes(path), null, Acl.OPEN, CreateFlags.PERSISTENT, 0));
    }

    private void answered(int xid, long zxid, String path) {
        recorded.add(
                new TraceEvent.Replied(
                        stamp(), Txns.SESSION, xid, zxid, 0, new Reply.OfPath(Txns.bytes(path))));
    }

    private ClientStamp stamp() {
        return stamp(1);
    }

    private ClientStamp stamp(int client) {
        return new ClientStamp(++micros, client, 1);
    }

    private String broken() {
        return Objects.requireNonNull(judged(), "all is well").invariant();
    }

    private @Nullable Violation judged() {
        return judged(true);
    }

    private @Nullable Violation judged(boolean syncsAreConfirmed) {
        var history = CommittedHistory.of(List.of(new ServerLog(1, logged, 1)), List.of());
        List<TraceEvent> all = new ArrayList<>(recorded);
        all.add(new TraceEvent.Ended(++micros));
        Trace trace = new Trace(Checkers.ofClients(syncsAreConfirmed), 1);
        Reconstruction.of(all, history, new LeaderTimes(), 0).forEach(trace::record);
        return trace.violation();
    }
}
