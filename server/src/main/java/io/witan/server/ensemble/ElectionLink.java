package io.witan.server.ensemble;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.DecodeException;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// One connection on the election port: who is at the other end, then notifications in frames. What
/// it holds is bounded by one frame.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
final class ElectionLink extends ChannelInboundHandlerAdapter {

    /// Quorum, section 2.4.
    private static final int FRAME_BYTES_MAX = Notification.BYTES_MAX;

    private static final int LENGTH_BYTES = 4;

    /// An election takes a few notifications; a link that sends so many within a second is at
    /// fault.
    private static final int NOTIFICATIONS_PER_SECOND_MAX = 1_000;

    private static final int READ_BUFFER_BYTES = 1 << 10;

    private final ElectionPort port;

    private @Nullable Channel channel;

    /// -1 until the other end has said who it is, unless this end has dialled.
    private long sid;

    private boolean named;
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private long secondStartMillis;
    private int inThisSecond;

    /// A connection that has been accepted.
    ElectionLink(ElectionPort port) {
        this.port = port;
        this.sid = -1;
    }

    /// A connection that was dialled to `sid`.
    ElectionLink(ElectionPort port, long sid) {
        this.port = port;
        this.sid = sid;
        this.named = true;
    }

    long sid() {
        return sid;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        received = Unpooled.buffer(READ_BUFFER_BYTES);
        if (!named) {
            context.channel()
                    .eventLoop()
                    .schedule(
                            () -> {
                                if (!named) {
                                    refuse("it has not said who it is");
                                }
                            },
                            port.settings().handshakeMillis(),
                            TimeUnit.MILLISECONDS);
            if (!port.accepted(this)) {
                context.close();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        try {
            received.writeBytes(more);
        } finally {
            more.release();
        }
        try {
            if (named || readName()) {
                readNotifications();
            }
        } catch (DecodeException undecodable) {
            refuse(String.valueOf(undecodable.getMessage()));
        }
        received.discardSomeReadBytes();
    }

    private boolean readName() {
        byte[] bytes = new byte[received.readableBytes()];
        received.getBytes(received.readerIndex(), bytes);
        int length = InitialMessage.bytesNeeded(bytes, 0, bytes.length);
        if (length > bytes.length) {
            return false;
        }
        InitialMessage name = InitialMessage.decode(bytes, 0, length);
        received.skipBytes(length);
        named = true;
        sid = port.named(this, name);
        return isOpen();
    }

    private void readNotifications() {
        while (isOpen() && received.readableBytes() >= LENGTH_BYTES) {
            int length = received.getInt(received.readerIndex());
            if (length < 1 || length > FRAME_BYTES_MAX) {
                refuse("a frame of %d bytes; 1 to %d are taken".formatted(length, FRAME_BYTES_MAX));
                return;
            }
            if (received.readableBytes() < LENGTH_BYTES + length) {
                return;
            }
            received.skipBytes(LENGTH_BYTES);
            byte[] bytes = new byte[length];
            received.readBytes(bytes);
            if (isTooMany()) {
                refuse(
                        "more than %d notifications a second"
                                .formatted(NOTIFICATIONS_PER_SECOND_MAX));
                return;
            }
            Notification notification = Notification.decode(bytes, 0, length);
            if (notification != null) {
                port.received(this, notification);
            }
        }
    }

    private boolean isTooMany() {
        long now = port.nowMillis();
        if (now - secondStartMillis >= 1_000) {
            secondStartMillis = now;
            inThisSecond = 0;
        }
        inThisSecond++;
        return inThisSecond > NOTIFICATIONS_PER_SECOND_MAX;
    }

    boolean isOpen() {
        return channel != null && channel.isActive();
    }

    /// What the socket says of it.
    <T> @Nullable T option(ChannelOption<T> option) {
        return channel == null ? null : channel.config().getOption(option);
    }

    /// Whether another message would be sent at once.
    boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    void send(byte[] notification) {
        if (channel != null) {
            ByteBuf frame = channel.alloc().buffer(LENGTH_BYTES + notification.length);
            frame.writeInt(notification.length).writeBytes(notification);
            channel.writeAndFlush(frame, channel.voidPromise());
        }
    }

    void sendRaw(byte[] bytes) {
        if (channel != null) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
        }
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    String remote() {
        return channel == null ? "nobody" : String.valueOf(channel.remoteAddress());
    }

    private void refuse(String reason) {
        port.refused(remote(), reason);
        close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            port.drained(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        received.release();
        received = Unpooled.EMPTY_BUFFER;
        port.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            context.close();
            return;
        }
        port.broke(cause);
    }
}
