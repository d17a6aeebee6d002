package io.witan.interop.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/// A frame from the server: a reply or a notification.
public final class Reply {

    private static final int HEADER_BYTES = 16;

    private final byte[] frame;

    Reply(byte[] frame) {
        this.frame = frame;
    }

    public int xid() {
        return ByteBuffer.wrap(frame).getInt(0);
    }

    public long zxid() {
        return ByteBuffer.wrap(frame).getLong(4);
    }

    public int err() {
        return ByteBuffer.wrap(frame).getInt(12);
    }

    /// What comes after the header.
    public Body body() {
        return body(HEADER_BYTES);
    }

    public int bodyLength() {
        return frame.length - HEADER_BYTES;
    }

    Body body(int offset) {
        return new Body(ByteBuffer.wrap(frame).position(offset));
    }

    /// The part of a znode's stat that tests ask for.
    public record Stat(int version, int cversion, long ephemeralOwner) {}

    /// Reads values one after the other.
    public static final class Body {

        private final ByteBuffer buffer;

        Body(ByteBuffer buffer) {
            this.buffer = buffer;
        }

        public int integer() {
            return buffer.getInt();
        }

        public long longInteger() {
            return buffer.getLong();
        }

        public byte[] buffer() {
            byte[] bytes = new byte[Math.max(0, buffer.getInt())];
            buffer.get(bytes);
            return bytes;
        }

        public String string() {
            return new String(buffer(), UTF_8);
        }

        public Stat stat() {
            var stat =
                    new Stat(
                            buffer.getInt(buffer.position() + 32),
                            buffer.getInt(buffer.position() + 36),
                            buffer.getLong(buffer.position() + 44));
            buffer.position(buffer.position() + 68);
            return stat;
        }
    }
}
