/// The recipes of Curator 5.9, which is how most Java applications meet a coordination service.
@NullMarked
package io.witan.interop.curator;

import org.jspecify.annotations.NullMarked;
