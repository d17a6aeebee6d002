package io.witan.simulation.mutation;

import io.witan.simulation.server.HostMutation;
import io.witan.wire.client.ReplyHeader;
import io.witan.wire.client.Xid;
import io.witan.wire.jute.JuteReader;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What goes wrong between the tree and a client: the frames of one write are taken apart, spoilt
/// and put together again.
final class ClientDefects {

    private static final int LENGTH_BYTES = 4;
    private static final int XID_AT = LENGTH_BYTES;
    private static final int ZXID_AT = XID_AT + 4;
    private static final int ERR_AT = ZXID_AT + 8;
    private static final int BODY_AT = ERR_AT + 4;

    /// A connect response has no header; it begins with a version and a time-out.
    private static final int CONNECT_RESPONSE_BYTES = LENGTH_BYTES + 37;

    private ClientDefects() {}

    /// Spoils the frames that go out together.
    abstract static class FrameFilter implements HostMutation {

        @Override
        public final byte[] reply(byte[] bytes) {
            List<byte[]> frames = new ArrayList<>();
            int at = 0;
            while (at < bytes.length) {
                int length = ByteBuffer.wrap(bytes).getInt(at) + LENGTH_BYTES;
                frames.add(Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
            List<byte[]> spoilt = spoil(frames);
            ByteBuffer out = ByteBuffer.allocate(spoilt.stream().mapToInt(f -> f.length).sum());
            spoilt.forEach(out::put);
            return out.array();
        }

        abstract List<byte[]> spoil(List<byte[]> frames);

        static boolean isConnectResponse(byte[] frame) {
            return frame.length == CONNECT_RESPONSE_BYTES
                    && ByteBuffer.wrap(frame).getInt(XID_AT) == 0;
        }

        static boolean isNotification(byte[] frame) {
            return !isConnectResponse(frame) && header(frame).xid() == Xid.NOTIFICATION;
        }

        static boolean isReply(byte[] frame) {
            return !isConnectResponse(frame) && header(frame).xid() > 0;
        }

        static ReplyHeader header(byte[] frame) {
            return ReplyHeader.read(
                    JuteReader.over(Arrays.copyOfRange(frame, LENGTH_BYTES, frame.length)));
        }
    }

    /// Events come after the replies that show what they tell.
    static final class EventsLast extends FrameFilter {

        @Override
        List<byte[]> spoil(List<byte[]> frames) {
            List<byte[]> out = new ArrayList<>();
            frames.stream().filter(f -> !isNotification(f)).forEach(out::add);
            frames.stream().filter(f -> isNotification(f)).forEach(out::add);
            return out;
        }
    }

    /// Events are lost.
    static final class EventsLost extends FrameFilter {

        @Override
        List<byte[]> spoil(List<byte[]> frames) {
            return frames.stream().filter(f -> !isNotification(f)).toList();
        }
    }

    /// Events come twice.
    static final class EventsTwice extends FrameFilter {

        @Override
        List<byte[]> spoil(List<byte[]> frames) {
            List<byte[]> out = new ArrayList<>();
            for (byte[] frame : frames) {
                out.add(frame);
                if (isNotification(frame)) {
                    out.add(frame);
                }
            }
            return out;
        }
    }

    /// Two events change places.
    static final class EventsOutOfOrder extends FrameFilter {

        @Override
        List<byte[]> spoil(List<byte[]> frames) {
            List<byte[]> out = new ArrayList<>(frames);
            for (int i = 1; i < out.size(); i++) {
                if (isNotification(out.get(i - 1)) && isNotification(out.get(i))) {
                    out.set(i - 1, out.set(i, out.get(i - 1)));
                    i++;
                }
            }
            return out;
        }
    }

    /// Two replies change places.
    static final class RepliesOutOfOrder extends FrameFilter {

        @Override
        List<byte[]> spoil(List<byte[]> frames) {
            List<byte[]> out = new ArrayList<>(frames);
            for (int i = 1; i < out.size(); i++) {
                if (isReply(out.get(i - 1)) && isReply(out.get(i))) {
                    out.set(i - 1, out.set(i, out.get(i - 1)));
                    return out;
                }
            }
            return out;
        }
    }

    /// Alters each reply a little, now and then.
    abstract static class ReplyFilter extends FrameFilter {

        private int count;

        @Override
        List<byte[]> spoil(List<byte[]> frames) {
            List<byte[]> out = new ArrayList<>();
            for (byte[] frame : frames) {
                boolean isNow = isReply(frame) && ++count % 10 == 0;
                out.add(isNow ? spoilt(frame.clone()) : frame);
            }
            return out;
        }

        abstract byte[] spoilt(byte[] frame);
    }

    /// A reply names an older state than the client has seen.
    static final class OldZxid extends ReplyFilter {

        @Override
        byte[] spoilt(byte[] frame) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            if (bytes.getLong(ZXID_AT) > 0) {
                bytes.putLong(ZXID_AT, bytes.getLong(ZXID_AT) - 1);
            }
            return frame;
        }
    }

    /// A reply names a state that does not exist yet.
    static final class FutureZxid extends ReplyFilter {

        @Override
        byte[] spoilt(byte[] frame) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            if (bytes.getLong(ZXID_AT) > 0) {
                bytes.putLong(ZXID_AT, bytes.getLong(ZXID_AT) + 1000);
            }
            return frame;
        }
    }

    /// A bit of the body is wrong.
    static final class WrongBody extends ReplyFilter {

        @Override
        byte[] spoilt(byte[] frame) {
            // The low byte of a length is left alone: the frame must stay readable.
            if (frame.length >= BODY_AT + 68) {
                frame[frame.length - 1] ^= 1;
            }
            return frame;
        }
    }

    /// A failure is told as another one.
    static final class WrongError extends ReplyFilter {

        @Override
        byte[] spoilt(byte[] frame) {
            ByteBuffer bytes = ByteBuffer.wrap(frame);
            if (bytes.getInt(ERR_AT) != 0) {
                bytes.putInt(ERR_AT, bytes.getInt(ERR_AT) - 1);
            }
            return frame;
        }
    }
}
