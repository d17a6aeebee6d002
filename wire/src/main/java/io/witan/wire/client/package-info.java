/// The client protocol: operations, error codes, and the records that are worth an object. The
/// requests of the hot path are decoded field by field where they are served.
@NullMarked
package io.witan.wire.client;

import org.jspecify.annotations.NullMarked;
