package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Section 8.3: the digest of a znode, against values computed by a real server.
class NodeDigestTest {

    static List<String> vectors() {
        return Recorded.lines("values/node-digests.txt").stream()
                .filter(line -> line.startsWith("\""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void the_digest_is_that_of_the_original(String vector) {
        String[] f = vector.split(" ", -1);
        var longs = new ArrayList<Long>();
        for (int i = 2; i < 10; i++) {
            longs.add(Long.parseLong(f[i]));
        }
        byte[] path = unescaped(f[0].substring(1, f[0].length() - 1)).getBytes(UTF_8);
        byte[] data = f[1].equals("null") ? null : HexFormat.of().parseHex(f[1].replace("\"", ""));

        int digest =
                new NodeDigest()
                        .of(
                                path,
                                0,
                                path.length,
                                data,
                                longs.get(0),
                                longs.get(1),
                                longs.get(2),
                                longs.get(3),
                                longs.get(4),
                                longs.get(5).intValue(),
                                longs.get(6).intValue(),
                                longs.get(7).intValue(),
                                Long.parseUnsignedLong(f[10], 16));

        assertThat(digest & 0xFFFF_FFFFL).isEqualTo(Long.parseLong(f[12]));
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
