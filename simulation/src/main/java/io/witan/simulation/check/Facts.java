package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.OpCode;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.zab.AgreementView;
import io.witan.zab.Zxids;
import io.witan.zab.quorum.QuorumVerifier;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the trace says so far, in the form that checkers need. Stands before them in the list.
///
/// The committed history grows in two ways: by the first server that delivers a transaction, and,
/// when a leader is activated, by its whole log, which a quorum has then. A leader that is to hand
/// over at once, because it has no place in a configuration that it brings to its end, never
/// serves; that its history is committed shows in its UPTODATE. A log that begins with a snapshot
/// has what the server that sent it had.
public final class Facts implements Checker {

    private final SortedMap<Long, ServerFact> servers = new TreeMap<>();
    private final HistoryFact history = new HistoryFact();

    /// Who proposed a transaction, and what.
    private final SortedMap<Long, ProposalFact> proposals = new TreeMap<>();

    /// What snapshots hold that was not committed when they were sent, by connection.
    private final SortedMap<Long, HistoryFact> snapshots = new TreeMap<>();

    /// Configurations that were proposed, by zxid.
    private final SortedMap<Long, EnsembleConfig> reconfigurations = new TreeMap<>();

    /// Who was established for an epoch, first.
    private final SortedMap<Long, Long> established = new TreeMap<>();

    /// By the very object of the configuration: each server keeps its own for long.
    private final IdentityHashMap<EnsembleConfig, QuorumVerifier> verifiers =
            new IdentityHashMap<>();

    private long lastFaultMicros = Long.MIN_VALUE / 2;
    private TraceEvent.@Nullable Healed healed;

    /// A broadcast, with the configurations of its leader at that moment.
    record ProposalFact(
            long sid,
            byte[] txn,
            @Nullable EnsembleConfig committed,
            @Nullable EnsembleConfig lastSeen) {}

    @Override
    public String invariant() {
        return "facts";
    }

    // ---- what checkers ask

    ServerFact server(long sid) {
        return servers.computeIfAbsent(sid, ServerFact::new);
    }

    Collection<ServerFact> servers() {
        return servers.values();
    }

    /// The committed history, H.
    HistoryFact history() {
        return history;
    }

    @Nullable ProposalFact proposal(long zxid) {
        return proposals.get(zxid);
    }

    /// Who was established for the epoch, or null.
    @Nullable Long establishedIn(long epoch) {
        return established.get(epoch);
    }

    long lastFaultMicros() {
        return lastFaultMicros;
    }

    TraceEvent.@Nullable Healed healed() {
        return healed;
    }

    /// Whether the servers are a quorum of the configuration; true where it is not known.
    boolean isQuorum(@Nullable EnsembleConfig config, Set<Long> sids) {
        return config == null
                || verifiers.computeIfAbsent(config, QuorumVerifier::of).isQuorum(sids);
    }

    /// Null for a link that is not known.
    @Nullable LinkFact link(long sid, long link) {
        return server(sid).links.get(link);
    }

