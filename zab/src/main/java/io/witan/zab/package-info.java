/// Agreement between the servers of an ensemble: who leads, in which epoch, what the history is,
/// and what of it is committed (Zab: election, discovery, synchronisation, broadcast,
/// reconfiguration).
///
/// [Peer] is the machine. Events go in through [Agreement]; what they bring about comes out as a
/// list of [Effect]s, in order. Nothing here opens a socket, writes a file, reads a clock, draws a
/// random number or starts a thread. Where something may be sent only once something else is
/// durable, the effect that sends it is made when the event comes that says so.
///
/// Whoever carries out the effects keeps four orders: effects of one step in their order; storage
/// effects one after the other, each reported only when it and all before it are durable; packets
/// of one link first in, first out; and nothing that a link delivered after it was closed.
@NullMarked
package io.witan.zab;

import org.jspecify.annotations.NullMarked;
