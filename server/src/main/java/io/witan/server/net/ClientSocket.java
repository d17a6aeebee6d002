package io.witan.server.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.witan.replica.ClientConnection;
import io.witan.replica.ClientLink;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// One client connection: cuts what comes in into frames for the core, and collects what the core
/// says until the end of the batch. All of it happens on the core's loop.
///
/// What it holds is bounded: at most one incomplete frame and one read's worth of bytes on the way
/// in, [SocketLimits#outputBytesMax] on the way out. A client that does not read its replies is not
/// read from either, and is disconnected at that limit.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
final class ClientSocket extends ChannelInboundHandlerAdapter implements ClientLink {

    // Reasons not to read on; reading goes on when there is none.
    private static final int BY_CORE = 1;
    private static final int OUTPUT_FULL = 2;
    private static final int CLOSING = 4;

    private static final int LENGTH_BYTES = 4;

    /// A large frame may have room for so much more than has come of it.
    private static final int GROWTH_MAX = 4;

    /// Replies beyond this are not kept until the end of the batch.
    private static final int OUTPUT_PART_BYTES = 256 << 10;

    /// How long a connection that is being closed may take to accept its last replies.
    private static final int LINGER_SECONDS = 5;

    private final ClientPort port;
    private final CoreLoop core;
    private final SocketLimits limits;
    private final Channel channel;
    private final InetSocketAddress remote;
    private final String remoteAddress;
    private final long openedAtMillis;

    private @Nullable ClientConnection connection;

    /// Bytes that have come and are not a whole frame yet, or came while reading was paused.
    private byte @Nullable [] pending;

    private int pendingLength;

    /// Borrowed from the port while there is something in it.
    private @Nullable JuteWriter output;

    private boolean announced;
    private int pauses;
    private boolean pastFirstFrame;
    private @Nullable String closeReason;

    /// This connection's part in [ClientPort#unsentBytes()].
    private long unsentCounted;

    private boolean awaitsDrain;

    ClientSocket(ClientPort port, Channel channel, long nowMillis) {
        this.port = port;
        this.core = port.core();
        this.limits = port.limits();
        this.channel = channel;
        this.openedAtMillis = nowMillis;
        this.remote = (InetSocketAddress) channel.remoteAddress();
        this.remoteAddress = remote.getAddress().getHostAddress();
    }

    // ---- what comes in

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (core.isDeaf()) {
            channel.close();
            return;
        }
        core.enter();
        if (port.words().takesClients()) {
            connection = core.service().connected(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        try {
            if (isClosing() || core.isDeaf()) {
                return;
            }
            int length = received.readableBytes();
            core.enter();
            if (pendingLength > 0 || pauses != 0) {
                keep(received, length);
                consumePending();
            } else {
                byte[] bytes = port.scratch(length);
                received.readBytes(bytes, 0, length);
                int consumed = consume(bytes, length);
                if (consumed < length) {
                    keep(bytes, consumed, length - consumed);
                }
            }
        } finally {
            received.release();
        }
        if (pauses != 0) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!channel.isWritable()) {
            pauses |= OUTPUT_FULL;
            channel.config().setAutoRead(false);
        } else if (isOutputFull()) {
            // A write that goes out at once tells so in the middle of that write, so perhaps while
            // the core makes another reply: the core must hear of it as an event of its own.
            core.execute(this::outputDrained);
        }
    }

