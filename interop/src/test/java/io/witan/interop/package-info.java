/// Proof against programs that nobody here wrote: Apache's Java client and server 3.9.4, and
/// Curator 5.9.
///
/// A class marked [AgainstBoth] runs once against an Apache server and once against Witan, each a
/// real process of its own, so that a difference between the two shows as one red and one green
/// test of the same name. [AgainstWitan] is for what the original gets wrong, and what only Witan
/// promises.
///
/// Start at [ServerProcess], then [Lab], which is what a test method is given.
@NullMarked
package io.witan.interop;

import org.jspecify.annotations.NullMarked;
