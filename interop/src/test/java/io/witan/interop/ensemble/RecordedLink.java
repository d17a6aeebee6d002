package io.witan.interop.ensemble;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.witan.interop.Vectors;
import io.witan.wire.quorum.PacketType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/// What two real servers said to each other on one connection, as if they had said it here: the
/// ports of the recording are replaced by those of this ensemble, which have as many digits.
///
/// @param dialler all bytes of the server that opened the connection
/// @param acceptor all bytes of the other one
record RecordedLink(byte[] dialler, byte[] acceptor) {

    /// Of server N: 2301N for learners, 2302N for elections, 2303N for clients.
    private static final Pattern PORT = Pattern.compile("230([123])([1-4])");

    static RecordedLink of(String name, Ensemble ensemble) throws IOException {
        Path path = Vectors.quorum(name);
        return new RecordedLink(
                here(
                        Files.readAllBytes(path.resolveSibling(path.getFileName() + ".c2s.bin")),
                        ensemble),
                here(
                        Files.readAllBytes(path.resolveSibling(path.getFileName() + ".s2c.bin")),
                        ensemble));
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
        return new RecordedLink(dialler, Arrays.copyOf(acceptor, end));
    }

    private static byte[] here(byte[] recorded, Ensemble ensemble) {
        String text = new String(recorded, ISO_8859_1);
        return PORT.matcher(text)
                .replaceAll(port -> {
                    Place place = ensemble.server(Integer.parseInt(port.group(2))).place();
                    return switch (port.group(1)) {
                        case "1" -> Integer.toString(place.quorumPort());
                        case "2" -> Integer.toString(place.electionPort());
                        default -> Integer.toString(place.clientPort());
                    };
                })
                .getBytes(ISO_8859_1);
    }
}
