package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.election.Notification;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.AgreementView;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// E7: only voters are voted for, and nobody leads or follows without the votes of a quorum.
final class ElectionChecker implements Checker {

    private static final int LOOKING = 0;

    private final Facts facts;

    /// The last notification of each server, as another one has it: heard in this incarnation.
    private final SortedMap<Long, SortedMap<Long, Notification>> heard = new TreeMap<>();

    /// The round in which each server has last said that it looks.
    private final SortedMap<Long, Long> rounds = new TreeMap<>();

    /// Servers that have asked for votes since they began to look. Whom they are to follow by a
    /// reconfiguration they follow without asking, as soon as their storage is drained; meanwhile
    /// they answer a server outside of the configuration that they have no vote. That is no asking.
    private final SortedSet<Long> asked = new TreeSet<>();

    /// Whom the last reconfiguration wants as leader, by the server that has heard of it.
    private final SortedMap<Long, Long> designated = new TreeMap<>();

    /// The last state of each server.
    private final SortedMap<Long, AgreementView.State> states = new TreeMap<>();

    ElectionChecker(Facts facts) {
        this.facts = facts;
    }

    @Override
    public String invariant() {
        return "E7";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Started e -> {
                heard.put(e.sid(), new TreeMap<>());
                rounds.remove(e.sid());
                states.put(e.sid(), AgreementView.State.LOOKING);
            }
            case TraceEvent.NotificationReceived e ->
                    heard.computeIfAbsent(e.sid(), _ -> new TreeMap<>())
                            .put(e.fromSid(), e.notification());
            case TraceEvent.NotificationSent e when e.notification().state() == LOOKING -> {
                rounds.put(e.sid(), e.notification().electionEpoch());
                if (!isAnswerToStranger(e)) {
                    asked.add(e.sid());
                }
                votesFor(e, verdict);
            }
            case TraceEvent.PacketReceived e -> designates(e.sid(), e.packet());
            case TraceEvent.PacketSent e -> designates(e.sid(), e.packet());
            case TraceEvent.StateChanged e -> {
                AgreementView.State before = states.put(e.sid(), e.state());
                if (before == AgreementView.State.LOOKING
                        && e.state() != AgreementView.State.LOOKING
                        && e.leaderSid() >= 0) {
                    elected(e, verdict);
                }
                if (e.state() != AgreementView.State.LOOKING) {
                    asked.remove(e.sid());
                }
            }
            default -> {
                // Not election.
            }
        }
    }

    private void votesFor(TraceEvent.NotificationSent e, Verdict verdict) {
        long leader = e.notification().leader();
        ServerFact server = facts.server(e.sid());
        if (server.committedConfig == null || leader == Long.MIN_VALUE) {
            return;
        }
        if (!isVoter(server.committedConfig, leader) && !isVoter(server.lastSeenConfig, leader)) {
            verdict.violated("E7", "a vote for server " + leader + ", which is no voter");
        }
    }

    private void designates(long sid, QuorumPacket packet) {
        byte[] data = packet.data();
        boolean activates =
                packet.type() == PacketType.COMMITANDACTIVATE
                        || packet.type() == PacketType.INFORMANDACTIVATE;
        if (activates && data != null) {
            designated.put(sid, ByteBuffer.wrap(data).getLong());
        }
    }

    private void elected(TraceEvent.StateChanged e, Verdict verdict) {
        if (!asked.contains(e.sid()) && Objects.equals(designated.get(e.sid()), e.leaderSid())) {
            verdict.reached("leader by reconfiguration");
            return;
        }
        ServerFact server = facts.server(e.sid());
        SortedSet<Long> voters = new TreeSet<>();
        voters.add(e.sid());
        heard.getOrDefault(e.sid(), new TreeMap<>())
                .forEach((sid, notification) -> {
                    if (counts(e, notification)) {
                        voters.add(sid);
                    }
                });
        if (e.state() != AgreementView.State.LEADING && e.leaderSid() != e.sid()) {
            // Whoever follows need not have voted itself.
            verdict.reached("found a leader");
        }
        if (!facts.isQuorum(server.committedConfig, voters)
                && !facts.isQuorum(server.lastSeenConfig, voters)) {
            verdict.violated(
                    "E7",
                    "server " + e.leaderSid() + " is taken as leader on the votes of " + voters);
        }
    }

    /// Votes of those who look count in their round; the word of the others counts in any.
    private boolean counts(TraceEvent.StateChanged e, Notification notification) {
        if (notification.leader() != e.leaderSid()) {
            return false;
        }
        Long round = rounds.get(e.sid());
        return notification.state() != LOOKING
                || round == null
                || notification.electionEpoch() == round;
    }

    /// An election speaks to voters alone.
    private boolean isAnswerToStranger(TraceEvent.NotificationSent e) {
        EnsembleConfig seen = facts.server(e.sid()).lastSeenConfig;
        EnsembleConfig inForce = configOf(e.notification());
        return seen != null
                && inForce != null
                && !isVoter(seen, e.toSid())
                && !isVoter(inForce, e.toSid());
    }

    /// The one in force at the sender as it sends: what it has said of itself may be older.
    private static @Nullable EnsembleConfig configOf(Notification notification) {
        String text = notification.configText();
        if (text == null) {
            return null;
        }
        try {
            return EnsembleConfig.parse(text);
        } catch (ConfigTextException unreadable) {
            return null;
        }
    }

    private static boolean isVoter(@Nullable EnsembleConfig config, long sid) {
        return config != null && config.participants().contains(sid);
    }
}