    private void outputDrained() {
        if (channel.isWritable() && isOutputFull()) {
            resume(OUTPUT_FULL);
            if (connection != null) {
                core.service().outputDrained(connection);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pauses |= CLOSING;
        dropPending();
        countUnsent();
        if (connection != null && !core.isBroken()) {
            core.enter();
            core.service().disconnected(connection);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            // The peer is gone or the network is: the usual end of a connection.
            channel.close();
            return;
        }
        // A defect of ours. Whatever state the core is in now, it must not go on from there.
        core.broke(cause);
    }

    /// Goes on with what came in while reading was paused.
    void readOn() {
        consumePending();
        if (pauses == 0) {
            channel.config().setAutoRead(true);
        }
    }

    private void consumePending() {
        byte[] bytes = pending;
        if (bytes == null || pauses != 0) {
            return;
        }
        int consumed = consume(bytes, pendingLength);
        if (consumed == pendingLength || isClosing()) {
            dropPending();
        } else if (consumed > 0) {
            pendingLength -= consumed;
            System.arraycopy(bytes, consumed, bytes, 0, pendingLength);
        }
    }

    /// Hands whole frames to the core. Returns how many bytes were used up.
    private int consume(byte[] bytes, int end) {
        int position = 0;
        while (pauses == 0 && end - position >= LENGTH_BYTES) {
            int length = intAt(bytes, position);
            if (!pastFirstFrame && port.words().isWord(length)) {
                return position + command(length, bytes, position + LENGTH_BYTES, end);
            }
            if (length < 0 || length > limits.frameBytesMax()) {
                close(
                        "a frame of %d bytes; at most %d are taken (jute.maxbuffer)"
                                .formatted(length, limits.frameBytesMax()));
                break;
            }
            if (end - position - LENGTH_BYTES < length) {
                break;
            }
            pastFirstFrame = true;
            if (connection == null) {
                connection = core.service().connected(this);
            }
            core.service().received(connection, bytes, position + LENGTH_BYTES, length);
            position += LENGTH_BYTES + length;
        }
        return position;
    }

    /// Answers a four-letter word once its argument is there. Returns the bytes used up.
    private int command(int word, byte[] bytes, int start, int end) {
        int argumentBytes = port.words().argumentBytes(word);
        if (end - start < argumentBytes) {
            return 0;
        }
        byte[] argument = Arrays.copyOfRange(bytes, start, start + argumentBytes);
        byte[] answer = port.words().answer(word, argument);
        output().writeRaw(answer, 0, answer.length);
        close("");
        return LENGTH_BYTES + argumentBytes;
    }

    private void keep(ByteBuf received, int length) {
        byte[] bytes = roomFor(length);
        received.readBytes(bytes, pendingLength, length);
        pendingLength += length;
    }

    private void keep(byte[] source, int offset, int length) {
        byte[] bytes = roomFor(length);
        System.arraycopy(source, offset, bytes, pendingLength, length);
        pendingLength += length;
    }

    /// Grows with what has really come in, not with what a frame's length promises. All connections
    /// together have a limit, too.
    private byte[] roomFor(int length) {
        byte[] bytes = pending;
        if (bytes == null) {
            bytes = new byte[Math.max(length, 256)];
            port.incompleteBytes(bytes.length);
        } else if (bytes.length - pendingLength < length) {
            int needed = pendingLength + length;
            int grown = Math.max(needed, 2 * bytes.length);
            if (pendingLength >= LENGTH_BYTES) {
                long frameBytes = Math.min(intAt(bytes, 0), limits.frameBytesMax());
                long wanted = Math.min(LENGTH_BYTES + frameBytes, (long) GROWTH_MAX * needed);
                grown = Math.max(grown, (int) wanted);
            }
            port.incompleteBytes(grown - bytes.length);
            bytes = Arrays.copyOf(bytes, grown);
        }
        pending = bytes;
        if (port.hasTooManyIncompleteBytes()) {
            close("the incomplete requests of all clients take too much memory");
        }
        return bytes;
    }

    private void dropPending() {
        if (pending != null) {
            port.incompleteBytes(-pending.length);
            pending = null;
        }
        pendingLength = 0;
    }

    private static int intAt(byte[] bytes, int position) {
        return bytes[position] << 24
                | (bytes[position + 1] & 0xff) << 16
                | (bytes[position + 2] & 0xff) << 8
                | (bytes[position + 3] & 0xff);
    }

    // ---- what goes out

    @Override
    public JuteWriter output() {
        JuteWriter writer = output;
        if (writer == null) {
            writer = port.writers().borrow();
            output = writer;
            announce();
        }
        return writer;
    }

    /// Asking for the output has announced it already. A batch can answer very much, so a large
    /// part of it is passed on at once.
    @Override
    public void outputAppended() {
        JuteWriter writer = output;
        if (writer != null && writer.length() > OUTPUT_PART_BYTES) {
            if (channel.isActive()) {
                write(writer);
            }
            output = null;
            port.writers().giveBack(writer);
            if (!channel.isWritable()) {
                pauses |= OUTPUT_FULL;
            }
        }
    }

    @Override
    public boolean isOutputFull() {
        return (pauses & OUTPUT_FULL) != 0;
    }

    /// Writes what the batch has collected. Called by the loop at the end of a batch.
    void flushOutput() {
        announced = false;
        JuteWriter writer = output;
        output = null;
        ChannelFuture written = null;
        if (writer != null) {
            if (writer.length() > 0 && channel.isActive()) {
                written = write(writer);
            }
            port.writers().giveBack(writer);
        }
        if (closeReason != null) {
            port.logClose(remoteAddress, closeReason);
            closeAfter(written);
        }
    }

    private @Nullable ChannelFuture write(JuteWriter writer) {
        int more = writer.length();
        long waiting = unsentBytes();
        if (waiting > 0 && waiting + more > limits.outputBytesMax()) {
            giveUp(
                    "the client does not read: %d bytes wait for it (limit %d)"
                            .formatted(waiting + more, limits.outputBytesMax()));
            return null;
        }
        long waitingForOthers = port.unsentBytes() - unsentCounted;
        if (waitingForOthers > 0 && waitingForOthers + waiting + more > port.unsentBytesMax()) {
            giveUp(
                    "clients that do not read take too much memory: %d bytes wait (limit %d)"
                            .formatted(waitingForOthers + waiting + more, port.unsentBytesMax()));
            return null;
        }
        ByteBuf bytes = channel.alloc().directBuffer(more, more);
        bytes.writeBytes(writer.bytes(), 0, more);
        ChannelFuture written = null;
        if (closeReason == null) {
            channel.writeAndFlush(bytes, channel.voidPromise());
        } else {
            written = channel.writeAndFlush(bytes);
        }
        countUnsent();
        return written;
    }

    /// Ends a connection that takes too much. The core hears of it as of any lost connection, when
    /// it is not in the middle of something.
    private void giveUp(String reason) {
        if (closeReason == null) {
            closeReason = reason;
            pauses |= CLOSING;
        }
        channel.close();
    }

    /// What the kernel has not taken yet.
    private long unsentBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /// Keeps the sum over all connections right; where something waits, until it has gone.
    private void countUnsent() {
        long unsent = unsentBytes();
        port.unsentBytes(unsent - unsentCounted);
        unsentCounted = unsent;
        if (unsent > 0 && !awaitsDrain) {
            awaitsDrain = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(gone -> {
                        awaitsDrain = false;
                        if (channel.isActive()) {
                            // In the middle of the write it still counts itself.
                            channel.eventLoop().execute(this::countUnsent);
                        }
                    });
        }
    }

    private void closeAfter(@Nullable ChannelFuture written) {
        if (written == null && unsentBytes() > 0) {
            // Parts of it were passed on before.
            written = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
        if (written == null || written.isDone()) {
            channel.close();
            return;
        }
        written.addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    private void announce() {
        if (!announced) {
            announced = true;
            core.enter();
            core.hasOutput(this);
        }
    }

    // ---- what the core asks for

    @Override
    public void close(String reason) {
        if (closeReason == null) {
            closeReason = reason;
            pauses |= CLOSING;
            announce();
        }
    }

    @Override
    public void pauseReading() {
        pauses |= BY_CORE;
    }

    @Override
    public void resumeReading() {
        resume(BY_CORE);
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    private void resume(int reason) {
        if ((pauses & reason) != 0) {
            pauses &= ~reason;
            if (pauses == 0) {
                core.enter();
                core.mayReadOn(this);
            }
        }
    }

    private boolean isClosing() {
        return (pauses & CLOSING) != 0;
    }

    // ---- for the port

    /// Closes the connection at once: the server is being stopped.
    void drop() {
        channel.close();
    }

    long openedAtMillis() {
        return openedAtMillis;
    }

    boolean hasSession() {
        return connection != null && connection.sessionId() != 0;
    }

    InetSocketAddress remote() {
        return remote;
    }

    @Nullable ClientConnection connection() {
        return connection;
    }
}
