/// Breaks the rules on purpose.
@NullMarked
package io.witan.interop.architecture.broken.server;

import org.jspecify.annotations.NullMarked;
