package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Zxids;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Z9 and Z10: zxids have no holes, anywhere, and each stands for one transaction for ever.
final class ShapeChecker implements Checker {

    private final Facts facts;

    /// The bytes that each zxid stands for.
    private final Map<Long, byte[]> meanings = new HashMap<>();

    /// The last transaction proposed by each server.
    private final SortedMap<Long, Long> lastProposed = new TreeMap<>();

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
                long before = facts.server(e.sid()).logEndBefore;
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
            case TraceEvent.PacketSent e -> {
                if (carriesTxn(e.packet())) {
                    sent(e, verdict);
                    means(e.packet(), verdict);
                }
            }
            case TraceEvent.PacketReceived e -> {
                if (carriesTxn(e.packet())) {
                    means(e.packet(), verdict);
                }
            }
            default -> {
                // No transaction.
            }
        }
    }

    private static boolean carriesTxn(QuorumPacket packet) {
        return packet.type() == PacketType.PROPOSAL
                || packet.type() == PacketType.INFORM
                || packet.type() == PacketType.INFORMANDACTIVATE;
    }

    private void sent(TraceEvent.PacketSent e, Verdict verdict) {
        LinkFact link = facts.link(e.sid(), e.link());
        if (link == null) {
            return; // Others say so.
        }
        long before = link.lastTxnSent;
        link.lastTxnSent = e.packet().zxid();
        if (before >= 0 && !Zxids.follows(before, e.packet().zxid())) {
            verdict.violated(
                    "Z9", Zxids.hex(e.packet().zxid()) + " is sent after " + Zxids.hex(before));
        }
    }

    private void means(QuorumPacket packet, Verdict verdict) {
        byte[] txn = packet.data();
        // That of a reconfiguration has the leader to be before it.
        if (txn != null && packet.type() != PacketType.INFORMANDACTIVATE) {
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
