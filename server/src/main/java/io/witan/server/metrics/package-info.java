/// What the shell counts about itself; what the core counts is in `io.witan.replica.metrics`.
@NullMarked
package io.witan.server.metrics;

import org.jspecify.annotations.NullMarked;
