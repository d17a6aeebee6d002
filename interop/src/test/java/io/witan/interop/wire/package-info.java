/// The client protocol frame by frame, without any client library: recorded conversations replayed,
/// and a connection for tests that need to send what no client would.
@NullMarked
package io.witan.interop.wire;

import org.jspecify.annotations.NullMarked;
