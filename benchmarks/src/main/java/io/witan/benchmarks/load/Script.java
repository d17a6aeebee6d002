package io.witan.benchmarks.load;

import java.nio.ByteBuffer;

/// What one connection asks, request after request.
public interface Script {

    /// Appends the next request as one whole frame, and returns the length that the reply frame
    /// must have (without its own four length bytes): a cheap check that both servers do the same
    /// work.
    int next(int xid, ByteBuffer out);

    /// No frame of this script is longer.
    int frameBytesMax();

    /// Whether the script may end here: a pair of create and delete may not end between the two.
    default boolean mayEnd() {
        return true;
    }
}
