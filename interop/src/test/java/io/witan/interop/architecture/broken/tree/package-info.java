/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.tree;

import org.jspecify.annotations.NullMarked;
