package io.witan.wire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Every frame recorded between the original's server and its clients is understood, and comes out
/// again byte for byte.
class RecordedFramesTest {

    /// Type of the request that each connection waits for, by its label and xid.
    private final Map<String, Integer> pending = new HashMap<>();

    /// The only type that the original accepts from clients and that is refused here: anybody could
    /// delete znodes with it (client-and-disk, section 13.3).
    private static final String DELETE_CONTAINER = "deleteContainer";

    /// Requests that are refused here, by label and xid; the server must have refused them too.
    private final Set<String> refused = new HashSet<>();

    static List<String> files() {
        return Recording.files();
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_frame_is_decoded_and_encoded_again(String file) {
        List<Recording> frames = Recording.of(file);

        assertThat(frames).hasSizeGreaterThan(9);
        for (Recording frame : frames) {
            if (frame.title().contains("4-byte")) {
                assertThatThrownBy(() -> decodeAndEncode(frame, over(frame), new JuteWriter()))
                        .isInstanceOf(DecodeException.class);
                continue;
            }
            JuteReader in = over(frame);
            JuteWriter out = new JuteWriter();
            try {
                decodeAndEncode(frame, in, out);
            } catch (DecodeException e) {
                fail(file + ":" + frame.line() + " " + frame.title(), e);
            }
            if (in.remaining() > 0) {
                assertThat(frame.title()).contains("trailing");
            } else {
                assertThat(out.toByteArray())
                        .as(file + ":" + frame.line() + " " + frame.title())
                        .isEqualTo(frame.bytes());
            }
        }
    }

    @Test
    void all_operations_and_replies_are_among_the_recordings() {
        Set<Integer> types = new HashSet<>();
        for (String file : Recording.files()) {
            for (Recording frame : Recording.of(file)) {
                if (frame.fromClient() && !frame.first() && frame.bytes().length >= 8) {
                    types.add(RequestHeader.read(JuteReader.over(frame.bytes())).type());
                }
            }
        }

        assertThat(types)
                .contains(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 18, 19, 21, 22)
                .contains(100, 101, 102, 103, 104, 105, 106, 107, -11);
    }

    private void decodeAndEncode(Recording frame, JuteReader in, JuteWriter out) {
        if (frame.first() && frame.fromClient()) {
            ConnectRequest.read(in).write(out);
        } else if (frame.first()) {
            ConnectResponse.read(in).write(out);
        } else if (frame.fromClient()) {
            request(frame, in, out);
        } else {
            reply(frame, in, out);
        }
    }

    private void request(Recording frame, JuteReader in, JuteWriter out) {
        RequestHeader header = RequestHeader.read(in);
        header.write(out);
        String key = key(frame, header.type() == OpCode.PING ? Xid.PING : header.xid());
        pending.put(key, header.type());
        refused.remove(key);
        int body = in.position();
        try {
            Request request = Request.read(header.type(), in);
            assertThat(request.type()).isEqualTo(header.type());
            request.write(out);
        } catch (DecodeException e) {
            refused.add(key);
            in.position(frame.bytes().length);
            out.writeRaw(frame.bytes(), body, frame.bytes().length - body);
        }
    }

    private void reply(Recording frame, JuteReader in, JuteWriter out) {
        ReplyHeader header = ReplyHeader.read(in);
        header.write(out);
        if (header.xid() == Xid.NOTIFICATION) {
            WatcherEvent.read(in).write(out);
            return;
        }
        String key = key(frame, header.xid());
        assertThat(pending).containsKey(key);
        int type = Objects.requireNonNull(pending.remove(key));
        if (refused.contains(key) && !frame.title().contains(DELETE_CONTAINER)) {
            assertThat(header.err())
                    .as(frame.title())
                    .isIn(ErrorCode.MARSHALLING_ERROR, ErrorCode.UNIMPLEMENTED);
        }
        boolean hasBody =
                switch (type) {
                    case OpCode.SASL, OpCode.MULTI_READ -> true;
                    case OpCode.DELETE_CONTAINER -> false;
                    default -> header.err() == ErrorCode.OK;
                };
        if (hasBody) {
            Reply.read(type, in).write(out);
        }
    }

    private static JuteReader over(Recording frame) {
        return JuteReader.over(frame.bytes());
    }

    private static String key(Recording frame, int xid) {
        return frame.client() + " " + xid;
    }
}
