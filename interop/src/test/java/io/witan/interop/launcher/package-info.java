/// The launcher, `./witan`: with pretended JDKs and a pretended Maven, and once for real.
@NullMarked
package io.witan.interop.launcher;

import org.jspecify.annotations.NullMarked;
