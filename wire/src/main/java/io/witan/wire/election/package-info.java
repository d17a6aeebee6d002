/// The bytes of leader election: the message that opens a link and the notifications that follow it
/// (quorum, sections 2.3 and 3.1).
@NullMarked
package io.witan.wire.election;

import org.jspecify.annotations.NullMarked;
