/// The replicated state: what a server knows after applying its transactions in order.
@NullMarked
package io.witan.tree;

import org.jspecify.annotations.NullMarked;
