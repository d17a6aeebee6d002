package io.witan.interop.ensemble;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.witan.interop.Vectors;
import io.witan.wire.quorum.PacketType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What two real servers said to each other on one connection, as if they had said it here: the
/// ports of the recording are replaced by those of this ensemble, which have as many digits.
///
/// @param dialler all bytes of the server that opened the connection
/// @param acceptor all bytes of the other one
/// @param order who sent the first message, the second, and so on: whether it was the dialler
record RecordedLink(byte[] dialler, byte[] acceptor, List<Boolean> order) {

    /// Of server N: 2301N for learners, 2302N for elections, 2303N for clients.
    private static final Pattern PORT = Pattern.compile("230([123])([1-4])");

    /// Some runs had an address for each server.
    private static final Pattern HOST = Pattern.compile("127\\.0\\.0\\.[1-4]:");

    /// A message in the decoded form: `0.042 s2c @000132 len=20 UPTODATE`.
    private static final Pattern MESSAGE = Pattern.compile("\\s+[0-9.]+ (c2s|s2c) @.*");

    static RecordedLink of(String name, Ensemble ensemble) throws IOException {
        return of(name, text -> here(text, ensemble));
    }

    /// @param here puts what is here in the place of hosts and ports, without changing any length
    static RecordedLink of(String name, UnaryOperator<String> here) throws IOException {
        return new RecordedLink(
                replaced(Files.readAllBytes(Vectors.quorum(name + ".c2s.bin")), here),
                replaced(Files.readAllBytes(Vectors.quorum(name + ".s2c.bin")), here),
                Files.readAllLines(Vectors.quorum(name + ".txt")).stream()
                        .map(MESSAGE::matcher)
                        .filter(Matcher::matches)
                        .map(message -> message.group(1).equals("c2s"))
                        .toList());
    }

    /// What was said between a learner, which dials, and a leader, in the order in which it was
    /// seen.
    List<Said> said() throws IOException {
        var learner = PacketReader.all(dialler).iterator();
        var leader = PacketReader.all(acceptor).iterator();
        List<Said> said = new ArrayList<>();
        for (boolean byLearner : order) {
            var packets = byLearner ? learner : leader;
            if (packets.hasNext()) {
                said.add(new Said(byLearner, packets.next()));
            }
        }
        return said;
    }

    /// The same, but the other one stops in front of that proposal.
    RecordedLink before(long zxid) throws IOException {
        var reader = new PacketReader(new ByteArrayInputStream(acceptor));
        int end = 0;
        for (var packet = reader.next(); packet != null; packet = reader.next()) {
            if (packet.type() == PacketType.PROPOSAL && packet.zxid() == zxid) {
                break;
            }
            end = reader.bytesRead();
        }
        return new RecordedLink(dialler, Arrays.copyOf(acceptor, end), order);
    }

    private static byte[] replaced(byte[] recorded, UnaryOperator<String> here) {
        return here.apply(new String(recorded, ISO_8859_1)).getBytes(ISO_8859_1);
    }

    private static String here(String text, Ensemble ensemble) {
        return PORT.matcher(HOST.matcher(text).replaceAll("127.0.0.1:"))
                .replaceAll(port -> {
                    Place place = ensemble.server(Integer.parseInt(port.group(2))).place();
                    return switch (port.group(1)) {
                        case "1" -> Integer.toString(place.quorumPort());
                        case "2" -> Integer.toString(place.electionPort());
                        default -> Integer.toString(place.clientPort());
                    };
                });
    }
}
