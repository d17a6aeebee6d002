package io.witan.benchmarks.subject;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Asks a server in plain text: `srvr`, `mntr` and the like.
final class PlainText {

    private static final int ANSWER_MILLIS_MAX = 500;

    private PlainText() {}

    /// Empty if it does not answer.
    static Optional<String> ask(InetSocketAddress server, String word) {
        try (var socket = new Socket()) {
            socket.connect(server, ANSWER_MILLIS_MAX);
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            var answer = socket.getInputStream().readAllBytes();
            return Optional.of(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// What stands behind the first line's beginning.
    static Optional<String> value(String answer, String beginning) {
        return answer.lines()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.substring(beginning.length()).strip())
                .findFirst();
    }
}
