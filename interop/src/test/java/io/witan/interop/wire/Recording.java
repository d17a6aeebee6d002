package io.witan.interop.wire;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A recorded conversation between clients and a server, step by step.
record Recording(List<Step> steps) {

    private static final Pattern FRAME = Pattern.compile("(\\w+)([<>]) ?(EOF|[0-9a-f]*)");
    private static final Pattern CONNECTS = Pattern.compile("# (\\w+): ConnectRequest .*");

    /// One frame or end of a connection.
    ///
    /// @param line where it stands in the file
    /// @param section the last headline above it
    /// @param client the client's name; a name may stand for several connections in turn
    /// @param connects whether the client opens a new connection for this
    /// @param sent whether the client sends (or ends the connection), else it receives
    /// @param bytes the frame with its length, or null for the end of the connection
    record Step(
            int line,
            String section,
            String client,
            boolean connects,
            boolean sent,
            byte @Nullable [] bytes) {}

    static Recording of(Path file) throws IOException {
        List<Step> steps = new ArrayList<>();
        Set<String> connected = new HashSet<>();
        String section = "";
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            Matcher connects = CONNECTS.matcher(line);
            Matcher frame = FRAME.matcher(line);
            if (line.startsWith("##")) {
                section = line;
            } else if (connects.matches()) {
                connected.remove(connects.group(1));
            } else if (frame.matches()) {
                String client = frame.group(1);
                boolean sent = frame.group(2).equals(">");
                boolean end = frame.group(3).equals("EOF");
                boolean opens = sent && !end && connected.add(client);
                byte[] bytes = end ? null : HexFormat.of().parseHex(frame.group(3));
                steps.add(new Step(number, section, client, opens, sent, bytes));
                if (end && !sent) {
                    connected.remove(client);
                }
            }
        }
        return new Recording(steps);
    }
}
