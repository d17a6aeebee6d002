package io.witan.benchmarks.load;

import java.nio.ByteBuffer;
import java.util.List;

/// The scripts that workloads are made of.
public final class Scripts {

    private Scripts() {}

    /// Asks one of the given requests, drawn anew each time; all replies have the same length.
    public static Script anyOf(List<byte[]> frames, int replyBytes, long seed) {
        return new AnyOf(frames, replyBytes, seed);
    }

    /// Asks each of the given requests once, in their order.
    public static Script each(List<byte[]> frames, int replyBytes) {
        return new Each(frames, replyBytes);
    }

    /// `percent` of the requests come from `first`, drawn anew each time, the others from `second`.
    public static Script mix(int percent, Script first, Script second, long seed) {
        return new Mix(percent, first, second, seed);
    }

    /// Small and fast, and the same numbers in every run.
    private static final class Draw {
        private long state;

        Draw(long seed) {
            // A seed of zero would only ever give zero.
            state = seed * 0x9E3779B97F4A7C15L | 1;
        }

        int below(int bound) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            return (int) ((state >>> 33) % bound);
        }
    }

    private static int longest(List<byte[]> frames) {
        return frames.stream().mapToInt(frame -> frame.length).max().orElse(0);
    }

    private static void append(byte[] frame, int xid, ByteBuffer out) {
        var start = out.position();
        out.put(frame);
        out.putInt(start + Requests.XID_OFFSET, xid);
    }

    private static final class AnyOf implements Script {
        private final byte[][] frames;
        private final int replyBytes;
        private final int frameBytesMax;
        private final Draw draw;

        AnyOf(List<byte[]> frames, int replyBytes, long seed) {
            this.frames = frames.toArray(new byte[0][]);
            this.replyBytes = replyBytes;
            frameBytesMax = longest(frames);
            draw = new Draw(seed);
        }

        @Override
        public int next(int xid, ByteBuffer out) {
            append(frames[draw.below(frames.length)], xid, out);
            return replyBytes;
        }

        @Override
        public int frameBytesMax() {
            return frameBytesMax;
        }
    }

    private static final class Each implements Script {
        private final List<byte[]> frames;
        private final int replyBytes;
        private int index;

        Each(List<byte[]> frames, int replyBytes) {
            this.frames = List.copyOf(frames);
            this.replyBytes = replyBytes;
        }

        @Override
        public int next(int xid, ByteBuffer out) {
            append(frames.get(index), xid, out);
            index = (index + 1) % frames.size();
            return replyBytes;
        }

        @Override
        public int frameBytesMax() {
            return longest(frames);
        }
    }

    private static final class Mix implements Script {
        private final int percent;
        private final Script first;
        private final Script second;
        private final Draw draw;

        Mix(int percent, Script first, Script second, long seed) {
            this.percent = percent;
            this.first = first;
            this.second = second;
            draw = new Draw(seed);
        }

        @Override
        public int next(int xid, ByteBuffer out) {
            return (draw.below(100) < percent ? first : second).next(xid, out);
        }

        @Override
        public int frameBytesMax() {
            return Math.max(first.frameBytesMax(), second.frameBytesMax());
        }

        @Override
        public boolean mayEnd() {
            return first.mayEnd() && second.mayEnd();
        }
    }
}
