package io.witan.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;

import io.witan.wire.client.OpCode;
import io.witan.wire.client.Recording;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.RecordedLog;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Whatever bytes come, a decoder throws nothing but [DecodeException] and allocates no more than a
/// small multiple of their number; and what it accepts it writes and reads again unchanged.
///
/// Each build takes fresh random values, and a failure prints what to replay it with. A long run:
///
///     mvn -pl wire test -Dtest=DecoderFuzzTest -Djqwik.tries.default=5000000
class DecoderFuzzTest {

    /// Bytes allocated for each byte of input, at most. The worst are strings of one byte that is
    /// not UTF-8, in records of two strings: five bytes each on the wire.
    private static final int ALLOCATION_FACTOR = 24;

    /// And for readers, lists and error messages of the smallest frames.
    private static final int ALLOCATION_BASE = 4096;

    private static final int FRAME_BYTES_MAX = 1_048_575;

    private static final List<Decoder> DECODERS = Decoder.all();

    private static final int[] NOTABLE_INTS = {
        -1,
        -2,
        0,
        1,
        2,
        4,
        12,
        127,
        128,
        255,
        65_535,
        65_536,
        1_048_575,
        1_048_576,
        2_097_151,
        0x2F61_2F62,
        Integer.MAX_VALUE - 4,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -10,
        -11,
        -101
    };

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Property(seed = "2026")
    void random_bytes(@ForAll("decoders") Decoder decoder, @ForAll byte[] bytes) {
        check(decoder, bytes);
    }

    /// Most random bytes fail at the first length; these are made of plausible pieces.
    @Property(seed = "2026")
    void random_fields(@ForAll("decoders") Decoder decoder, @ForAll("fields") byte[] bytes) {
        check(decoder, bytes);
    }

    @Property(seed = "2026")
    void recorded_requests_mutated(
            @ForAll("requests") byte[] frame, @ForAll("mutations") List<Mutation> mutations) {
        check(Decoder.requestFrame(), mutated(frame, mutations));
    }

    @Property(seed = "2026")
    void recorded_transactions_mutated(
            @ForAll("transactions") byte[] payload, @ForAll("mutations") List<Mutation> mutations) {
        check(Decoder.transaction(), mutated(payload, mutations));
    }

    /// The bytes of one record given to the decoder of another, as they are and mutated.
    @Property(seed = "2026")
    void recorded_frames_mistaken(
            @ForAll("decoders") Decoder decoder,
            @ForAll("bodies") byte[] body,
            @ForAll("mutations") List<Mutation> mutations) {
        check(decoder, mutated(body, mutations));
    }

    @Property(seed = "2026", tries = 200)
    void recorded_frames_cut_off_anywhere(@ForAll("requests") byte[] frame) {
        for (int length = 0; length < Math.min(frame.length, 2000); length++) {
            check(Decoder.requestFrame(), Arrays.copyOf(frame, length));
        }
    }

    /// Lists as long as a frame can hold, of the smallest and the most expensive elements.
    @Example
    void the_largest_lists() {
        byte[] nullString = {-1, -1, -1, -1};
        byte[] emptyString = {0, 0, 0, 0};
        byte[] character = {0, 0, 0, 1, 'a'};
        byte[] notUtf8 = {0, 0, 0, 1, -1};
        for (byte[] string : List.of(nullString, emptyString, character, notUtf8)) {
            byte[] acl = concat(new byte[4], string, string);
            byte[] op = concat(multiHeader(OpCode.CHECK), string, new byte[4]);
            byte[] create =
                    concat(multiHeader(OpCode.CREATE), string, string, new byte[4], new byte[4]);
            byte[] error = concat(multiHeader(OpCode.ERROR), new byte[4]);
            byte[] txnOp = concat(intBytes(OpCode.ERROR), intBytes(4), new byte[4]);
            check(Decoder.request(OpCode.SET_ACL), largest("/", acl, new byte[4]));
            check(Decoder.request(OpCode.CREATE), largest("/", acl, new byte[4]));
            check(Decoder.request(OpCode.SET_WATCHES), largest(8, string, new byte[8]));
            check(Decoder.request(OpCode.SET_WATCHES2), largest(8, string, new byte[16]));
            check(Decoder.request(OpCode.MULTI), repeated(op));
            check(Decoder.request(OpCode.MULTI), repeated(create));
            check(Decoder.reply(OpCode.MULTI), repeated(error));
            check(Decoder.reply(OpCode.GET_CHILDREN), largest(0, string, new byte[0]));
            check(Decoder.reply(OpCode.WHO_AM_I), largest(0, concat(string, string), new byte[0]));
            check(Decoder.record(OpCode.CLOSE_SESSION), largest(0, string, new byte[0]));
            check(Decoder.record(OpCode.MULTI), largest(0, txnOp, new byte[0]));
            check(Decoder.record(OpCode.SET_ACL), largest("/", acl, new byte[4]));
        }
    }

