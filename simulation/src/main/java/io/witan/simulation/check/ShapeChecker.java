package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// Z9 and Z10: zxids have no holes, anywhere, and each stands for one transaction for ever.
final class ShapeChecker implements Checker {

    private final Facts facts;

    /// The bytes that each zxid stands for.
    private final SortedMap<Long, byte[]> meanings = new TreeMap<>();

    /// The end of each server's log, from before the event at hand.
    private final SortedMap<Long, Long> logEnds = new TreeMap<>();

    /// The last transaction proposed by each server.
    private final SortedMap<Long, Long> lastProposed = new TreeMap<>();

    /// The last transaction on a link, one direction, from before the event at hand.
    private final SortedMap<String, Long> lastOnLink = new TreeMap<>();

    ShapeChecker(Facts facts) {
        this.facts = facts;
    }

    @Override
    public String invariant() {
        return "Z9 Z10";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Proposed e -> {
                Long before = lastProposed.put(e.sid(), e.zxid());
                boolean continues = before != null && Zxids.epoch(before) == Zxids.epoch(e.zxid());
                if (continues ? e.zxid() != before + 1 : Zxids.counter(e.zxid()) != 1) {
                    verdict.violated(
                            "Z9",
                            Zxids.hex(e.zxid())
                                    + " is proposed after "
                                    + (before == null ? "nothing" : Zxids.hex(before)));
                }
                means(e.zxid(), e.txn(), verdict);
            }
            case TraceEvent.Appended e -> {
                long before = logEnds.getOrDefault(e.sid(), 0L);
                if (before != 0 && !Zxids.follows(before, e.zxid())) {
                    verdict.violated(
                            "Z9",
                            Zxids.hex(e.zxid())
                                    + " is appended to a log that ends with "
                                    + Zxids.hex(before));
                }
                means(e.zxid(), e.txn(), verdict);
            }
            case TraceEvent.Delivered e -> means(e.zxid(), e.txn(), verdict);
            case TraceEvent.PacketSent e -> onLink(e, e.link(), e.packet(), ">", verdict);
            case TraceEvent.PacketReceived e -> onLink(e, e.link(), e.packet(), "<", verdict);
            default -> {
                // No transaction.
            }
        }
        if (event instanceof TraceEvent.OnServer server) {
            logEnds.put(server.sid(), facts.server(server.sid()).log.last());
        }
    }

    private void onLink(
            TraceEvent.OnServer event,
            long link,
            QuorumPacket packet,
            String direction,
            Verdict verdict) {
        boolean plain = packet.type() == PacketType.PROPOSAL || packet.type() == PacketType.INFORM;
        if (!plain && packet.type() != PacketType.INFORMANDACTIVATE) {
            return;
        }
        String key = event.sid() + "." + event.incarnation() + direction + link;
        Long before = lastOnLink.put(key, packet.zxid());
        if (before != null && direction.equals(">") && !Zxids.follows(before, packet.zxid())) {
            verdict.violated(
                    "Z9", Zxids.hex(packet.zxid()) + " is sent after " + Zxids.hex(before));
        }
        byte[] txn = packet.data();
        if (plain && txn != null) {
            means(packet.zxid(), txn, verdict);
        }
    }

    private void means(long zxid, byte[] txn, Verdict verdict) {
        byte[] before = meanings.putIfAbsent(zxid, txn);
        if (before != null && !Arrays.equals(before, txn)) {
            verdict.violated("Z10", Zxids.hex(zxid) + " stands for two transactions");
        }
    }
}
