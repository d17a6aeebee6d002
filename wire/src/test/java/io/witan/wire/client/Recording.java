package io.witan.wire.client;

import io.witan.wire.Vectors;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The frames of one file of `testdata/vectors/wire` (or one of the `traffic.txt` files), in their
/// order.
///
/// @param title the last comment before the frame: what is being sent
/// @param client label of the connection
/// @param first whether it is the connection's first frame in its direction
/// @param bytes without the length in front
public record Recording(
        String title, int line, String client, boolean fromClient, boolean first, byte[] bytes) {

    private static final Pattern FRAME = Pattern.compile("(\\w+)([<>]) ?(\\p{XDigit}+|EOF)");

    private static final Pattern CONNECT = Pattern.compile("# (\\w+): ConnectRequest");

    /// All recorded conversations in frames; four letter words have none.
    public static List<String> files() {
        List<String> files = new ArrayList<>(Vectors.files("wire", ""));
        files.remove("wire/08-4lw.txt");
        files.add("disk/expected/main.traffic.txt");
        files.add("disk/expected/small.traffic.txt");
        return files;
    }

    /// Frames with a wrong length, which are sent to see the server close, are left out.
    public static List<Recording> of(String file) {
        List<Recording> frames = new ArrayList<>();
        Set<String> opened = new HashSet<>();
        String title = "";
        int number = 0;
        for (String line : Vectors.lines(file)) {
            number++;
            Matcher matcher = FRAME.matcher(line);
            if (line.startsWith("# connection")) {
                opened.clear();
            } else if (line.startsWith("#")) {
                title = line;
                Matcher connect = CONNECT.matcher(line);
                if (connect.lookingAt()) {
                    opened.remove(connect.group(1) + "<");
                    opened.remove(connect.group(1) + ">");
                }
            } else if (matcher.matches()) {
                String client = matcher.group(1);
                boolean fromClient = matcher.group(2).equals(">");
                if (matcher.group(3).equals("EOF")) {
                    opened.remove(client + "<");
                    opened.remove(client + ">");
                    continue;
                }
                byte[] bytes = HexFormat.of().parseHex(matcher.group(3));
                int length = (int) Long.parseLong(matcher.group(3).substring(0, 8), 16);
                if (length != bytes.length - 4) {
                    continue;
                }
                boolean first = opened.add(client + matcher.group(2));
                byte[] payload = Arrays.copyOfRange(bytes, 4, bytes.length);
                frames.add(new Recording(title, number, client, fromClient, first, payload));
            }
        }
        return frames;
    }
}
