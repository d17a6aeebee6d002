/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.replica;

import org.jspecify.annotations.NullMarked;
