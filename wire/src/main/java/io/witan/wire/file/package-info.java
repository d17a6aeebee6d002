/// Formats of the files in a data directory: numbers and layouts, no I/O.
@NullMarked
package io.witan.wire.file;

import org.jspecify.annotations.NullMarked;
