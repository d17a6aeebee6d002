/// Everything that has bytes: jute and the records of the client protocol, of transactions and of
/// the files in a data directory. Depends on nothing and is compiled for Java 17, because clients
/// use it too.
@NullMarked
package io.witan.wire;

import org.jspecify.annotations.NullMarked;
