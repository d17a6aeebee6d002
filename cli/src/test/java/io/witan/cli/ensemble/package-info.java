/// Tests of the command that starts an ensemble.
@NullMarked
package io.witan.cli.ensemble;

import org.jspecify.annotations.NullMarked;
