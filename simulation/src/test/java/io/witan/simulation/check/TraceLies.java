package io.witan.simulation.check;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.ZnodeImage;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.wire.data.Stat;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// Lies, one for each invariant that no seeded defect of a server reaches for certain.
@SuppressWarnings("ReferenceEquality") // whether a lie was told is whether it is another object
final class TraceLies {

    private final List<Lie> lies = new ArrayList<>();

    private TraceLies() {
        epochs();
        histories();
        disks();
        trees();
        clients();
    }

    static List<Lie> all() {
        return new TraceLies().lies;
    }

    /// What is put in the place of an event; the event itself for the truth.
    interface Telling {
        List<TraceEvent> instead(TraceEvent event, List<TraceEvent> before);
    }

    /// @param invariant that it breaks
    record Lie(String invariant, String name, Telling telling) {

        /// Copies the trace and tells the lie at the first event that it is about.
        ///
        /// @return whether there was one
        boolean tell(List<TraceEvent> trace, List<TraceEvent> out) {
            boolean told = false;
            for (TraceEvent event : trace) {
                List<TraceEvent> instead = told ? List.of(event) : telling.instead(event, out);
                told |= instead.size() != 1 || instead.getFirst() != event;
                out.addAll(instead);
            }
            return told;
        }

        @Override
        public String toString() {
            return invariant + " " + name;
        }
    }

    private void add(String invariant, String name, Telling telling) {
        lies.add(new Lie(invariant, name, telling));
    }

    private void epochs() {
        add(
                "E1",
                "a second leader of an epoch",
                (event, _) ->
                        event instanceof TraceEvent.Activated e
                                ? List.of(e, new TraceEvent.Activated(other(e.at()), e.epoch()))
                                : List.of(event));
        add(
                "E2",
                "a promise falls",
                (event, _) ->
                        event instanceof TraceEvent.AcceptedEpochStored e && e.epoch() > 1
                                ? List.of(
                                        e,
                                        new TraceEvent.AcceptedEpochStored(e.at(), e.epoch() - 1))
                                : List.of(event));
        add(
                "E3",
                "a log that is newer than the epoch",
                (event, _) ->
                        event instanceof TraceEvent.Durable e
                                ? List.of(
                                        e,
                                        new TraceEvent.Durable(
                                                e.at(), e.zxid() + Zxids.startOf(100)))
                                : List.of(event));
    }

