package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.zab.Zxids;

import java.util.SortedMap;
import java.util.TreeMap;

/// E1 to E3: leaders and epochs.
final class EpochCheckers {

    private EpochCheckers() {}

    /// E1: an epoch has one leader, over the whole run; and that leader has it once.
    static final class OneLeader implements Checker {

        private final SortedMap<Long, String> established = new TreeMap<>();
        private final SortedMap<Long, String> activated = new TreeMap<>();

        @Override
        public String invariant() {
            return "E1 C1";
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Established e -> once(established, e.epoch(), e, verdict);
                case TraceEvent.Activated e -> {
                    once(activated, e.epoch(), e, verdict);
                    String by = established.get(e.epoch());
                    if (by != null && !by.equals(name(e))) {
                        verdict.violated(
                                "E1",
                                "epoch "
                                        + e.epoch()
                                        + " was established by "
                                        + by
                                        + " and is led by "
                                        + name(e));
                    }
                }
                case TraceEvent.Following e when !activated.containsKey(e.epoch()) ->
                        verdict.violated(
                                "C1",
                                "server "
                                        + e.sid()
                                        + " serves in epoch "
                                        + e.epoch()
                                        + ", which nobody leads yet");
                default -> {
                    // Not about who leads.
                }
            }
        }

        private static void once(
                SortedMap<Long, String> leaders,
                long epoch,
                TraceEvent.OnServer event,
                Verdict verdict) {
            String before = leaders.putIfAbsent(epoch, name(event));
            if (before != null) {
                verdict.violated(
                        "E1",
                        "epoch " + epoch + " has two leaders: " + before + ", " + name(event));
            }
        }

        private static String name(TraceEvent.OnServer event) {
            return "server " + event.sid() + "." + event.incarnation();
        }
    }

    /// E2: the promise never to follow an older epoch survives everything, and is durable before it
    /// is given.
    static final class Promises implements Checker {

        private final Facts facts;
        private final SortedMap<Long, Long> highest = new TreeMap<>();

        Promises(Facts facts) {
            this.facts = facts;
        }

        @Override
        public String invariant() {
            return "E2";
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Started e -> {
                    if (e.wasEmpty()) {
                        highest.remove(e.sid());
                    }
                    rises(e.sid(), e.acceptedEpoch(), verdict);
                }
                case TraceEvent.AcceptedEpochStored e -> rises(e.sid(), e.epoch(), verdict);
                case TraceEvent.PacketSent e when e.packet().type() == PacketType.ACKEPOCH -> {
                    LinkFact link = facts.link(e.sid(), e.link());
                    if (link != null && link.leaderInfoEpoch > durable(e.sid())) {
                        verdict.violated(
                                "E2",
                                "ACKEPOCH for epoch "
                                        + link.leaderInfoEpoch
                                        + " leaves while only "
                                        + durable(e.sid())
                                        + " is durable");
                    }
                }
                case TraceEvent.Established e when e.epoch() > durable(e.sid()) ->
                        verdict.violated(
                                "E2",
                                "epoch "
                                        + e.epoch()
                                        + " is established while its leader's own promise,"
                                        + durable(e.sid())
                                        + ", is all that is durable");
                default -> {
                    // Promises nothing.
                }
            }
        }

        private long durable(long sid) {
            return highest.getOrDefault(sid, 0L);
        }

        private void rises(long sid, long epoch, Verdict verdict) {
            if (epoch < durable(sid)) {
                verdict.violated(
                        "E2",
                        "accepted epoch of server "
                                + sid
                                + " falls from "
                                + durable(sid)
                                + " to "
                                + epoch);
            }
            highest.merge(sid, epoch, Math::max);
        }
    }

    /// E3: on disk, at every moment, `epoch(lastZxid) <= currentEpoch <= acceptedEpoch`.
    static final class EpochsOnDisk implements Checker {

        private final Facts facts;

        EpochsOnDisk(Facts facts) {
            this.facts = facts;
        }

        @Override
        public String invariant() {
            return "E3";
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Started e -> holds(e.sid(), e.lastZxid(), verdict);
                case TraceEvent.CurrentEpochStored e -> {
                    ServerFact server = facts.server(e.sid());
                    if (e.epoch() > server.acceptedEpoch) {
                        verdict.violated(
                                "E3",
                                "current epoch "
                                        + e.epoch()
                                        + " is durable, accepted epoch is only "
                                        + server.acceptedEpoch);
                    }
                }
                case TraceEvent.Durable e -> holds(e.sid(), e.zxid(), verdict);
                default -> {
                    // Nothing on disk changes.
                }
            }
        }

        private void holds(long sid, long lastZxid, Verdict verdict) {
            ServerFact server = facts.server(sid);
            if (Zxids.epoch(lastZxid) > server.currentEpoch
                    || server.currentEpoch > server.acceptedEpoch) {
                verdict.violated(
                        "E3",
                        "on the disk of server "
                                + sid
                                + ": last transaction "
                                + Zxids.hex(lastZxid)
                                + ", current epoch "
                                + server.currentEpoch
                                + ", accepted epoch "
                                + server.acceptedEpoch);
            }
        }
    }
}
