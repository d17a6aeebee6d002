/// One server's brain: turns client requests into transactions, keeps a session's requests in
/// order, tracks sessions, fires watches and answers.
///
/// Nothing here opens a socket, writes a file, reads a clock, draws an unseeded random number or
/// starts a thread. Events go in through [Replica]; what must happen outside is written to the
/// ports it was given, [ClientLink] and [Proposals], which never block and never call back.
@NullMarked
package io.witan.replica;

import org.jspecify.annotations.NullMarked;