    private void histories() {
        add(
                "Z2",
                "a tree that nobody else had",
                (event, _) ->
                        event instanceof TraceEvent.Delivered e
                                ? List.of(
                                        new TraceEvent.TreeLoaded(e.at(), e.zxid() + 500, 1, false),
                                        e)
                                : List.of(event));
        add(
                "Z3",
                "a transaction is left out at the turn of an epoch",
                (event, before) -> {
                    if (event instanceof TraceEvent.Delivered e && Zxids.counter(e.zxid()) == 1) {
                        long last = lastDelivered(e.sid(), before);
                        if (Zxids.counter(last) > 1 && Zxids.epoch(last) < Zxids.epoch(e.zxid())) {
                            return List.of(
                                    new TraceEvent.TreeLoaded(e.at(), last - 1, 1, false), e);
                        }
                    }
                    return List.of(event);
                });
        add(
                "Z5",
                "an old transaction after a newer one",
                (event, _) ->
                        event instanceof TraceEvent.Delivered e && Zxids.epoch(e.zxid()) > 1
                                ? List.of(
                                        e,
                                        new TraceEvent.Delivered(
                                                e.at(), Zxids.startOf(1) + 1, e.txn()))
                                : List.of(event));
        add(
                "Z6",
                "a leader that has lost what is committed",
                (event, _) ->
                        event instanceof TraceEvent.Activated e && e.epoch() > 1
                                ? List.of(new TraceEvent.TruncationAsked(e.at(), 0), e)
                                : List.of(event));
        add(
                "Z7",
                "another content of a committed transaction",
                (event, before) ->
                        event instanceof TraceEvent.Delivered e
                                        && before.stream().anyMatch(b -> deliveredElsewhere(b, e))
                                ? List.of(
                                        new TraceEvent.Delivered(
                                                e.at(), e.zxid(), altered(e.txn())))
                                : List.of(event));
        add(
                "Z8",
                "a learner that adopts an epoch without its history",
                (event, _) ->
                        event instanceof TraceEvent.PacketSent e
                                        && e.packet().type() == PacketType.ACK
                                        && Zxids.counter(e.packet().zxid()) == 0
                                        && Zxids.epoch(e.packet().zxid()) > 1
                                ? List.of(new TraceEvent.TruncationAsked(e.at(), 0), e)
                                : List.of(event));
        add(
                "P1",
                "a learner that keeps what its leader does not have",
                (event, before) ->
                        event instanceof TraceEvent.PacketSent e
                                        && e.packet().type() == PacketType.ACK
                                        && Zxids.counter(e.packet().zxid()) == 0
                                ? List.of(
                                        new TraceEvent.Appended(
                                                e.at(),
                                                Zxids.startOf(Zxids.epoch(e.packet().zxid())) - 1,
                                                new byte[0]),
                                        e)
                                : List.of(event));
        add(
                "P2",
                "a committed log that shrinks",
                (event, _) ->
                        event instanceof TraceEvent.Activated e && e.epoch() > 1
                                ? List.of(
                                        new TraceEvent.TruncationAsked(e.at(), Zxids.startOf(1)), e)
                                : List.of(event));
        add(
                "P3",
                "a leader established without what is committed",
                (event, _) ->
                        event instanceof TraceEvent.Established e && e.epoch() > 1
                                ? List.of(new TraceEvent.TruncationAsked(e.at(), 0), e)
                                : List.of(event));
        add(
                "C2",
                "TRUNC to where the leader never was",
                (event, _) ->
                        event instanceof TraceEvent.PacketSent e
                                        && e.packet().type() == PacketType.DIFF
                                ? List.of(
                                        new TraceEvent.PacketSent(
                                                e.at(),
                                                e.link(),
                                                new QuorumPacket(
                                                        PacketType.TRUNC, Zxids.startOf(90) + 7)))
                                : List.of(event));
    }

    private void disks() {
        add(
                "D3",
                "a server that looks writes",
                (event, _) ->
                        event instanceof TraceEvent.NotificationSent e
                                        && e.notification().state() == 0
                                ? List.of(
                                        e,
                                        new TraceEvent.Appended(
                                                e.at(), Zxids.startOf(90) + 1, new byte[0]))
                                : List.of(event));
        add(
                "D4",
                "a disk that has lost what was durable",
                (event, _) ->
                        event instanceof TraceEvent.Started e && Zxids.counter(e.lastZxid()) > 3
                                ? List.of(started(e, e.lastZxid() - 1, e.lastZxid() - 1))
                                : List.of(event));
        add(
                "D5",
                "a tree that is not what the log says",
                (event, _) ->
                        event instanceof TraceEvent.Started e && Zxids.counter(e.lastZxid()) > 3
                                ? List.of(started(e, e.lastZxid(), e.lastZxid() - 1))
                                : List.of(event));
        add(
                "D6",
                "a truncation that is undone",
                (event, _) ->
                        event instanceof TraceEvent.Started e && Zxids.counter(e.lastZxid()) > 3
                                ? List.of(
                                        new TraceEvent.TruncationAsked(e.at(), e.lastZxid() - 1),
                                        new TraceEvent.Truncated(e.at(), e.lastZxid() - 1),
                                        e)
                                : List.of(event));
        add(
                "D7",
                "a snapshot that is gone",
                (event, _) ->
                        event instanceof TraceEvent.Started e && Zxids.counter(e.lastZxid()) > 3
                                ? List.of(
                                        new TraceEvent.SnapshotStored(
                                                e.at(), e.lastZxid() + 1, false),
                                        e)
                                : List.of(event));
        add(
                "D8",
                "in the tree and not in the log",
                (event, _) ->
                        event instanceof TraceEvent.Appended e && Zxids.counter(e.zxid()) > 5
                                ? List.of()
                                : List.of(event));
    }

