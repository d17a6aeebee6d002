package io.witan.torment.client;

import io.witan.simulation.net.ByteStream;
import io.witan.simulation.net.StreamHandler;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// One connection of a client to a real server.
final class SocketStream implements ByteStream {

    private static final int READ_BYTES = 1 << 16;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final StreamHandler handler;

    /// What the system has not taken yet.
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();

    private boolean isConnected;
    private boolean isOpen = true;

    SocketStream(SocketChannel channel, SelectionKey key, StreamHandler handler) {
        this.channel = channel;
        this.key = key;
        this.handler = handler;
    }

    void ready() {
        try {
            if (isOpen && key.isConnectable() && channel.finishConnect()) {
                connected();
            }
            if (isOpen && key.isReadable()) {
                read();
            }
            if (isOpen && key.isWritable()) {
                flush();
            }
        } catch (IOException e) {
            gone(String.valueOf(e.getMessage()));
        }
    }

    void connected() {
        if (!isOpen || isConnected) {
            return;
        }
        isConnected = true;
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            key.interestOps(SelectionKey.OP_READ);
        } catch (IOException e) {
            gone(String.valueOf(e.getMessage()));
            return;
        }
        handler.opened(this);
    }

    void giveUpConnecting() {
        if (isOpen && !isConnected) {
            gone("cannot connect");
        }
    }

    private void read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        int count = channel.read(buffer);
        if (count < 0) {
            gone("closed by the server");
        } else if (count > 0) {
            handler.received(Arrays.copyOf(buffer.array(), count));
        }
    }

    private void flush() throws IOException {
        while (!unsent.isEmpty()) {
            channel.write(unsent.getFirst());
            if (unsent.getFirst().hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            unsent.removeFirst();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    @Override
    public void write(byte[] bytes) {
        if (!isOpen) {
            return;
        }
        unsent.addLast(ByteBuffer.wrap(bytes));
        try {
            flush();
        } catch (IOException broken) {
            // What can be read still is; then reading says that it is over.
            unsent.clear();
        }
    }

    @Override
    public void close() {
        isOpen = false;
        unsent.clear();
        try {
            channel.close();
        } catch (IOException ignored) {
            // It is of no use any more, one way or the other.
        }
    }

    @Override
    public boolean isOpen() {
        return isOpen;
    }

    private void gone(String reason) {
        if (isOpen) {
            close();
            handler.closed(reason);
        }
    }
}
