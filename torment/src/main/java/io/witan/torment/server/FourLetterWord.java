package io.witan.torment.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Asks a server how it is.
final class FourLetterWord {

    private static final int PATIENCE_MILLIS = 400;

    private FourLetterWord() {}

    static String ask(InetSocketAddress server, String word) {
        try (Socket socket = new Socket()) {
            socket.connect(server, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException noAnswer) {
            return "";
        }
    }
}
