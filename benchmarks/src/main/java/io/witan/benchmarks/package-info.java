/// How fast and how small: the load generator and side-by-side runs against Apache ZooKeeper.
@NullMarked
package io.witan.benchmarks;

import org.jspecify.annotations.NullMarked;
