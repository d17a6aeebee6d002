/// What the machine knows about a run: CPU time and memory of processes, and who else was busy.
///
/// Reads Linux's `/proc`; the live heap of a JVM comes from `jcmd`, how long it stood still from
/// the log of its collector.
@NullMarked
package io.witan.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
