/// The replicated state once more, as simple as it can be: nothing of it is shared with the tree
/// that servers use, so that a mistake there does not hide itself. Every version of every znode is
/// kept; a read can be compared with the state at the zxid that its reply names.
@NullMarked
package io.witan.simulation.check.model;

import org.jspecify.annotations.NullMarked;
