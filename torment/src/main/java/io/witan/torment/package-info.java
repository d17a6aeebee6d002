/// `witan torment`: real ensembles, as processes on networks and disks of their own, under every
/// fault that one machine can make, and the checkers of the simulation over what their clients were
/// told.
///
/// ```
///   seed --> plan: servers, clients, faults
///              |
///    faults    v   kill, freeze, cut, slow down, fill
///   -------> servers (processes) <----- TCP -----> clients of the simulation, one thread
///              |                                      |
///              v  at the end                          v  what was asked and told, in real time
///            logs on disk --> committed history ---> one trace ---> checkers
/// ```
///
/// Start at [Round].
@NullMarked
package io.witan.torment;

import org.jspecify.annotations.NullMarked;