    /// Multis within multis, as deep as a frame can hold: refused, not followed.
    @Example
    void the_deepest_nesting() {
        check(Decoder.request(OpCode.MULTI), repeated(multiHeader(OpCode.MULTI)));
        check(Decoder.request(OpCode.MULTI_READ), repeated(multiHeader(OpCode.MULTI_READ)));
        check(Decoder.reply(OpCode.MULTI), repeated(multiHeader(OpCode.MULTI)));

        JuteWriter nested = new JuteWriter();
        for (int left = FRAME_BYTES_MAX; left > 12; left -= 12) {
            nested.writeInt(1).writeInt(OpCode.MULTI).writeInt(left - 12);
        }
        check(Decoder.record(OpCode.MULTI), nested.toByteArray());
    }

    private static void check(Decoder decoder, byte[] bytes) {
        JuteReader in = new JuteReader(FRAME_BYTES_MAX);
        Consumer<JuteWriter> encode;
        try {
            encode = decoder.decode().apply(in.reset(bytes, 0, bytes.length));
        } catch (DecodeException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(200);
            assertAllocationIsBounded(decoder, bytes, in);
            return;
        }
        assertAllocationIsBounded(decoder, bytes, in);

        byte[] once = written(encode);
        byte[] twice = written(decoder.decode().apply(in.reset(once, 0, once.length)));
        assertThat(in.remaining()).as("left of what was written").isZero();
        assertThat(twice).isEqualTo(once);
    }

