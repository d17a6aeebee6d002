/// The network that the servers of a round stand in, and how it is broken.
@NullMarked
package io.witan.torment.lan;

import org.jspecify.annotations.NullMarked;
