/// Memory for very many small things in few large arrays: nothing for the collector to follow or to
/// move. Internal to this module. Start at [Blocks].
@NullMarked
package io.witan.tree.block;

import org.jspecify.annotations.NullMarked;
