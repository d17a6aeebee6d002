package io.witan.simulation.run;

import io.witan.simulation.fault.Limits;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.trace.Checker;
import io.witan.zab.Agreement;

import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What a run is asked for beside its seed.
///
/// @param limits what it must do without
/// @param checkers makes those that watch
/// @param agreementMutation what is done to the agreement machine of a server, by its sid
/// @param hostMutation what is done to its host
/// @param planned what is done to the plan that its seed has drawn
/// @param keptEvents of the end of the trace, for a report
public record Options(
        Limits limits,
        Supplier<List<Checker>> checkers,
        LongFunction<UnaryOperator<Agreement>> agreementMutation,
        LongFunction<HostMutation> hostMutation,
        UnaryOperator<RunPlan> planned,
        int keptEvents) {

    public static Options with(Supplier<List<Checker>> checkers) {
        return new Options(
                Limits.NONE,
                checkers,
                _ -> UnaryOperator.identity(),
                _ -> HostMutation.NONE,
                UnaryOperator.identity(),
                400);
    }

    public Options withLimits(Limits newLimits) {
        return new Options(
                newLimits, checkers, agreementMutation, hostMutation, planned, keptEvents);
    }

    public Options withKeptEvents(int count) {
        return new Options(limits, checkers, agreementMutation, hostMutation, planned, count);
    }

    public Options withAgreementMutation(LongFunction<UnaryOperator<Agreement>> mutation) {
        return new Options(limits, checkers, mutation, hostMutation, planned, keptEvents);
    }

    public Options withHostMutation(LongFunction<HostMutation> mutation) {
        return new Options(limits, checkers, agreementMutation, mutation, planned, keptEvents);
    }

    public Options withPlan(UnaryOperator<RunPlan> change) {
        return new Options(limits, checkers, agreementMutation, hostMutation, change, keptEvents);
    }
}
