/// Client connections over Netty: bytes to frames, frames to the core, replies back to sockets.
/// Nothing is decided here.
@NullMarked
package io.witan.server.net;

import org.jspecify.annotations.NullMarked;
