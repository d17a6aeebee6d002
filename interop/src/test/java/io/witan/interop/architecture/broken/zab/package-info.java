/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.zab;

import org.jspecify.annotations.NullMarked;
