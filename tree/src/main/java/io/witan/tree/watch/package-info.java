/// Watches: who wants to hear of which path, and who hears when (client-and-disk, section 5). Start
/// at [WatchTable].
@NullMarked
package io.witan.tree.watch;

import org.jspecify.annotations.NullMarked;
