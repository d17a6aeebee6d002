/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.storage;

import org.jspecify.annotations.NullMarked;
