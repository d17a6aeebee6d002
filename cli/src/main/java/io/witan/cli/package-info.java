/// The witan command.
@NullMarked
package io.witan.cli;

import org.jspecify.annotations.NullMarked;
