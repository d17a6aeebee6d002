/// One run from one seed: [Simulation#run]. What failed is made smaller by [Shrinking] and shown as
/// a message sequence by [Sequence].
@NullMarked
package io.witan.simulation.run;

import org.jspecify.annotations.NullMarked;
