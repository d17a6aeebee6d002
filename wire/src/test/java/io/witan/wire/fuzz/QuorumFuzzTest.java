package io.witan.wire.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;

import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.data.Acl;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;
import io.witan.wire.file.SnapshotVisitor;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.QuorumPacketParser;
import io.witan.wire.quorum.QuorumRecording;
import io.witan.wire.quorum.SnapshotCopy;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.quorum.StreamCopy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.jspecify.annotations.Nullable;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/// Whatever another server sends, in whatever pieces: nothing but a [DecodeException] comes out of
/// the parsers of streams, what they read does not depend on the pieces, and memory is only taken
/// for bytes that are there. Notifications and configurations never fail in any other way than they
/// say.
///
/// A long run:
///
///     mvn -pl wire test -Dtest=QuorumFuzzTest -Djqwik.tries.default=1000000
class QuorumFuzzTest {

    /// As in [DecoderFuzzTest]; a packet that comes in pieces is put together first.
    private static final int ALLOCATION_FACTOR = 32;

    private static final int ALLOCATION_BASE = 8192;

    private static final List<byte[]> PACKETS = packetStreams();
    private static final List<byte[]> SNAPSHOTS = snapshotStreams();
    private static final List<byte[]> NOTIFICATIONS = notificationBytes();
    private static final List<byte[]> INITIAL_MESSAGES = initialMessageBytes();

    private static final SnapshotVisitor NOTHING = new Nothing();

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Property(seed = "2026")
    void packets_do_not_depend_on_the_pieces_they_come_in(
            @ForAll("packets") byte[] stream,
            @ForAll("mutations") List<Mutation> mutations,
            @ForAll Random random) {
        byte[] bytes = DecoderFuzzTest.mutated(stream, mutations);

        var whole = new StreamCopy(false);
        boolean isGood = feed(whole, bytes, bytes.length + 1, random);
        var split = new StreamCopy(false);
        boolean isGoodSplit = feed(split, bytes, 1 + random.nextInt(50), random);

        assertThat(isGoodSplit).isEqualTo(isGood);
        assertThat(split.written()).isEqualTo(whole.written());
        assertThat(isGood && split.isAtEnd()).isEqualTo(isGood && whole.isAtEnd());
    }

    @Property(seed = "2026")
    void snapshots_do_not_depend_on_the_pieces_they_come_in(
            @ForAll("snapshots") byte[] stream,
            @ForAll("mutations") List<Mutation> mutations,
            @ForAll Random random) {
        byte[] bytes = DecoderFuzzTest.mutated(stream, mutations);

        var whole = new SnapshotCopy();
        String wholeEnd = feed(new SnapshotStreamParser(whole), bytes, bytes.length + 1, random);
        var split = new SnapshotCopy();
        String splitEnd =
                feed(new SnapshotStreamParser(split), bytes, 1 + random.nextInt(50), random);

        assertThat(splitEnd).isEqualTo(wholeEnd);
        assertThat(written(split)).isEqualTo(written(whole));
    }

    @Property(seed = "2026")
    void random_bytes_are_no_packets_and_no_snapshot(
            @ForAll byte[] bytes, @ForAll("pieces") int pieceMax, @ForAll Random random) {
        boolean isGood = feed(new StreamCopy(false), bytes, pieceMax, random);
        assertThat(feed(new StreamCopy(false), bytes, bytes.length + 1, random)).isEqualTo(isGood);

        var copy = new SnapshotCopy();
        assertThat(feed(new SnapshotStreamParser(copy), bytes, pieceMax, random))
                .isEqualTo(
                        feed(
                                new SnapshotStreamParser(new SnapshotCopy()),
                                bytes,
                                bytes.length + 1,
                                random));
    }

    @Property(seed = "2026")
    void streams_cost_no_more_than_a_small_multiple_of_their_bytes(
            @ForAll("packets") byte[] packets,
            @ForAll("snapshots") byte[] snapshot,
            @ForAll("mutations") List<Mutation> mutations,
            @ForAll("pieces") int pieceMax) {
        byte[] bytes = DecoderFuzzTest.mutated(packets, mutations);
        assertAllocation(bytes, () -> readPackets(bytes, pieceMax));
        byte[] tree = DecoderFuzzTest.mutated(snapshot, mutations);
        assertAllocation(
                tree, () -> feed(new SnapshotStreamParser(NOTHING), tree, pieceMax, new Random(1)));
    }

