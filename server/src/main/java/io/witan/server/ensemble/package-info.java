/// The shell of an ensemble's member: the election port and the quorum port on real sockets, and
/// what carries out the effects of agreement. Everything here runs on the core's loop, except where
/// said.
@NullMarked
package io.witan.server.ensemble;

import org.jspecify.annotations.NullMarked;
