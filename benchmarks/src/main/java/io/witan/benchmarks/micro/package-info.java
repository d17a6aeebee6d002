/// JMH: what single steps of the hot path cost. `./witan bench --micro [REGEX]` runs them; a class
/// a question.
@NullMarked
package io.witan.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
