/// Which sets of servers are enough to decide.
@NullMarked
package io.witan.zab.quorum;

import org.jspecify.annotations.NullMarked;
