package io.witan.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Creates and deletes znodes `PARENT/nNNNNNNNNNN`, counting upwards; the number is written into a
/// prepared frame, so a request costs a copy and ten digits.
public final class NumberedNodes {

    private static final int DIGITS = 10;

    private final byte[] create;
    private final byte[] delete;
    private final int createDigitsOffset;
    private final int deleteDigitsOffset;
    private final int createReplyBytes;

    /// The numbers below this one have been created.
    private long created;

    /// The numbers below this one have been deleted; never above `created`.
    private long deleted;

    public NumberedNodes(String parent, byte[] data, boolean ephemeral) {
        this(parent, data, ephemeral, 0);
    }

    /// @param first the number of the first; what has a lower one is others'
    public NumberedNodes(String parent, byte[] data, boolean ephemeral, long first) {
        created = first;
        deleted = first;
        var path = path(parent, 0);
        create = ephemeral ? Requests.createEphemeral(path, data) : Requests.create(path, data);
        delete = Requests.delete(path);
        // Length, xid, type and the length of the path come before the path itself.
        var digitsInPath = path.getBytes(StandardCharsets.UTF_8).length - DIGITS;
        createDigitsOffset = 16 + digitsInPath;
        deleteDigitsOffset = 16 + digitsInPath;
        createReplyBytes = Requests.createReplyBytes(digitsInPath + DIGITS);
    }

    public static String path(String parent, long number) {
        return parent + "/n" + ("%0" + DIGITS + "d").formatted(number);
    }

    /// Creates one znode after the other.
    public Script creates() {
        return new CountingScript() {
            @Override
            public int next(int xid, ByteBuffer out) {
                return appendCreate(xid, out);
            }
        };
    }

    /// Deletes what was created, oldest first.
    public Script deletes() {
        return new CountingScript() {
            @Override
            public int next(int xid, ByteBuffer out) {
                return appendDelete(xid, out);
            }

            @Override
            public boolean mayEnd() {
                return deleted == created;
            }
        };
    }

    /// Creates a znode, deletes it, creates the next.
    public Script createsAndDeletes() {
        return new CountingScript() {
            @Override
            public int next(int xid, ByteBuffer out) {
                return deleted == created ? appendCreate(xid, out) : appendDelete(xid, out);
            }

            @Override
            public boolean mayEnd() {
                return deleted == created;
            }
        };
    }

    public long left() {
        return created - deleted;
    }

    private abstract class CountingScript implements Script {
        @Override
        public int frameBytesMax() {
            return Math.max(create.length, delete.length);
        }
    }

    private int appendCreate(int xid, ByteBuffer out) {
        append(create, createDigitsOffset, created++, xid, out);
        return createReplyBytes;
    }

    private int appendDelete(int xid, ByteBuffer out) {
        append(delete, deleteDigitsOffset, deleted++, xid, out);
        return Requests.deleteReplyBytes();
    }

    private static void append(
            byte[] frame, int digitsOffset, long number, int xid, ByteBuffer out) {
        var rest = number;
        for (var i = digitsOffset + DIGITS - 1; i >= digitsOffset; i--) {
            frame[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        var start = out.position();
        out.put(frame);
        out.putInt(start + Requests.XID_OFFSET, xid);
    }
}
