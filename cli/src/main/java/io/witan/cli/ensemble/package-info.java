/// `witan ensemble`: a whole ensemble on one machine, for trying things out.
@NullMarked
package io.witan.cli.ensemble;

import org.jspecify.annotations.NullMarked;
