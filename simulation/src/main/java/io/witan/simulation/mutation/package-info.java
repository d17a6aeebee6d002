/// Seeded defects: what checkers must catch. Most of them are historical bugs of the original,
/// brought back from outside: a step of the agreement machine gives its effects as values, so a
/// defect drops, reorders or alters effects, events or the answers of ports. The core has no switch
/// for any of them.
///
/// [Mutations] lists them. [AgreementFilter] stands between a machine and its recorder, so that the
/// trace shows what the defect does.
@NullMarked
package io.witan.simulation.mutation;

import org.jspecify.annotations.NullMarked;