    /// The second time, when classes are loaded and the decoder's own share is all there is.
    private static void assertAllocationIsBounded(Decoder decoder, byte[] bytes, JuteReader in) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            var unused = decoder.decode().apply(in.reset(bytes, 0, bytes.length));
        } catch (DecodeException e) {
            // It costs something too.
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated for %d bytes by %s", bytes.length, decoder)
                .isLessThanOrEqualTo(ALLOCATION_BASE + (long) ALLOCATION_FACTOR * bytes.length);
    }

    @Provide
    Arbitrary<Decoder> decoders() {
        return Arbitraries.of(DECODERS);
    }

    /// Client frames without their length.
    @Provide
    Arbitrary<byte[]> requests() {
        return Arbitraries.of(recorded(true, 0));
    }

    /// Frames of both directions without their headers.
    @Provide
    Arbitrary<byte[]> bodies() {
        List<byte[]> bodies = recorded(true, 8);
        bodies.addAll(recorded(false, 16));
        return Arbitraries.of(bodies);
    }

    @Provide
    Arbitrary<byte[]> transactions() {
        List<byte[]> payloads = new ArrayList<>();
        for (String log : RecordedLog.files()) {
            RecordedLog.of(log).forEach(record -> payloads.add(record.payload()));
        }
        return Arbitraries.of(payloads);
    }

    @Provide
    Arbitrary<byte[]> fields() {
        Arbitrary<byte[]> ints = notableInts().map(DecoderFuzzTest::intBytes);
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(8);
        Arbitrary<byte[]> strings =
                Arbitraries.oneOf(
                                Arbitraries.of("/", "/a", "/a/b", "world", "anyone", "", "\u8282")
                                        .map(text -> text.getBytes(UTF_8)),
                                bytes)
                        .map(text -> concat(intBytes(text.length), text));
        Arbitrary<byte[]> headers =
                Arbitraries.of(1, 2, 4, 5, 8, 13, 15, 19, 21, -1).map(DecoderFuzzTest::multiHeader);
        return Arbitraries.oneOf(ints, strings, headers, bytes)
                .list()
                .ofMaxSize(24)
                .map(fields -> concat(fields.toArray(byte[][]::new)));
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return anyMutations();
    }

    static Arbitrary<List<Mutation>> anyMutations() {
        return Combinators.combine(
                        Arbitraries.of(Mutation.Kind.class),
                        Arbitraries.integers().between(0, 65_535),
                        notableInts())
                .as(Mutation::new)
                .list()
                .ofMaxSize(4);
    }

    private static Arbitrary<Integer> notableInts() {
        List<Integer> notable = Arrays.stream(NOTABLE_INTS).boxed().toList();
        return Arbitraries.oneOf(
                Arbitraries.of(notable),
                Arbitraries.integers().between(-16, 128),
                Arbitraries.integers());
    }

    private static List<byte[]> recorded(boolean fromClient, int headerBytes) {
        List<byte[]> frames = new ArrayList<>();
        for (String file : Recording.files()) {
            for (Recording frame : Recording.of(file)) {
                byte[] bytes = frame.bytes();
                if (frame.fromClient() == fromClient && bytes.length >= headerBytes) {
                    frames.add(Arrays.copyOfRange(bytes, headerBytes, bytes.length));
                }
            }
        }
        return frames;
    }

    static byte[] mutated(byte[] frame, List<Mutation> mutations) {
        byte[] bytes = frame;
        for (Mutation mutation : mutations) {
            bytes = mutation.apply(bytes);
        }
        return bytes;
    }

    /// A path, a null buffer, the largest vector of `element`, and what comes after it.
    private static byte[] largest(String path, byte[] element, byte[] tail) {
        byte[] text = path.getBytes(UTF_8);
        byte[] head = concat(intBytes(text.length), text);
        return concat(head, largest(0, element, tail));
    }

    private static byte[] largest(int headBytes, byte[] element, byte[] tail) {
        int count = (FRAME_BYTES_MAX - headBytes - 4 - tail.length - 64) / element.length;
        JuteWriter out = new JuteWriter(FRAME_BYTES_MAX);
        out.writeRaw(new byte[headBytes], 0, headBytes).writeInt(count);
        for (int i = 0; i < count; i++) {
            out.writeRaw(element, 0, element.length);
        }
        return out.writeRaw(tail, 0, tail.length).toByteArray();
    }

    /// As many of `element` as a frame can hold, then the end of a multi.
    private static byte[] repeated(byte[] element) {
        JuteWriter out = new JuteWriter(FRAME_BYTES_MAX);
        while (out.length() + element.length + 9 <= FRAME_BYTES_MAX) {
            out.writeRaw(element, 0, element.length);
        }
        return out.writeInt(-1).writeBoolean(true).writeInt(-1).toByteArray();
    }

    private static byte[] multiHeader(int type) {
        return concat(intBytes(type), new byte[] {0}, intBytes(type == OpCode.ERROR ? -101 : -1));
    }

    private static byte[] written(Consumer<JuteWriter> encode) {
        JuteWriter out = new JuteWriter();
        encode.accept(out);
        return out.toByteArray();
    }

    private static byte[] intBytes(int value) {
        return new JuteWriter().writeInt(value).toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        JuteWriter out = new JuteWriter();
        for (byte[] part : parts) {
            out.writeRaw(part, 0, part.length);
        }
        return out.toByteArray();
    }
}
