/// Figures that a running server gathers about itself, under the names that the original's
/// dashboards and alerts use.
///
/// All of it is owned by the core thread. What another thread measures, such as the time of a sync,
/// it hands to the core with the event that it reports anyway.
@NullMarked
package io.witan.replica.metrics;

import org.jspecify.annotations.NullMarked;
