/// The invariants, one class for each or for a tight family: `docs/verification.md` has the table.
///
/// [Facts] follows the trace and knows what everybody must agree on: the history that is committed,
/// each server's log and what of it is durable, who led which epoch. [Checkers] makes one of each
/// checker, behind those facts. A checker sees an event when the facts have taken it in already;
/// what must be known from before it keeps itself.
@NullMarked
package io.witan.simulation.check;

import org.jspecify.annotations.NullMarked;
