package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.trace.Checker;

import java.util.List;

/// All checkers of a run. They are always on.
public final class Checkers {

    private Checkers() {}

    /// For one run; the order matters, because the first ones know what the others ask.
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
                new ReplyChecker(facts, model),
                new SessionChecker(facts, model),
                new SequenceChecker(model),
                new WatchChecker(model),
                new CensusChecker(facts, model),
                new LivenessChecker(facts, model));
    }
}
