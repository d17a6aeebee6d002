/// The load generator: one thread that keeps many client connections busy over the raw protocol.
///
/// It is written for one purpose, to cost far less CPU than the server it measures: requests are
/// encoded before the run, replies are checked by length and error code only, nothing is allocated
/// while it runs. It shares no code with the server, so that an error in one of them shows.
///
/// Start at [LoadGenerator][io.witan.benchmarks.load.LoadGenerator]; thousands of sessions that do
/// next to nothing are a [Crowd][io.witan.benchmarks.load.Crowd].
@NullMarked
package io.witan.benchmarks.load;

import org.jspecify.annotations.NullMarked;
