/// The shell around the deterministic core: sockets, threads, timers, configuration, wiring.
@NullMarked
package io.witan.server;

import org.jspecify.annotations.NullMarked;