    private static void readPackets(byte[] bytes, int pieceMax) {
        var parser = new QuorumPacketParser();
        try {
            for (int at = 0; at < bytes.length; ) {
                at += parser.feed(bytes, at, Math.min(bytes.length - at, pieceMax));
                parser.take();
            }
        } catch (DecodeException e) {
            // What it costs up to here is the question.
        }
    }

    /// The second time, when classes are loaded.
    private static void assertAllocation(byte[] bytes, Runnable reading) {
        reading.run();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.run();
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated for %d bytes", bytes.length)
                .isLessThanOrEqualTo(ALLOCATION_BASE + (long) ALLOCATION_FACTOR * bytes.length);
    }

    @Property(seed = "2026")
    void a_notification_is_understood_or_dropped(
            @ForAll("notifications") byte[] recorded,
            @ForAll("mutations") List<Mutation> mutations) {
        checkNotification(DecoderFuzzTest.mutated(recorded, mutations));
    }

    @Property(seed = "2026")
    void random_bytes_are_mostly_no_notification(@ForAll byte[] bytes) {
        checkNotification(bytes);
    }

    @Property(seed = "2026")
    void an_initial_message_is_understood_or_refused(
            @ForAll("initialMessages") byte[] recorded,
            @ForAll("mutations") List<Mutation> mutations) {
        byte[] bytes = DecoderFuzzTest.mutated(recorded, mutations);
        try {
            int needed = 0;
            for (int available = 0; available <= bytes.length; available++) {
                int before = needed;
                needed = InitialMessage.bytesNeeded(bytes, 0, available);
                assertThat(needed).isGreaterThanOrEqualTo(before);
                if (needed <= available) {
                    break;
                }
            }
            if (needed <= bytes.length) {
                InitialMessage message = InitialMessage.decode(bytes, 0, needed);
                byte[] again = message.encode();
                assertThat(InitialMessage.decode(again, 0, again.length)).isEqualTo(message);
            }
        } catch (DecodeException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(300);
        }
    }

    @Property(seed = "2026")
    void a_configuration_is_understood_or_refused(
            @ForAll Random random, @ForAll("mutations") List<Mutation> mutations) {
        byte[] text = new QuorumSamples(random).config().text().getBytes(UTF_8);
        checkConfig(new String(DecoderFuzzTest.mutated(text, mutations), UTF_8));
    }

    @Property(seed = "2026")
    void text_made_of_the_pieces_of_configurations_is_understood_or_refused(
            @ForAll("configTexts") String text) {
        checkConfig(text);
    }

    private static void checkNotification(byte[] bytes) {
        Notification notification = Notification.decode(bytes, 0, bytes.length);
        if (notification == null) {
            return;
        }
        byte[] again = notification.encode();
        Notification second = Objects.requireNonNull(Notification.decode(again, 0, again.length));
        assertThat(second.version()).isEqualTo(withConfig(notification.version()));
        assertThat(second.configText()).isEqualTo(notification.configText());
        assertThat(second.peerEpoch()).isEqualTo(notification.peerEpoch());
        if (notification.configText() != null) {
            checkConfig(notification.configText());
        }
    }

    /// Without a configuration the message is one that hides its version.
    private static int withConfig(int version) {
        return version < Notification.VERSION ? 0 : version;
    }

    private static void checkConfig(String text) {
        try {
            EnsembleConfig config = EnsembleConfig.parse(text);
            assertThat(config.participants()).isNotEmpty();
            assertThat(EnsembleConfig.parse(config.text())).isEqualTo(config);
        } catch (ConfigTextException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(400);
        }
    }

