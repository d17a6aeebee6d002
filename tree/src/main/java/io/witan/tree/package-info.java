/// The replicated state: znodes, ACL table, sessions with their ephemerals, quotas, digests; how a
/// transaction changes them; and how they go into a snapshot and come out of one.
///
/// Everything here is deterministic and has one owner thread: no clock, no threads, no files, no
/// randomness but the seed it is given. Start at [ZnodeTree]; watches are in `io.witan.tree.watch`.
@NullMarked
package io.witan.tree;

import org.jspecify.annotations.NullMarked;