    private void trees() {
        add(
                "X1",
                "another digest",
                (event, before) ->
                        event instanceof TraceEvent.TreeIs e
                                        && before.stream()
                                                .anyMatch(b ->
                                                        b instanceof TraceEvent.TreeIs t
                                                                && t.zxid() == e.zxid())
                                ? List.of(new TraceEvent.TreeIs(e.at(), e.zxid(), e.digest() + 1))
                                : List.of(event));
        add(
                "X2",
                "a stat that drifts",
                (event, _) ->
                        event instanceof TraceEvent.Census e && e.znodes().containsKey("/")
                                ? List.of(withRoot(e))
                                : List.of(event));
        add(
                "S1",
                "an ephemeral whose session is gone",
                (event, _) ->
                        event instanceof TraceEvent.Census e
                                        && e.znodes().values().stream()
                                                .anyMatch(z -> z.stat().ephemeralOwner() != 0)
                                ? List.of(
                                        new TraceEvent.Census(
                                                e.at(), e.zxid(), e.znodes(), new TreeMap<>()))
                                : List.of(event));
        add(
                "Q1",
                "a quota that miscounts",
                (event, _) ->
                        event instanceof TraceEvent.Census e
                                        && e.znodes()
                                                .containsKey("/zookeeper/quota/a/zookeeper_stats")
                                ? List.of(withQuota(e))
                                : List.of(event));
    }

    private void clients() {
        add(
                "L1",
                "an acknowledged write that is nowhere",
                (event, _) ->
                        event instanceof TraceEvent.Replied e
                                        && e.err() == ErrorCode.OK
                                        && e.reply() instanceof Reply.OfStat
                                ? List.of(
                                        new TraceEvent.Invoked(
                                                e.at(),
                                                e.sessionId(),
                                                e.xid(),
                                                new Request.Delete(
                                                        "/nowhere".getBytes(StandardCharsets.UTF_8),
                                                        -1)),
                                        new TraceEvent.Replied(
                                                e.at(),
                                                e.sessionId(),
                                                e.xid() + 100_000,
                                                e.zxid(),
                                                e.err(),
                                                null),
                                        e)
                                : List.of(event));
        add(
                "L3",
                "a sync that leaves something behind",
                (event, before) ->
                        event instanceof TraceEvent.Replied e
                                        && isSync(e, before)
                                        && Zxids.counter(e.zxid()) > 2
                                ? List.of(
                                        new TraceEvent.Replied(
                                                e.at(),
                                                e.sessionId(),
                                                e.xid(),
                                                Zxids.startOf(1) + 1,
                                                e.err(),
                                                e.reply()))
                                : List.of(event));
        add(
                "S2",
                "a number that is given twice",
                (event, before) ->
                        event instanceof TraceEvent.Replied e
                                        && e.reply() instanceof Reply.OfPath
                                        && isSequential(e, before)
                                ? List.of(e, again(e, before), e)
                                : List.of(event));
        add(
                "S4",
                "a wrong password that opens a session",
                (event, _) ->
                        event instanceof TraceEvent.ConnectAsked e && e.passwordIsRight()
                                ? List.of(
                                        new TraceEvent.ConnectAsked(
                                                e.at(),
                                                e.serverSid(),
                                                e.sessionId(),
                                                e.lastZxidSeen(),
                                                e.timeoutMillis(),
                                                e.readOnly(),
                                                false))
                                : List.of(event));
        add(
                "V1",
                "clients that are not served",
                (event, _) ->
                        event instanceof TraceEvent.Healed e
                                ? List.of(
                                        new TraceEvent.Healed(
                                                e.micros(), e.core(), List.of(99), e.boundMicros()))
                                : List.of(event));
        add(
                "V2",
                "a server that has missed what was acknowledged",
                (event, _) ->
                        event instanceof TraceEvent.Ended e
                                ? List.of(
                                        new TraceEvent.Census(
                                                new Stamp(e.micros(), 1, 1),
                                                1,
                                                new TreeMap<>(),
                                                new TreeMap<>()),
                                        e)
                                : List.of(event));
        add(
                "V3",
                "a server whose own check fails",
                (event, _) ->
                        event instanceof TraceEvent.Activated e
                                ? List.of(new TraceEvent.Broke(e.at(), "check"), e)
                                : List.of(event));
    }

