/// Requests that stop an Apache 3.9.4 server, for good because they are then in its log, and
/// requests that no client should be able to make. Witan answers them, goes on, and starts again on
/// its data.
@NullMarked
package io.witan.interop.poison;

import org.jspecify.annotations.NullMarked;
