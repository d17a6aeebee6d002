/// Four-letter words: short questions in plain text on the client port, and their answers.
///
/// Start at [FourLetterWords], which answers a [FourLetterWord] from a [ServerView]. The texts are
/// those of the original, because scripts and monitoring agents parse them. Nothing here knows a
/// socket: the transport recognises a word, asks on the core thread, writes the [Answer], and
/// closes the connection.
@NullMarked
package io.witan.server.fourletter;

import org.jspecify.annotations.NullMarked;
