package io.witan.server.ensemble;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.witan.replica.member.TreeStream;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.QuorumPacketParser;
import io.witan.wire.quorum.SnapshotStreamParser;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/// One connection on a quorum port, of a learner with its leader, at either end: packets in both
/// directions, and now and then a snapshot's raw stream between them.
///
/// What is to be sent is collected until the end of the batch and then written once. While a
/// snapshot goes out, a slice at a time as the other end takes it, packets wait behind it, up to a
/// limit; a learner that does not keep up loses its link and synchronises again.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
final class LearnerLink extends ChannelInboundHandlerAdapter {

    private static final int SLICE_BYTES = 64 << 10;

    private final QuorumPort port;
    private final long id;

    /// Whether the other end is the leader, or an observer's follower.
    private final boolean isToMaster;

    private final QuorumPacketParser packets;

    private @Nullable Channel channel;
    private @Nullable SnapshotStreamParser incoming;

    private final JuteWriter output = new JuteWriter(1 << 10);
    private boolean announced;

    /// The snapshot that goes out, and what waits behind it.
    private @Nullable TreeStream outgoing;

    private final ArrayDeque<Object> behind = new ArrayDeque<>();
    private long behindBytes;

    /// Of snapshots, in either direction.
    private long snapshotBytes;

    private boolean closed;
    private boolean told;

    LearnerLink(QuorumPort port, long id, boolean isToMaster) {
        this.port = port;
        this.id = id;
        this.isToMaster = isToMaster;
        this.packets = new QuorumPacketParser(port.limits().fieldBytesMax());
    }

    long id() {
        return id;
    }

    long snapshotBytes() {
        return snapshotBytes;
    }

    // ---- what comes in

    void open(Channel newChannel) {
        channel = newChannel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        byte[] bytes;
        try {
            if (closed || port.isDeaf()) {
                return;
            }
            bytes = new byte[received.readableBytes()];
            received.readBytes(bytes);
        } finally {
            received.release();
        }
        try {
            readOn(bytes, bytes.length);
        } catch (DecodeException undecodable) {
            String reason = "it sent something undecodable: " + undecodable.getMessage();
            port.refused(this, reason);
            lost(reason);
        }
    }

    /// Everything is used up: what is not a whole packet yet is kept by the parsers.
    private void readOn(byte[] bytes, int length) {
        int position = 0;
        while (!closed && position < length) {
            SnapshotStreamParser snapshot = incoming;
            if (snapshot != null) {
                int used = snapshot.feed(bytes, position, length - position);
                position += used;
                snapshotBytes += used;
                if (snapshot.isComplete()) {
                    incoming = null;
                    port.snapshotReceived(this);
                } else {
                    port.snapshotAdvanced(this);
                }
            } else {
                position += packets.feed(bytes, position, length - position);
                QuorumPacket packet = packets.take();
                if (packet != null) {
                    port.received(this, packet);
                } else if (isToMaster) {
                    port.snapshotAdvanced(this);
                }
            }
        }
    }

    /// What comes next is a snapshot.
    void receiveSnapshot(SnapshotStreamParser parser) {
        incoming = parser;
    }

    // ---- what goes out

    void send(QuorumPacket packet) {
        if (closed) {
            return;
        }
        if (outgoing == null) {
            packet.write(output);
            announce();
            if (output.length() > port.limits().outputBytesMax()) {
                flush();
            }
        } else {
            behind.addLast(packet);
            behindBytes += 64 + (packet.data() == null ? 0 : packet.data().length);
            limit(behindBytes);
        }
    }

    void sendSnapshot(TreeStream stream) {
        if (closed) {
            stream.abort();
        } else if (outgoing == null) {
            outgoing = stream;
            announce();
        } else {
            behind.addLast(stream);
        }
    }

    private void announce() {
        if (!announced) {
            announced = true;
            port.hasOutput(this);
        }
    }

    /// Writes what the batch has collected. Called by the loop at the end of a batch.
    void flush() {
        announced = false;
        writeCollected();
        pump();
    }

    private void writeCollected() {
        Channel to = channel;
        int length = output.length();
        if (to == null || closed || length == 0) {
            output.reset();
            return;
        }
        ByteBuf bytes = to.alloc().directBuffer(length, length);
        bytes.writeBytes(output.bytes(), 0, length);
        output.reset(port.limits().outputBytesMax());
        to.writeAndFlush(bytes, to.voidPromise());
        limit(unsentBytes());
    }

    boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    long unsentBytes() {
        Channel to = channel;
        var waiting = to == null ? null : to.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    private void limit(long waitingBytes) {
        if (waitingBytes > port.limits().backlogBytesMax()) {
            lost(
                    "it does not take what it is sent: %d bytes wait (limit %d)"
                            .formatted(waitingBytes, port.limits().backlogBytesMax()));
        }
    }

    /// Sends the snapshot on while the other end takes it.
    private void pump() {
        while (outgoing != null && isWritable() && !closed) {
            int before = output.length();
            boolean complete = outgoing.advance(output, SLICE_BYTES);
            snapshotBytes += output.length() - before;
            writeCollected();
            port.snapshotAdvanced(this);
            if (complete) {
                outgoing = null;
                sendBehind();
            } else if (isWritable()) {
                // Other work has its turn between two slices.
                port.later(this::pump);
                return;
            }
        }
    }

    private void sendBehind() {
        while (outgoing == null && !behind.isEmpty()) {
            switch (behind.removeFirst()) {
                case QuorumPacket packet -> packet.write(output);
                case TreeStream stream -> outgoing = stream;
                default -> throw new IllegalStateException("neither packet nor snapshot");
            }
        }
        behindBytes = outgoing == null ? 0 : behindBytes;
        writeCollected();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            port.later(this::pump);
        }
    }

    // ---- the end

    /// This end closes it; nothing is told.
    void close() {
        if (!closed) {
            told = true;
            end();
        }
    }

    /// The link cannot go on; the core is told.
    void lost(String reason) {
        if (!closed) {
            end();
            tell(reason);
        }
    }

    private void end() {
        writeCollected();
        closed = true;
        if (outgoing != null) {
            outgoing.abort();
            outgoing = null;
        }
        for (Object waiting : behind) {
            if (waiting instanceof TreeStream stream) {
                stream.abort();
            }
        }
        behind.clear();
        if (channel != null) {
            channel.close();
        }
        port.closed(this);
    }

    private void tell(String reason) {
        if (!told) {
            told = true;
            port.disconnected(this, reason);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost("the other end closed it");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof java.io.IOException) {
            lost(String.valueOf(cause.getMessage()));
            return;
        }
        port.broke(cause);
    }

    /// Who is at the other end, for people.
    String remote() {
        return channel == null ? "nobody" : String.valueOf(channel.remoteAddress());
    }
}
