/// What goes wrong in a run: [RunPlan] is drawn from the seed, and [FaultDriver] makes it happen.
@NullMarked
package io.witan.simulation.fault;

import org.jspecify.annotations.NullMarked;
