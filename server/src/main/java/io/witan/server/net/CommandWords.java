package io.witan.server.net;

/// The four-letter words that a connection may begin with instead of a connect request
/// (client-and-disk, section 2.2). Called on the core's thread.
public interface CommandWords {

    /// Whether clients are served here. While they are not, a connection is not given to the core
    /// before it has sent a whole frame: the core would close it, and words are answered all the
    /// same.
    boolean takesClients();

    /// Whether these four bytes, as an int, are a word and not the length of a frame.
    boolean isWord(int word);

    /// How many bytes of argument follow the word.
    int argumentBytes(int word);

    /// The answer, as it is sent before the connection is closed.
    byte[] answer(int word, byte[] argument);
}
