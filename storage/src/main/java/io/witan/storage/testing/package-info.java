/// A disk in memory, for tests and for the simulator: it loses what was not flushed, tears writes,
/// fails and fills up as real ones do. It is in the main code because tests of other modules use
/// it.
@NullMarked
package io.witan.storage.testing;

import org.jspecify.annotations.NullMarked;
