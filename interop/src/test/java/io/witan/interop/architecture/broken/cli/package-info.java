/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.cli;

import org.jspecify.annotations.NullMarked;
