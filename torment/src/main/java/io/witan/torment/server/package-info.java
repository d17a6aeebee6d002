/// Servers as processes: started, killed, frozen, and asked how they are.
@NullMarked
package io.witan.torment.server;

import org.jspecify.annotations.NullMarked;
