/// The servers that are measured: how each is started, found ready and stopped.
///
/// Both run as processes of their own, on the JDK that runs the benchmark, with the same heap
/// flags, the same `zoo.cfg` and an empty data directory.
@NullMarked
package io.witan.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
