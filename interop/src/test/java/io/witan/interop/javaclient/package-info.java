/// Apache's Java client 3.9.4, the one most applications use, through all its calls.
@NullMarked
package io.witan.interop.javaclient;

import org.jspecify.annotations.NullMarked;
