/// Data directories, in both directions: what an Apache server wrote opens in Witan, and what Witan
/// wrote opens in an Apache server, to the last field of the last znode.
@NullMarked
package io.witan.interop.disk;

import org.jspecify.annotations.NullMarked;
