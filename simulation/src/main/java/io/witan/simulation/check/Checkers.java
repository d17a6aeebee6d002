package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.trace.Checker;

import java.util.List;

/// The checkers of a run.
public final class Checkers {

    private Checkers() {}

    /// Those that need nothing but the committed history and what clients asked and were told: they
    /// judge real servers, too.
    ///
    /// @param syncsAreConfirmed whether every server that may lead has a quorum confirm a sync, as
    ///   Witan does and the original does not (ZOOKEEPER-1675)
    public static List<Checker> ofClients(boolean syncsAreConfirmed) {
        Facts facts = new Facts();
        Model model = new Model();
        return List.of(
                facts,
                new HistoryChecker(facts, model),
                new ReplyChecker(facts, model, syncsAreConfirmed),
                new SessionChecker(facts, model),
                new SequenceChecker(model),
                new WatchChecker(model),
                new CensusChecker(facts, model),
                new LivenessChecker(facts, model));
    }

    /// All, always on in the simulation. For one run; the order matters, because the first ones
    /// know what the others ask.
    public static List<Checker> all() {
        Facts facts = new Facts();
        Model model = new Model();
        return List.of(
                facts,
                new EpochCheckers.OneLeader(),
                new EpochCheckers.Promises(facts),
                new EpochCheckers.EpochsOnDisk(facts),
                new DiscoveryChecker(facts),
                new ElectionChecker(facts),
                new OrderChecker(facts),
                new PrimaryChecker(facts),
                new ShapeChecker(facts),
                new ConversationChecker(facts),
                new DurabilityChecker(facts),
                new RecoveryChecker(facts),
                new DigestChecker(),
                new HistoryChecker(facts, model),
                new ReplyChecker(facts, model, true),
                new SessionChecker(facts, model),
                new SequenceChecker(model),
                new WatchChecker(model),
                new CensusChecker(facts, model),
                new LivenessChecker(facts, model));
    }
}