    /// Whether all bytes were taken without complaint.
    private static boolean feed(StreamCopy stream, byte[] bytes, int pieceMax, Random random) {
        try {
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(pieceMax));
                stream.feed(bytes, at, length);
                at += length;
            }
            return true;
        } catch (DecodeException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(200);
            return false;
        }
    }

    /// How it ended: at which byte, waiting for more, or with which complaint.
    private static String feed(
            SnapshotStreamParser parser, byte[] bytes, int pieceMax, Random random) {
        try {
            int at = 0;
            while (at < bytes.length && !parser.isComplete()) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(pieceMax));
                int consumed = parser.feed(bytes, at, length);
                if (consumed < length && !parser.isComplete()) {
                    throw new AssertionError(consumed + " of " + length + " bytes taken");
                }
                at += consumed;
            }
            return parser.isComplete() ? "complete at " + at : "waiting";
        } catch (DecodeException e) {
            assertThat(e.getMessage()).isNotEmpty().hasSizeLessThan(200);
            return e.getMessage();
        }
    }

    private static byte[] written(SnapshotCopy copy) {
        JuteWriter out = new JuteWriter();
        copy.write(out);
        return out.toByteArray();
    }

    @Provide
    Arbitrary<byte[]> packets() {
        return Arbitraries.of(PACKETS);
    }

    @Provide
    Arbitrary<byte[]> snapshots() {
        return Arbitraries.of(SNAPSHOTS);
    }

    @Provide
    Arbitrary<byte[]> notifications() {
        return Arbitraries.of(NOTIFICATIONS);
    }

    @Provide
    Arbitrary<byte[]> initialMessages() {
        return Arbitraries.of(INITIAL_MESSAGES);
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return DecoderFuzzTest.anyMutations();
    }

    @Provide
    Arbitrary<Integer> pieces() {
        return Arbitraries.of(1, 3, 20, 1000, 100_000);
    }

    @Provide
    Arbitrary<String> configTexts() {
        return Arbitraries.of(
                        "server.1=a:1:2",
                        "server.2=[::1]:1:2:observer;3",
                        "server.",
                        "group.1=",
                        "weight.",
                        "version=",
                        "=",
                        ":",
                        ";",
                        "|",
                        "1",
                        "2",
                        "-",
                        "\n",
                        "[",
                        "]",
                        "participant",
                        "ffffffffffffffff",
                        "99999999999999999999",
                        "\\u",
                        " ",
                        "x")
                .list()
                .ofMaxSize(20)
                .map(pieces -> String.join("", pieces));
    }

    /// Streams of learners, and those of learner masters without snapshots.
    private static List<byte[]> packetStreams() {
        List<byte[]> streams = new ArrayList<>();
        for (QuorumRecording recording : QuorumRecording.ofLearners()) {
            byte[] bytes = recording.bytes();
            var stream = new StreamCopy(false);
            if (feed(stream, bytes, bytes.length, new Random(1)) && stream.isAtEnd()) {
                streams.add(bytes);
            }
        }
        return streams;
    }

    /// What stands behind SNAP packets.
    private static List<byte[]> snapshotStreams() {
        List<byte[]> streams = new ArrayList<>();
        for (QuorumRecording recording : QuorumRecording.ofLearners()) {
            var stream = new StreamCopy(true);
            byte[] bytes = recording.bytes();
            if (!recording.fromDialler()
                    && feed(stream, bytes, bytes.length, new Random(1))
                    && stream.snapshot().isComplete()) {
                streams.add(written(stream.snapshot()));
            }
        }
        return streams;
    }

    private static List<byte[]> notificationBytes() {
        List<byte[]> notifications = new ArrayList<>();
        for (QuorumRecording recording : QuorumRecording.ofElections()) {
            if (recording.name().contains("sasl")) {
                continue;
            }
            JuteReader in = JuteReader.over(recording.bytes());
            if (recording.fromDialler()) {
                in.position(InitialMessage.bytesNeeded(in.bytes(), 0, in.remaining()));
            }
            while (in.remaining() > 0) {
                notifications.add(in.readBufferNotNull("notification"));
            }
        }
        return notifications;
    }

    private static List<byte[]> initialMessageBytes() {
        List<byte[]> messages = new ArrayList<>();
        for (QuorumRecording recording : QuorumRecording.ofElections()) {
            byte[] bytes = recording.bytes();
            if (recording.fromDialler()) {
                int length = InitialMessage.bytesNeeded(bytes, 0, bytes.length);
                messages.add(Arrays.copyOf(bytes, length));
            }
        }
        return messages;
    }

    private static final class Nothing implements SnapshotVisitor {

        @Override
        public void session(long id, int timeoutMillis) {}

        @Override
        public void acl(long key, @Nullable List<Acl> list) {}

        @Override
        public void znode(
                byte[] buffer,
                int pathOffset,
                int pathLength,
                int dataOffset,
                int dataLength,
                long aclKey,
                long czxid,
                long mzxid,
                long ctime,
                long mtime,
                int version,
                int cversion,
                int aversion,
                long ephemeralOwner,
                long pzxid) {}
    }
}
