/// The agreement machine itself: one server's four roles and what they share.
///
/// [Peer] routes events and holds the only place where roles change. Each role is cut by the phases
/// of the protocol: [Looking] elects; [Leading] discovers, synchronises and broadcasts; a
/// [Learning] server, [Following] or [Observing], is synchronised and then logs, acknowledges and
/// delivers.
@NullMarked
package io.witan.zab.peer;

import org.jspecify.annotations.NullMarked;
