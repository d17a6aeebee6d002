/// One server's brain: turns requests into transactions, keeps each session's order, answers.
@NullMarked
package io.witan.replica;

import org.jspecify.annotations.NullMarked;
