/// The clients' side: the clients of the simulation in real time, over real sockets.
@NullMarked
package io.witan.torment.client;

import org.jspecify.annotations.NullMarked;
