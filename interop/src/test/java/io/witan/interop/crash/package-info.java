/// A real server process, clients that write without waiting, and `kill -9` at any moment: what was
/// acknowledged is there afterwards, and what was not is there as a whole or not at all.
@NullMarked
package io.witan.interop.crash;

import org.jspecify.annotations.NullMarked;
