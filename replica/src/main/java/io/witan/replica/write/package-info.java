/// From a request for change to a transaction: the checks of each operation, made against the tree
/// as it will be when everything already proposed has been applied.
@NullMarked
package io.witan.replica.write;

import org.jspecify.annotations.NullMarked;
