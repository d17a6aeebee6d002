package io.witan.server;

import io.witan.server.config.ServerConfig;
import io.witan.server.net.CommandWords;
import io.witan.storage.DataDirectory;

import java.nio.charset.StandardCharsets;

/// Answers four-letter words from the running server.
final class ServerWords implements CommandWords {

    ServerWords(ServerConfig config, DataDirectory directory, Server server) {}

    @Override
    public boolean isWord(int word) {
        return word == 0x72756f6b;
    }

    @Override
    public int argumentBytes(int word) {
        return 0;
    }

    @Override
    public byte[] answer(int word, byte[] argument) {
        return "imok".getBytes(StandardCharsets.US_ASCII);
    }
}
