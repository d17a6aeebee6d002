package io.witan.server;

import io.witan.server.fourletter.FourLetterWord;
import io.witan.server.fourletter.FourLetterWords;
import io.witan.server.fourletter.ServerView;
import io.witan.server.net.CommandWords;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Lets the client port answer four-letter words.
final class ServerWords implements CommandWords {

    private static final byte[] NOTHING = {};

    private final FourLetterWords words;
    private final ServerView server;

    ServerWords(FourLetterWords words, ServerView server) {
        this.words = words;
        this.server = server;
    }

    @Override
    public boolean takesClients() {
        return server.takesClients();
    }

    @Override
    public boolean isWord(int word) {
        return word == FourLetterWord.TELNET_CLOSE || FourLetterWord.of(word) != null;
    }

    @Override
    public int argumentBytes(int word) {
        var known = FourLetterWord.of(word);
        return known == null ? 0 : known.argumentLength();
    }

    @Override
    public byte[] answer(int word, byte[] argument) {
        var known = FourLetterWord.of(word);
        if (known == null) {
            return NOTHING;
        }
        long number = argument.length == Long.BYTES ? ByteBuffer.wrap(argument).getLong() : 0;
        var answer = words.answer(known, number, server);
        return Arrays.copyOf(answer.bytes(), answer.length());
    }
}
