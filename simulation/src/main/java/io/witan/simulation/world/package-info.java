/// Virtual time and seeded chance: the two things that decide everything in a run.
@NullMarked
package io.witan.simulation.world;

import org.jspecify.annotations.NullMarked;
