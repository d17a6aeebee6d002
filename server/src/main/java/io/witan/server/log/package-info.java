/// The thread that makes transactions durable, and the one that writes snapshots.
@NullMarked
package io.witan.server.log;

import org.jspecify.annotations.NullMarked;
