package io.witan.replica.fuzz;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/// Whatever clients send, the core does not stumble: each request is answered once and in order, or
/// its connection is closed; what was promised is what is applied; and log and snapshots lead back to
/// the same state.
///
/// Each build takes fresh seeds, and a failure prints its own. To replay it, and for a long run:
///
///     mvn -pl replica -am test -Dtest=ReplicaFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
///         -Dseed=SEED
///     ... -Djqwik.tries.default=100000
class ReplicaFuzzTest {

    @Property(seed = "2026", shrinking = ShrinkingMode.OFF)
    void a_server_outlives_its_clients(@ForAll long seed) {
        new FuzzWorld(Long.getLong("seed", seed)).run(400);
    }
}
