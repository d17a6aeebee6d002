/// `witan simulate`: runs seed after seed, shows how it goes, and stops at the first violation.
@NullMarked
package io.witan.simulation.command;

import org.jspecify.annotations.NullMarked;
