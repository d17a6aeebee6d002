/// What happened in a run, as a list of [TraceEvent]s: the only thing that checkers look at, so
/// that a checker can be tested with a trace that is written by hand, and a run can be compared
/// with another by one hash.
///
/// Three kinds of sources write it. *Servers*, at the boundary of the deterministic core, outside
/// of any mutation: what agreement was told and what it wanted ([RecordingAgreement]), what the
/// disk really did, what the tree is. *Clients*: what they asked, what they were told. *The world*:
/// faults, and when they are over.
@NullMarked
package io.witan.simulation.trace;

import org.jspecify.annotations.NullMarked;
