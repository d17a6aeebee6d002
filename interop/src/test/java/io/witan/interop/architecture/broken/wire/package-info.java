/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.wire;

import org.jspecify.annotations.NullMarked;
