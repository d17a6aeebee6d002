package io.witan.interop.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Makes frames of two runs comparable: session ids become numbers in order of appearance, right
/// passwords and times become marks, lists without an order are sorted. All other bytes stay.
final class Frames {

    private static final int OK = 0;
    private static final byte[] RIGHT_PASSWORD = "the right passwd".getBytes(US_ASCII);

    private final Map<Long, Long> sessions = new HashMap<>();

    /// The password that goes with a session id; every server computes the same.
    static byte[] password(long session) {
        byte[] password = new byte[16];
        new Random(session ^ 0xB3415C00L).nextBytes(password);
        return password;
    }

    /// The answer to a connect request.
    String connectResponse(byte[] frame) {
        var at = ByteBuffer.wrap(frame.clone());
        at.position(8);
        long session = at.getLong();
        if (session != 0) {
            sessions.putIfAbsent(session, sessions.size() + 1L);
            at.putLong(8, sessions.get(session));
            if (Arrays.equals(password(session), 0, 16, frame, 20, 36)) {
                at.put(20, RIGHT_PASSWORD);
            }
        }
        return hex(at);
    }

    /// A reply or notification; `type` is that of the request it answers.
    String reply(int type, byte[] frame) {
        var at = ByteBuffer.wrap(frame.clone());
        int xid = at.getInt();
        at.getLong();
        int err = at.getInt();
        if (xid >= 0 && err == OK) {
            body(type, at);
        }
        return hex(at);
    }

    private void body(int type, ByteBuffer at) {
        switch (type) {
            case 3, 5, 7 -> stat(at);
            case 4 -> {
                skipBuffer(at);
                stat(at);
            }
            case 6 -> {
                for (int entries = at.getInt(); entries > 0; entries--) {
                    at.getInt();
                    skipBuffer(at);
                    skipBuffer(at);
                }
                stat(at);
            }
            case 8, 103 -> strings(at, 1);
            case 12 -> {
                strings(at, 1);
                stat(at);
            }
            case 15, 19, 21 -> {
                skipBuffer(at);
                stat(at);
            }
            case 14, 22 -> results(at);
            case 107 -> strings(at, 2);
            default -> {}
        }
    }

    private void results(ByteBuffer at) {
        while (true) {
            int type = at.getInt();
            boolean done = at.get() != 0;
            at.getInt();
            if (done) {
                return;
            }
            switch (type) {
                case -1 -> at.getInt();
                case 1 -> skipBuffer(at);
                case 15 -> {
                    skipBuffer(at);
                    stat(at);
                }
                case 4, 5, 8 -> body(type, at);
                default -> {}
            }
        }
    }

    /// Sorts a list whose entries are `width` strings each.
    private static void strings(ByteBuffer at, int width) {
        List<String> entries = new ArrayList<>();
        int count = at.getInt();
        int start = at.position();
        for (int i = 0; i < count; i++) {
            int entry = at.position();
            for (int part = 0; part < width; part++) {
                skipBuffer(at);
            }
            byte[] bytes = new byte[at.position() - entry];
            at.get(entry, bytes);
            entries.add(HexFormat.of().formatHex(bytes));
        }
        entries.sort(null);
        at.position(start);
        entries.forEach(entry -> at.put(HexFormat.of().parseHex(entry)));
    }

    private void stat(ByteBuffer at) {
        int start = at.position();
        mark(at, start + 16);
        mark(at, start + 24);
        Long session = sessions.get(at.getLong(start + 44));
        if (session != null) {
            at.putLong(start + 44, session);
        }
        at.position(start + 68);
    }

    private static void mark(ByteBuffer at, int time) {
        at.putLong(time, at.getLong(time) == 0 ? 0 : 1);
    }

    private static void skipBuffer(ByteBuffer at) {
        int length = at.getInt();
        at.position(at.position() + Math.max(0, length));
    }

    private static String hex(ByteBuffer frame) {
        byte[] bytes = new byte[frame.capacity()];
        frame.get(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
