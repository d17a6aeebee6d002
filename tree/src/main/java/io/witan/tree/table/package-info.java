/// The hash table behind children, quota roots and watches: small at first, never a long pause when
/// it grows. Internal to this module. Start at [KeyTable].
@NullMarked
package io.witan.tree.table;

import org.jspecify.annotations.NullMarked;
