package io.witan.server.ensemble;

import io.witan.server.fourletter.EnsembleFigures;
import io.witan.server.metrics.EnsembleMetrics;
import io.witan.zab.AgreementView.State;
import io.witan.zab.Happening;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;

/// Writes down for operators what becomes of a member of an ensemble, one line an event, and counts
/// it. INFO is the ordinary course of an election and of a synchronisation; WARN says that clients
/// are not served as they were. docs/operations/ensembles.md explains each line.
///
/// Owned by the core's thread.
public final class Chronicle {

    /// A search for a leader that lasts longer is said to, and again as often.
    public static final int REMIND_MILLIS = 10_000;

    private final EnsembleMetrics metrics;
    private final LongUnaryOperator snapshotBytes;
    private final Consumer<String> info;
    private final Consumer<String> warn;

    private long lookingSinceMillis;
    private long electedAtMillis;

    /// Whether the part that comes next was decided by an election, whose line has said all.
    private boolean elected;

    private State part = State.LOOKING;
    private boolean serving;
    private long servingSinceMillis;

    private EnsembleFigures.ProposalSizes proposalSizes = EnsembleFigures.ProposalSizes.NONE;

    /// As learner: how the leader has brought this server to its history, in words.
    private String synchronised = "";

    private long leaderLink;

    /// As leader: learners that are being synchronised, by link.
    private final Map<Long, Synchronisation> synchronisations = new TreeMap<>();

    private record Synchronisation(Happening.Synchronising how, long beganAtMillis) {}

    /// @param snapshotBytes how much of a snapshot has gone over that link, in either direction
    /// @param info takes lines of the ordinary course
    /// @param warn takes lines that someone should look at
    public Chronicle(
            EnsembleMetrics metrics,
            LongUnaryOperator snapshotBytes,
            Consumer<String> info,
            Consumer<String> warn) {
        this.metrics = metrics;
        this.snapshotBytes = snapshotBytes;
        this.info = info;
        this.warn = warn;
    }

    public void told(Happening happening, long nowMillis) {
        switch (happening) {
            case Happening.TookPart took -> tookPart(took, nowMillis);
            case Happening.Elected election -> elected(election, nowMillis);
            case Happening.Serves serves -> serves(serves, nowMillis);
            case Happening.Synchronising how -> synchronising(how, nowMillis);
            case Happening.WaitsForTurn waits -> waits(waits);
            case Happening.Synchronised done -> synchronised(done, nowMillis);
            case Happening.LostLearner lost -> lost(lost);
            case Happening.SynchronisedBy how -> synchronisedBy(how);
        }
    }

    /// A transaction goes to the log: a proposal, of this server if it leads, else of its leader.
    public void logged(int bytes) {
        if (part == State.LEADING) {
            metrics.proposals.increment();
            proposalSizes = proposalSizes.with(bytes);
        } else {
            metrics.proposalsReceived.increment();
        }
    }

    /// Since this server leads.
    public EnsembleFigures.ProposalSizes proposalSizes() {
        return proposalSizes;
    }

    /// 0 while clients are not served.
    public long servesForMillis(long nowMillis) {
        return serving ? nowMillis - servingSinceMillis : 0;
    }

    // ---- parts

    private void tookPart(Happening.TookPart took, long nowMillis) {
        synchronisations.clear();
        if (took.state() == State.LOOKING) {
            looks(took.reason(), nowMillis);
        } else if (!elected) {
            electedAtMillis = nowMillis;
            info.accept(
                    "%s without an election: leader=%s reason=%s"
                            .formatted(verb(took.state()), took.leaderSid(), took.reason()));
        }
        part = took.state();
        serving = false;
        proposalSizes = EnsembleFigures.ProposalSizes.NONE;
    }

    private void looks(String reason, long nowMillis) {
        elected = false;
        lookingSinceMillis = nowMillis;
        metrics.looking.increment();
        if (serving && part != State.LOOKING) {
            warn.accept(
                    "Serves no longer and looks for a leader: was=%s forMillis=%s reason=%s"
                            .formatted(noun(part), nowMillis - servingSinceMillis, reason));
        } else {
            info.accept("Looks for a leader: reason=%s".formatted(reason));
        }
    }

    /// Time has passed; said now and then while there is no leader.
    ///
    /// @param participants who could elect one
    /// @param connected who of all servers is connected for elections
    public void remind(Set<Long> participants, Set<Long> connected, long nowMillis) {
        if (part == State.LOOKING && nowMillis - lookingSinceMillis >= REMIND_MILLIS) {
            warn.accept(
                    "Still no leader: millis=%s participants=%s connected=%s"
                            .formatted(nowMillis - lookingSinceMillis, participants, connected));
        }
    }

