/// What really happened, put together when a round is over: the committed history from the logs of
/// the servers, what they hold, and the trace that the checkers read.
@NullMarked
package io.witan.torment.history;

import org.jspecify.annotations.NullMarked;
