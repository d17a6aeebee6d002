/// Real ensembles under faults, for a short while: what `./witan torment` does for long.
@NullMarked
package io.witan.interop.torment;

import org.jspecify.annotations.NullMarked;
