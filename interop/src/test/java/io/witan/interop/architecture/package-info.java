/// What the compiler cannot hold: the rules of the deterministic core, and which module may use
/// which. Start at [Rules]; `broken` has one class for each rule that breaks it, so that a rule
/// which can no longer fail is noticed.
@NullMarked
package io.witan.interop.architecture;

import org.jspecify.annotations.NullMarked;
