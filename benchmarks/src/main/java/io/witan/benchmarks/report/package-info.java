/// What was measured, and how it is written down: Markdown, charts, and the raw numbers.
@NullMarked
package io.witan.benchmarks.report;

import org.jspecify.annotations.NullMarked;
