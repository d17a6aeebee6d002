/// Log lines of a server that the launcher starts, behind SLF4J.
@NullMarked
package io.witan.server.logging;

import org.jspecify.annotations.NullMarked;
