package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.witan.interop.ServerProcess;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;

/// One side of a recorded election link, played against a real server on the other side. A server
/// may say a thing again, which is read over; anything else that was not recorded is wrong.
final class ElectionTalk implements AutoCloseable {

    private static final int LENGTH_BYTES = 4;
    private static final int ROUND_OFFSET = LENGTH_BYTES + 20;
    private static final long NOBODY = -1;

    private final Socket socket;
    private final DataInputStream in;
    private long passedOver = NOBODY;
    private boolean comparesRounds = true;
    private byte @Nullable [] lastHeard;

    private ElectionTalk(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
    }

    static ElectionTalk dialling(Place other) throws IOException {
        return new ElectionTalk(new Socket(InetAddress.getLoopbackAddress(), other.electionPort()));
    }

    /// Whoever comes first.
    static ElectionTalk accepting(ServerSocket port) throws IOException {
        port.setSoTimeout(1000 * ServerProcess.PATIENCE_SECONDS);
        return new ElectionTalk(port.accept());
    }

    /// Votes for that server may come before what was recorded.
    ElectionTalk passingOverVotesFor(long sid) {
        passedOver = sid;
        return this;
    }

    /// The other one counts the rounds of its elections otherwise.
    ElectionTalk whateverTheRound() {
        comparesRounds = false;
        return this;
    }

    /// In the order of the recording: what this side said is said, and the other one must say what
    /// it said there.
    void play(RecordedLink recorded, boolean thisSideDialled) throws IOException {
        Deque<byte[]> dialler = messages(recorded.dialler(), true);
        Deque<byte[]> acceptor = messages(recorded.acceptor(), false);
        for (boolean byDialler : recorded.order()) {
            byte[] message = byDialler ? dialler.remove() : acceptor.remove();
            if (byDialler == thisSideDialled) {
                socket.getOutputStream().write(message);
            } else {
                assertThat(text(compared(hear(message)))).isEqualTo(text(compared(message)));
            }
        }
    }

    private byte[] compared(byte[] message) {
        return comparesRounds || isIntroduction(message)
                ? message
                : ByteBuffer.wrap(message.clone()).putLong(ROUND_OFFSET, 0).array();
    }

    private static Deque<byte[]> messages(byte[] bytes, boolean withIntroduction) {
        Deque<byte[]> messages = new ArrayDeque<>();
        int at = 0;
        while (at < bytes.length) {
            int length =
                    at == 0 && withIntroduction
                            ? InitialMessage.bytesNeeded(bytes, 0, bytes.length)
                            : LENGTH_BYTES + ByteBuffer.wrap(bytes, at, LENGTH_BYTES).getInt();
            messages.add(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
        return messages;
    }

    /// An introduction is as long as the recorded one; a notification says how long it is.
    private byte[] hear(byte[] recorded) throws IOException {
        if (isIntroduction(recorded)) {
            return in.readNBytes(recorded.length);
        }
        byte[] heard;
        do {
            int length = in.readInt();
            heard =
                    ByteBuffer.allocate(LENGTH_BYTES + length)
                            .putInt(length)
                            .put(in.readNBytes(length))
                            .array();
        } while (isPassedOver(heard) && !Arrays.equals(heard, recorded));
        lastHeard = heard;
        return heard;
    }

    private boolean isPassedOver(byte[] heard) {
        return Arrays.equals(heard, lastHeard) || notification(heard).leader() == passedOver;
    }

    private static Notification notification(byte[] message) {
        return requireNonNull(
                Notification.decode(message, LENGTH_BYTES, message.length - LENGTH_BYTES));
    }

    /// Versions are negative numbers.
    private static boolean isIntroduction(byte[] message) {
        return message[0] < 0;
    }

    private static String text(byte[] message) {
        String hex = HexFormat.of().formatHex(message);
        return isIntroduction(message) ? hex : notification(message) + " " + hex;
    }

    /// Until the other side closes it.
    void awaitEnd() throws IOException {
        in.skip(Long.MAX_VALUE);
        assertThat(in.read()).isNegative();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
