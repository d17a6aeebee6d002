package io.witan.simulation.server;

import io.witan.replica.ClientConnection;
import io.witan.replica.ClientLink;
import io.witan.replica.member.Member;
import io.witan.simulation.net.ByteStream;
import io.witan.simulation.net.Connection;
import io.witan.simulation.net.Host;
import io.witan.simulation.net.Network;
import io.witan.simulation.net.Port;
import io.witan.simulation.net.StreamHandler;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The client port: frames of four bytes of length, and what a member wants of a client's
/// connection.
final class ClientPort {

    private static final int LENGTH_BYTES = 4;
    private static final int FRAME_BYTES_MAX = (1 << 20) - 1;

    /// How many times what fills its output a client may leave untaken.
    private static final int OUTPUTS_MAX = 64;

    /// A client that waits for one large reply is not deaf.
    private static final long OUTPUT_BYTES_MAX_MIN = 64 << 10;

    private final long sid;
    private final long outputFullBytes;
    private final long outputBytesMax;
    private final Network network;
    private final Steps steps;
    private final Member member;
    private final HostMutation mutation;

    /// Those that the step going on has written to or closed, in that order.
    private final Set<Link> touched = new LinkedHashSet<>();

    /// @param outputFullBytes under way to a client above which its replies wait
    ClientPort(
            long sid,
            long outputFullBytes,
            Network network,
            Steps steps,
            Member member,
            HostMutation mutation) {
        this.sid = sid;
        this.outputFullBytes = outputFullBytes;
        this.outputBytesMax = Math.max(OUTPUT_BYTES_MAX_MIN, OUTPUTS_MAX * outputFullBytes);
        this.network = network;
        this.steps = steps;
        this.member = member;
        this.mutation = mutation;
    }

    void open() {
        network.listen(Host.server(sid), Port.CLIENT, Link::new);
    }

    /// Sends what the step has written.
    void flush() {
        while (!touched.isEmpty()) {
            List<Link> now = new ArrayList<>(touched);
            touched.clear();
            now.forEach(Link::flush);
        }
    }

    private final class Link implements ClientLink, StreamHandler {

        private final Host from;
        private final JuteWriter output = new JuteWriter(256);
        private final Bytes in = new Bytes();
        private @Nullable ByteStream stream;
        private @Nullable ClientConnection connection;
        private boolean readingPaused;
        private boolean closing;
        private boolean gone;
        private boolean toldFull;

        Link(Host from) {
            this.from = from;
        }

        // ---- the network's side

        @Override
        public void opened(ByteStream opened) {
            stream = opened;
            steps.step(() -> connection = member.connected(this));
        }

        @Override
        public void received(byte[] bytes) {
            steps.step(() -> {
                if (!closing && !gone) {
                    in.add(bytes);
                    consume();
                }
            });
        }

        private void consume() {
            ClientConnection known = connection;
            while (known != null && !readingPaused && !closing && in.length() >= LENGTH_BYTES) {
                int length = in.intAt(0);
                if (length < 0 || length > FRAME_BYTES_MAX) {
                    close("a frame of " + length + " bytes");
                    return;
                }
                if (in.length() < LENGTH_BYTES + length) {
                    return;
                }
                member.received(known, in.array(), LENGTH_BYTES, length);
                in.removeFirst(LENGTH_BYTES + length);
            }
        }

        @Override
        public void closed(String reason) {
            steps.step(this::lost);
        }

        private void lost() {
            if (!gone) {
                gone = true;
                closing = true;
                if (connection != null) {
                    member.disconnected(connection);
                }
            }
        }

        @Override
        public void drained() {
            if (toldFull) {
                steps.step(() -> {
                    if (toldFull && !closing && connection != null) {
                        toldFull = false;
                        member.outputDrained(connection);
                    }
                });
            }
        }

        // ---- the member's side

        @Override
        public JuteWriter output() {
            touched.add(this);
            return output;
        }

        @Override
        public void outputAppended() {
            touched.add(this);
        }

        @Override
        public boolean isOutputFull() {
            boolean full = unsentBytes() + output.length() > outputFullBytes;
            toldFull |= full;
            return full;
        }

        @Override
        public void close(String reason) {
            closing = true;
            touched.add(this);
        }

        @Override
        public void pauseReading() {
            readingPaused = true;
        }

        @Override
        public void resumeReading() {
            readingPaused = false;
            steps.later(() -> {
                if (!closing) {
                    consume();
                }
            });
        }

        @Override
        public String remoteAddress() {
            return from.address();
        }

        // ---- the end of a step

        private void flush() {
            if (output.length() > 0) {
                byte[] bytes = mutation.reply(output.toByteArray());
                output.reset();
                if (stream != null && bytes != null) {
                    stream.write(bytes);
                }
            }
            boolean deaf = unsentBytes() > outputBytesMax;
            if (stream != null && (closing || deaf) && stream.isOpen()) {
                stream.close();
                steps.later(this::lost);
            }
        }

        private long unsentBytes() {
            return stream instanceof Connection.End end ? end.unsentBytes() : 0;
        }
    }
}