    // ---- words

    private static Stamp other(Stamp at) {
        return new Stamp(at.micros(), at.sid() == 1 ? 2 : 1, at.incarnation());
    }

    private static boolean deliveredElsewhere(TraceEvent before, TraceEvent.Delivered event) {
        return before instanceof TraceEvent.Delivered other
                && other.zxid() == event.zxid()
                && other.sid() != event.sid();
    }

    private static long lastDelivered(long sid, List<TraceEvent> before) {
        for (int i = before.size() - 1; i >= 0; i--) {
            if (before.get(i) instanceof TraceEvent.Delivered d && d.sid() == sid) {
                return d.zxid();
            }
        }
        return 0;
    }

    private static byte[] altered(byte[] bytes) {
        byte[] other = bytes.clone();
        other[other.length - 1] ^= 1;
        return other;
    }

    private static TraceEvent started(TraceEvent.Started e, long lastZxid, long treeZxid) {
        return new TraceEvent.Started(
                e.at(),
                e.acceptedEpoch(),
                e.currentEpoch(),
                lastZxid,
                treeZxid,
                e.treeDigest(),
                e.wasEmpty(),
                e.mayVote());
    }

    private static TraceEvent withRoot(TraceEvent.Census e) {
        SortedMap<String, ZnodeImage> znodes = new TreeMap<>(e.znodes());
        ZnodeImage root = Objects.requireNonNull(znodes.get("/"));
        Stat s = root.stat();
        znodes.put(
                "/",
                new ZnodeImage(
                        root.data(),
                        new Stat(
                                s.czxid(),
                                s.mzxid(),
                                s.ctime(),
                                s.mtime(),
                                s.version(),
                                s.cversion() + 1,
                                s.aversion(),
                                s.ephemeralOwner(),
                                s.dataLength(),
                                s.numChildren(),
                                s.pzxid()),
                        root.acl()));
        return new TraceEvent.Census(e.at(), e.zxid(), znodes, e.sessionTimeouts());
    }

    private static TraceEvent withQuota(TraceEvent.Census e) {
        SortedMap<String, ZnodeImage> znodes = new TreeMap<>(e.znodes());
        String path = "/zookeeper/quota/a/zookeeper_stats";
        ZnodeImage stats = Objects.requireNonNull(znodes.get(path));
        znodes.put(
                path,
                new ZnodeImage(
                        "count=77,bytes=7".getBytes(StandardCharsets.UTF_8),
                        stats.stat(),
                        stats.acl()));
        return new TraceEvent.Census(e.at(), e.zxid(), znodes, e.sessionTimeouts());
    }

    private static boolean isSync(TraceEvent.Replied e, List<TraceEvent> before) {
        return asked(e, before) instanceof Request.OfPath r
                && r.type() == OpCode.SYNC
                && e.err() == ErrorCode.OK;
    }

    private static boolean isSequential(TraceEvent.Replied e, List<TraceEvent> before) {
        return asked(e, before) instanceof Request.Create r
                && CreateFlags.isSequential(r.body().flags());
    }

    private static TraceEvent again(TraceEvent.Replied e, List<TraceEvent> before) {
        return new TraceEvent.Invoked(e.at(), e.sessionId(), e.xid(), asked(e, before));
    }

    private static Request asked(TraceEvent.Replied e, List<TraceEvent> before) {
        for (int i = before.size() - 1; i >= 0; i--) {
            if (before.get(i) instanceof TraceEvent.Invoked asked
                    && asked.sessionId() == e.sessionId()
                    && asked.xid() == e.xid()) {
                return asked.request();
            }
        }
        throw new IllegalStateException("never asked");
    }
}
