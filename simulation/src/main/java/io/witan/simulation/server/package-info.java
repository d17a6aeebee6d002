/// One simulated machine: the real core over simulated ports, and the real storage over a simulated
/// disk.
///
/// [SimServer] is the machine, with its disk and clocks; it lives as long as the run. What runs on
/// it between a start and a crash is a [RunningServer]: the host of one member. The ports speak
/// real bytes over the connections of [io.witan.simulation.net].
@NullMarked
package io.witan.simulation.server;

import org.jspecify.annotations.NullMarked;
