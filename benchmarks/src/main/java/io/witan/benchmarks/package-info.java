/// Witan and Apache ZooKeeper side by side: what each costs the machine for the same work.
///
/// [BenchMain] reads the command line, [SideBySide] runs the servers in turn, `load` drives them,
/// `machine` reads what they used, `report` writes it down.
@NullMarked
package io.witan.benchmarks;

import org.jspecify.annotations.NullMarked;
