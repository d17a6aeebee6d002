package io.witan.torment.history;

import io.witan.torment.server.Product;
import io.witan.torment.server.ServerProcess;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.Zxids;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/// What was committed, all of it, from the logs of servers that have ended.
///
/// At the end of a round all servers have been synchronised by one leader. From then on everything
/// in the log of a Witan server is committed: what was not was truncated, or went when a snapshot
/// took the place of the log. So the history is all logs laid over each other. Apache's server
/// leaves old logs behind where it takes a snapshot over, and with them what a leader had proposed
/// that nobody else has: from its logs come only transactions that the others leave room for.
public final class CommittedHistory {

    private final NavigableMap<Long, byte[]> txns;
    private final long lastEpoch;

    private CommittedHistory(NavigableMap<Long, byte[]> txns, long lastEpoch) {
        this.txns = txns;
        this.lastEpoch = lastEpoch;
    }

    /// @throws UnknownHistoryException if the logs do not tell
    /// @throws DividedHistoryException if they contradict each other
    public static CommittedHistory read(Collection<ServerProcess> servers) {
        List<ServerLog> exact = new ArrayList<>();
        List<ServerLog> others = new ArrayList<>();
        for (ServerProcess server : servers) {
            ServerLog log = ServerLog.read(server.sid(), server.dataDirectory());
            (server.product() == Product.WITAN ? exact : others).add(log);
        }
        return exact.isEmpty() ? of(others, List.of()) : of(exact, others);
    }

    static CommittedHistory of(List<ServerLog> exact, List<ServerLog> others) {
        NavigableMap<Long, byte[]> all = new TreeMap<>();
        long epoch = 0;
        for (ServerLog log : exact) {
            epoch = Math.max(epoch, log.currentEpoch());
            log.txns()
                    .forEach((zxid, txn) -> {
                        byte[] before = all.putIfAbsent(zxid, txn);
                        if (before != null && !Arrays.equals(before, txn)) {
                            throw new DividedHistoryException(zxid, log.sid());
                        }
                    });
        }
        fillHoles(all, exact, others);
        List<ServerLog> logs = new ArrayList<>(exact);
        logs.addAll(others);
        refuseHoles(all, logs);
        return new CommittedHistory(all, epoch);
    }

    private static void fillHoles(
            NavigableMap<Long, byte[]> all, List<ServerLog> exact, List<ServerLog> others) {
        NavigableMap<Long, byte[]> fillers = new TreeMap<>();
        for (ServerLog log : others) {
            log.txns()
                    .forEach((zxid, txn) -> {
                        if (!all.containsKey(zxid) && isRoomFor(zxid, all, exact)) {
                            fillers.putIfAbsent(zxid, txn);
                        }
                    });
        }
        all.putAll(fillers);
    }

    private static boolean isRoomFor(
            long zxid, NavigableMap<Long, byte[]> all, List<ServerLog> exact) {
        Long before = all.lowerKey(zxid);
        Long after = all.higherKey(zxid);
        return after == null || !areNeighbours(before == null ? 0 : before, after, exact);
    }

    private static void refuseHoles(NavigableMap<Long, byte[]> all, List<ServerLog> logs) {
        long before = 0;
        for (long zxid : all.keySet()) {
            boolean isFirst = before == 0 && Zxids.counter(zxid) == 1;
            if (!isFirst && !areNeighbours(before, zxid, logs)) {
                throw new UnknownHistoryException(
                        "what came between %s and %s is in no log any more"
                                .formatted(Zxids.hex(before), Zxids.hex(zxid)));
            }
            before = zxid;
        }
    }

    /// Two neighbours of the same epoch have neighbouring zxids. Where an epoch ends the zxids do
    /// not tell whether something is missing; a log that holds both neighbours does.
    private static boolean areNeighbours(long before, long zxid, List<ServerLog> logs) {
        return Zxids.epoch(zxid) == Zxids.epoch(before)
                ? zxid == before + 1
                : Zxids.counter(zxid) == 1 && areInOneLog(before, zxid, logs);
    }

    private static boolean areInOneLog(long one, long other, List<ServerLog> logs) {
        for (ServerLog log : logs) {
            if (log.txns().containsKey(one) && log.txns().containsKey(other)) {
                return true;
            }
        }
        return false;
    }

    /// By zxid.
    public NavigableMap<Long, byte[]> txns() {
        return txns;
    }

    /// The last epoch that any server has entered.
    public long lastEpoch() {
        return lastEpoch;
    }

    /// The sessions that live after `zxid`, with their timeouts.
    SortedMap<Long, Integer> sessionsAt(long zxid) {
        SortedMap<Long, Integer> sessions = new TreeMap<>();
        for (byte[] bytes : txns.headMap(zxid, true).values()) {
            LoggedTxn txn = TxnCodec.read(JuteReader.over(bytes));
            switch (txn.txn()) {
                case Txn.CreateSession create ->
                        sessions.put(txn.header().clientId(), create.timeOut());
                case Txn.CloseSession _ -> sessions.remove(txn.header().clientId());
                default -> {
                    // Not about sessions.
                }
            }
        }
        return sessions;
    }
}
