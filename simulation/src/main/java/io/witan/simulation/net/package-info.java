/// The network of a run: connections that keep what TCP promises and nothing more. Bytes arrive in
/// order, whole as long as the connection lives, cut anywhere, at any time; a connection ends at
/// any byte, and its two ends learn of it at different times or not at all.
@NullMarked
package io.witan.simulation.net;

import org.jspecify.annotations.NullMarked;