    private void elected(Happening.Elected election, long nowMillis) {
        elected = true;
        electedAtMillis = nowMillis;
        long millis = nowMillis - lookingSinceMillis;
        metrics.electionMillis.add(millis);
        info.accept(
                "Elected: leader=%s by=%s round=%s historyEpoch=%s lastZxid=%s millis=%s"
                        .formatted(
                                election.leaderSid(),
                                election.voterSids(),
                                election.round(),
                                election.epoch(),
                                hex(election.zxid()),
                                millis));
    }

    private void serves(Happening.Serves serves, long nowMillis) {
        serving = true;
        servingSinceMillis = nowMillis;
        long sinceLooking = nowMillis - lookingSinceMillis;
        long sinceElection = nowMillis - electedAtMillis;
        if (serves.state() != State.LOOKING) {
            metrics.unavailableMillis.add(sinceLooking);
        }
        switch (serves.state()) {
            case LOOKING ->
                    warn.accept(
                            "Serves readers only, those who allow it: no leader for millis=%s"
                                    .formatted(sinceLooking));
            case LEADING -> {
                metrics.leaderUnavailableMillis.add(sinceLooking);
                info.accept(
                        "Leads: epoch=%s with=%s millis=%s sinceLookingMillis=%s"
                                .formatted(
                                        serves.epoch(),
                                        serves.withSids(),
                                        sinceElection,
                                        sinceLooking));
            }
            case FOLLOWING -> {
                metrics.followerSyncMillis.add(sinceElection);
                learns(serves, sinceElection, sinceLooking);
            }
            case OBSERVING -> {
                metrics.observerSyncMillis.add(sinceElection);
                learns(serves, sinceElection, sinceLooking);
            }
        }
    }

    private void learns(Happening.Serves serves, long sinceElection, long sinceLooking) {
        info.accept(
                "%s: leader=%s epoch=%s %s snapshotBytes=%s millis=%s sinceLookingMillis=%s"
                        .formatted(
                                verb(serves.state()),
                                serves.leaderSid(),
                                serves.epoch(),
                                synchronised,
                                snapshotBytes.applyAsLong(leaderLink),
                                sinceElection,
                                sinceLooking));
    }

    private void synchronisedBy(Happening.SynchronisedBy how) {
        leaderLink = how.link();
        synchronised = "way=%s zxid=%s".formatted(how.way(), hex(how.zxid()));
        info.accept(
                "Is synchronised by the leader: leader=%s %s"
                        .formatted(how.leaderSid(), synchronised));
    }

    // ---- learners

    private void synchronising(Happening.Synchronising how, long nowMillis) {
        synchronisations.put(how.link(), new Synchronisation(how, nowMillis));
        switch (how.way()) {
            case DIFF, TRUNC -> metrics.diffs.increment();
            case SNAP -> metrics.snapshots.increment();
        }
        info.accept(
                ("Synchronises a learner: server=%s observer=%s way=%s from=%s to=%s"
                                + " transactions=%s bytes=%s")
                        .formatted(
                                how.sid(),
                                how.observer(),
                                how.way(),
                                hex(how.fromZxid()),
                                hex(how.toZxid()),
                                how.txns(),
                                how.txnBytes()));
    }

    private void waits(Happening.WaitsForTurn waits) {
        info.accept(
                "An observer waits for its turn: server=%s limit=%s beingSent=%s"
                        .formatted(
                                waits.sid(),
                                waits.atMost(),
                                waits.snapshots() ? "snapshots" : "differences"));
    }

    private void synchronised(Happening.Synchronised done, long nowMillis) {
        Synchronisation begun = synchronisations.remove(done.link());
        if (begun != null) {
            info.accept(
                    ("Learner is synchronised: server=%s way=%s snapshotBytes=%s transactions=%s"
                                    + " bytes=%s millis=%s")
                            .formatted(
                                    done.sid(),
                                    begun.how().way(),
                                    snapshotBytes.applyAsLong(done.link()),
                                    begun.how().txns(),
                                    begun.how().txnBytes(),
                                    nowMillis - begun.beganAtMillis()));
        }
    }

    private void lost(Happening.LostLearner lost) {
        synchronisations.remove(lost.link());
        if (lost.wasServing()) {
            warn.accept("Lost a learner: server=%s reason=%s".formatted(lost.sid(), lost.reason()));
        } else {
            info.accept(
                    "Lost a learner before it served: server=%s stage=%s reason=%s"
                            .formatted(
                                    lost.sid() < 0 ? "unknown" : lost.sid(),
                                    lost.stage(),
                                    lost.reason()));
        }
    }

    // ---- words

    private static String verb(State state) {
        return switch (state) {
            case LOOKING -> "Looks";
            case LEADING -> "Leads";
            case FOLLOWING -> "Follows";
            case OBSERVING -> "Observes";
        };
    }

    private static String noun(State state) {
        return switch (state) {
            case LOOKING -> "looking";
            case LEADING -> "leader";
            case FOLLOWING -> "follower";
            case OBSERVING -> "observer";
        };
    }

    private static String hex(long zxid) {
        return "0x" + Long.toHexString(zxid);
    }
}