    // ---- what the trace says

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Started e -> started(e);
            case TraceEvent.Crashed e -> stopped(server(e.sid()));
            case TraceEvent.Broke e -> stopped(server(e.sid()));
            case TraceEvent.DiskFailed e -> server(e.sid()).diskHasFailed = true;
            case TraceEvent.StateChanged e -> stateChanged(e);
            case TraceEvent.LinkOpened e -> {
                ServerFact server = server(e.sid());
                server.links.put(
                        e.link(),
                        new LinkFact(
                                e.link(), e.connection(), e.peerSid(), e.asLeader(), server.role));
            }
            case TraceEvent.LinkClosed e -> {
                LinkFact link = link(e.sid(), e.link());
                if (link != null) {
                    link.isOpen = false;
                }
            }
            case TraceEvent.PacketSent e -> {
                LinkFact link = link(e.sid(), e.link());
                packet(link, e.packet(), true);
                if (link != null && e.packet().type() == PacketType.UPTODATE) {
                    commitBefore(Zxids.startOf(link.leaderInfoEpoch), server(e.sid()));
                }
            }
            case TraceEvent.PacketReceived e -> packet(link(e.sid(), e.link()), e.packet(), false);
            case TraceEvent.SnapshotSent e -> {
                LinkFact link = link(e.sid(), e.link());
                if (link != null) {
                    snapshots.put(
                            link.connection, uncommittedBefore(e.zxid() + 1, server(e.sid())));
                }
            }
            case TraceEvent.SnapshotReceived e -> {
                LinkFact link = link(e.sid(), e.link());
                server(e.sid()).received = link == null ? null : snapshots.remove(link.connection);
            }
            case TraceEvent.Established e -> {
                established.putIfAbsent(e.epoch(), e.sid());
            }
            case TraceEvent.Activated e -> activated(e);
            case TraceEvent.Following e -> server(e.sid()).servingEpoch = e.epoch();
            case TraceEvent.StoppedServing e -> server(e.sid()).servingEpoch = -1;
            case TraceEvent.Proposed e -> {
                ServerFact server = server(e.sid());
                EnsembleConfig next = reconfiguration(e.txn());
                if (next != null) {
                    reconfigurations.put(e.zxid(), next);
                }
                proposals.putIfAbsent(
                        e.zxid(),
                        new ProposalFact(
                                e.sid(),
                                e.txn(),
                                server.committedConfig,
                                lastProposedConfig(e.zxid(), server)));
            }
            case TraceEvent.Appended e -> {
                ServerFact server = server(e.sid());
                server.logEndBefore = server.log.last();
                server.log.append(e.zxid(), e.txn());
            }
            case TraceEvent.Delivered e -> delivered(e);
            case TraceEvent.ConfigsAre e -> {
                server(e.sid()).committedConfig = e.committed();
                server(e.sid()).lastSeenConfig = e.lastSeen();
            }
            case TraceEvent.Durable e -> {
                ServerFact server = server(e.sid());
                server.durable = Math.max(server.durable, e.zxid());
            }
            case TraceEvent.AcceptedEpochStored e -> server(e.sid()).acceptedEpoch = e.epoch();
            case TraceEvent.CurrentEpochStored e -> server(e.sid()).currentEpoch = e.epoch();
            case TraceEvent.TruncationAsked e -> {
                ServerFact server = server(e.sid());
                remember(server);
                server.log.cutAfter(e.zxid());
                server.durable = Math.min(server.durable, e.zxid());
            }
            case TraceEvent.ReplacementAsked e -> {
                ServerFact server = server(e.sid());
                remember(server);
                server.log.startAt(e.zxid(), server.received);
                server.durable = 0;
            }
            case TraceEvent.Truncated e -> server(e.sid()).before = null;
            case TraceEvent.SnapshotStored e when e.received() -> {
                ServerFact server = server(e.sid());
                server.before = null;
                server.durable = Math.max(server.durable, e.zxid());
                // Stored with it, so that no history is ever newer than the epoch.
                server.currentEpoch = Math.max(server.currentEpoch, Zxids.epoch(e.zxid()));
            }
            case TraceEvent.TreeLoaded e -> {
                ServerFact server = server(e.sid());
                server.tree = e.zxid();
                if (e.fromDisk()) {
                    logIs(server, e.zxid());
                }
            }
            case TraceEvent.FaultInjected e -> lastFaultMicros = e.micros();
            case TraceEvent.Healed e -> healed = e;
            default -> {
                // Nothing that others need.
            }
        }
    }

    /// What counts beside the configuration in force: the last one that this leader has proposed,
    /// whether it says so or not.
    private @Nullable EnsembleConfig lastProposedConfig(long zxid, ServerFact leader) {
        SortedMap<Long, EnsembleConfig> ofEpoch =
                reconfigurations.subMap(Zxids.startOf(Zxids.epoch(zxid)), zxid + 1);
        return ofEpoch.isEmpty() ? leader.lastSeenConfig : ofEpoch.get(ofEpoch.lastKey());
    }

    private static @Nullable EnsembleConfig reconfiguration(byte[] bytes) {
        try {
            LoggedTxn txn = TxnCodec.read(JuteReader.over(bytes));
            if (txn.header().type() == OpCode.RECONFIG
                    && txn.txn() instanceof Txn.SetData set
                    && set.data() != null) {
                return EnsembleConfig.parse(new String(set.data(), StandardCharsets.UTF_8));
            }
            return null;
        } catch (DecodeException | ConfigTextException unreadable) {
            return null; // Others say so.
        }
    }

    private void started(TraceEvent.Started e) {
        ServerFact server = server(e.sid());
        server.incarnation = e.incarnation();
        server.isUp = true;
        server.diskHasFailed = false;
        server.links.clear();
        server.role++;
        server.state = AgreementView.State.LOOKING;
        server.leaderSid = -1;
        server.servingEpoch = -1;
        server.committedConfig = null;
        server.lastSeenConfig = null;
        server.acceptedEpoch = e.acceptedEpoch();
        server.currentEpoch = e.currentEpoch();
        logIs(server, e.lastZxid());
        server.log.cutAfter(e.lastZxid());
        server.durable = e.lastZxid();
        server.tree = e.treeZxid();
    }

    private static void remember(ServerFact server) {
        if (server.before == null) {
            server.before = server.log.copy();
        }
    }

    /// The disk has given the log up to there. Where it has not done what was asked of it last,
    /// that is the log of before.
    private static void logIs(ServerFact server, long zxid) {
        if (!server.log.passes(zxid)) {
            if (server.before != null && server.before.passes(zxid)) {
                server.log = server.before;
                server.durable = zxid;
            } else {
                server.log.startAt(zxid);
                server.durable = zxid;
            }
        }
        server.before = null;
    }

    private static void stopped(ServerFact server) {
        server.isUp = false;
        server.links.clear();
        server.servingEpoch = -1;
    }

    private void stateChanged(TraceEvent.StateChanged e) {
        ServerFact server = server(e.sid());
        if (server.state != e.state()) {
            server.role++;
            server.servingEpoch = -1;
            if (e.state() == AgreementView.State.LEADING) {
                server.summaryEpoch = server.currentEpoch;
                server.summaryZxid = server.log.last();
            }
        }
        server.state = e.state();
        server.leaderSid = e.leaderSid();
    }

    private void delivered(TraceEvent.Delivered e) {
        ServerFact server = server(e.sid());
        server.tree = e.zxid();
        if (e.zxid() > history.last()) {
            commitBefore(e.zxid(), server);
            history.commit(e.zxid(), e.txn(), server.currentEpoch);
        }
    }

    /// A tree that is loaded holds the whole log, and delivers only what comes after it; but what
    /// comes after it is not committed without it.
    private void commitBefore(long zxid, ServerFact server) {
        HistoryFact committed = uncommittedBefore(zxid, server);
        for (int i = 0; i < committed.size(); i++) {
            LogEntryFact entry = committed.get(i);
            history.commit(entry.zxid(), entry.txn(), server.currentEpoch);
        }
    }

    /// What a server has beyond the committed history, up to but not including `zxid`; nothing if
    /// it does not continue the history.
    private HistoryFact uncommittedBefore(long zxid, ServerFact server) {
        HistoryFact beyond = new HistoryFact();
        beyond.startAt(history.last());
        HistoryFact log = server.log;
        HistoryFact inSnapshot = log.inSnapshot();
        if (inSnapshot == null || history.last() >= log.base()) {
            if (log.passes(history.last())) {
                addBefore(zxid, log, beyond);
            }
        } else if (inSnapshot.passes(history.last())) {
            addBefore(zxid, inSnapshot, beyond);
            addBefore(zxid, log, beyond);
        }
        return beyond;
    }

    private static void addBefore(long zxid, HistoryFact log, HistoryFact to) {
        for (int i = log.indexAfter(to.last()); i < log.size() && log.get(i).zxid() < zxid; i++) {
            to.append(log.get(i).zxid(), log.get(i).txn());
        }
    }

    private void activated(TraceEvent.Activated e) {
        ServerFact server = server(e.sid());
        server.servingEpoch = e.epoch();
        commitBefore(Zxids.startOf(e.epoch()), server);
    }

    // ---- conversations

    private static void packet(@Nullable LinkFact link, QuorumPacket packet, boolean isSent) {
        if (link == null) {
            return;
        }
        boolean fromLeader = link.asLeader == isSent;
        if (fromLeader) {
            fromLeader(link, packet);
        } else {
            fromLearner(link, packet);
        }
    }

    private static void fromLeader(LinkFact link, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.LEADERINFO -> link.leaderInfoEpoch = Zxids.epoch(packet.zxid());
            case PacketType.DIFF, PacketType.TRUNC, PacketType.SNAP ->
                    link.syncMode = packet.type();
            case PacketType.PROPOSAL -> link.lastProposal = packet.zxid();
            case PacketType.INFORM, PacketType.INFORMANDACTIVATE -> {
                link.lastProposal = packet.zxid();
                link.lastCommit = packet.zxid();
            }
            case PacketType.COMMIT, PacketType.COMMITANDACTIVATE -> link.lastCommit = packet.zxid();
            case PacketType.NEWLEADER -> link.sawNewLeader = true;
            case PacketType.UPTODATE -> link.sawUpToDate = true;
            default -> {
                // Does not move the conversation on.
            }
        }
    }

    private static void fromLearner(LinkFact link, QuorumPacket packet) {
        switch (packet.type()) {
            case PacketType.FOLLOWERINFO, PacketType.OBSERVERINFO -> {
                link.helloEpoch = Zxids.epoch(packet.zxid());
                link.isObserver = packet.type() == PacketType.OBSERVERINFO;
            }
            case PacketType.ACKEPOCH -> {
                link.ackEpoch = ackedEpoch(packet);
                link.ackEpochZxid = packet.zxid();
            }
            case PacketType.ACK -> {
                if (Zxids.counter(packet.zxid()) == 0) {
                    link.ackedNewLeader = true;
                } else {
                    link.lastAck = packet.zxid();
                }
            }
            default -> {
                // Does not move the conversation on.
            }
        }
    }

    /// The current epoch in an ACKEPOCH, -1 for "already acknowledged".
    static int ackedEpoch(QuorumPacket packet) {
        byte[] data = packet.data();
        return data == null || data.length < 4 ? -1 : ByteBuffer.wrap(data).getInt();
    }
}
