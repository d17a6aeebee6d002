/// What goes wrong in a round, drawn from its seed, and who makes it go wrong.
@NullMarked
package io.witan.torment.fault;

import org.jspecify.annotations.NullMarked;
