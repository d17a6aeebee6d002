package io.witan.simulation.net;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Arrays;

/// One connection: two ends, and what is on its way between them.
///
/// ```
///   dialler.write -> [segment][segment]...   -> acceptor's handler
///   dialler's handler <- ...[segment][opened] <- acceptor.write
/// ```
public final class Connection {

    /// A connection that was severed says so at the latest so long after it is written to.
    public static final long SEVERED_MICROS_MAX = 30_000_000;

    /// Bytes that end a direction for good.
    private static final byte[] END = {};

    /// Bytes that tell the dialler that it is connected.
    private static final byte[] OPENED = {1};

    private final Network network;
    private final long number;
    private final Host from;
    private final Host to;
    private final Port port;
    private final End dialler;
    private final End acceptor;

    Connection(Network network, long number, Host from, Host to, Port port, StreamHandler handler) {
        this.network = network;
        this.number = number;
        this.from = from;
        this.to = to;
        this.port = port;
        this.dialler = new End(from, State.CONNECTING);
        this.acceptor = new End(to, State.CLOSED);
        dialler.handler = handler;
    }

    /// Its name in the world, never used again.
    public long number() {
        return number;
    }

    public Host from() {
        return from;
    }

    public Host to() {
        return to;
    }

    public Port port() {
        return port;
    }

    End dialler() {
        return dialler;
    }

    boolean isUp() {
        return dialler.state == State.OPEN && acceptor.state == State.OPEN;
    }

    void accept(Acceptor listener) {
        StreamHandler handler = listener.accepted(from);
        acceptor.handler = handler;
        acceptor.state = State.OPEN;
        acceptor.send(OPENED);
        handler.opened(acceptor);
    }

    /// Ends the connection at any byte of what is on its way.
    ///
    /// @param oneEndNeverLearns until it writes, and is told some time later
    public void sever(boolean oneEndNeverLearns) {
        boolean diallerKnows = network.chance.hit(0.5);
        dialler.loseTail();
        acceptor.loseTail();
        if (!oneEndNeverLearns || diallerKnows) {
            dialler.learnAfter(
                    network.delay(0) * network.chance.between(1, 50), "connection reset");
        }
        if (!oneEndNeverLearns || !diallerKnows) {
            acceptor.learnAfter(
                    network.delay(0) * network.chance.between(1, 50), "connection reset");
        }
    }

    void hostDied(Host host, boolean powerCut) {
        if (host.equals(from)) {
            dialler.die(powerCut);
        }
        if (host.equals(to)) {
            acceptor.die(powerCut);
        }
        forgetIfOver();
    }

    void resume() {
        dialler.resume();
        acceptor.resume();
    }

    private End peerOf(End end) {
        return end == dialler ? acceptor : dialler;
    }

    private void forgetIfOver() {
        if (dialler.state == State.CLOSED
                && acceptor.state == State.CLOSED
                && dialler.sent.isEmpty()
                && acceptor.sent.isEmpty()) {
            network.forget(this);
        }
    }

    @Override
    public String toString() {
        return "#%d %s->%s %s".formatted(number, from, to, port);
    }

    private enum State {
        CONNECTING,
        OPEN,
        CLOSED
    }

    private record Segment(byte[] bytes, long arrivesMicros) {}

    /// One end, and what it has sent that has not arrived.
    public final class End implements ByteStream {

        private final Host host;
        private State state;
        private @Nullable StreamHandler handler;

        private final ArrayDeque<Segment> sent = new ArrayDeque<>();
        private long sentBytes;
        private long lastArrivesMicros;

        /// An event is scheduled for the first segment.
        private boolean underWay;

        /// The first segment waits for a barrier to be lifted.
        private boolean held;

        /// What is sent goes nowhere.
        private boolean severed;

        private boolean learning;

        private End(Host host, State state) {
            this.host = host;
            this.state = state;
        }

        public long connectionNumber() {
            return number;
        }

        public Host peer() {
            return peerOf(this).host;
        }

        @Override
        public boolean isOpen() {
            return state == State.OPEN;
        }

        boolean isConnecting() {
            return state == State.CONNECTING;
        }

        /// Bytes written that have not arrived.
        public long unsentBytes() {
            return sentBytes;
        }

        @Override
        public void write(byte[] bytes) {
            if (state != State.OPEN || bytes.length == 0) {
                return;
            }
            if (severed) {
                // TCP repeats what nobody acknowledges and is told, or gives up, in the end.
                learnAfter(
                        network.chance.between(200_000L, SEVERED_MICROS_MAX), "connection reset");
                return;
            }
            if (bytes.length > 1 && network.chance.hit(network.weather().splitChance())) {
                sendInPieces(bytes);
            } else {
                send(bytes);
            }
        }

        private void sendInPieces(byte[] bytes) {
            int from = 0;
            int piecesMax = 8;
            boolean singly = network.chance.hit(0.2);
            while (from < bytes.length) {
                int left = bytes.length - from;
                int count = singly ? 1 : network.chance.between(1, left + 1);
                if (--piecesMax <= 0) {
                    count = left;
                }
                send(Arrays.copyOfRange(bytes, from, from + count));
                from += count;
            }
        }

        private void send(byte[] bytes) {
            long arrives = network.clock.nowMicros() + network.delay(bytes.length);
            lastArrivesMicros = Math.max(arrives, lastArrivesMicros);
            sent.addLast(new Segment(bytes, lastArrivesMicros));
            sentBytes += bytes.length;
            schedule();
        }

        private void schedule() {
            if (!underWay && !held && !sent.isEmpty()) {
                underWay = true;
                long wait = sent.getFirst().arrivesMicros - network.clock.nowMicros();
                network.clock.after(wait, this::arrive);
            }
        }

        private void arrive() {
            underWay = false;
            if (sent.isEmpty()) {
                forgetIfOver();
                return;
            }
            if (network.isStopped(host, peer(), port)) {
                held = true;
                return;
            }
            long now = network.clock.nowMicros();
            if (sent.getFirst().arrivesMicros <= now) {
                Segment segment = sent.removeFirst();
                sentBytes -= segment.bytes.length;
                peerOf(this).hear(segment.bytes);
            }
            schedule();
            if (sent.isEmpty()) {
                if (state == State.OPEN && handler != null) {
                    handler.drained();
                }
                forgetIfOver();
            }
        }

        private void resume() {
            if (held) {
                held = false;
                underWay = true;
                network.clock.after(network.delay(0), this::arrive);
            }
        }

        @SuppressWarnings("ReferenceEquality") // the marks are these very arrays
        private void hear(byte[] bytes) {
            if (bytes == OPENED) {
                if (state == State.CONNECTING) {
                    state = State.OPEN;
                    StreamHandler told = handler;
                    if (told != null) {
                        told.opened(this);
                    }
                }
            } else if (bytes == END) {
                end("closed by the other end");
            } else if (state == State.OPEN && handler != null) {
                handler.received(bytes);
            }
        }

        /// This end learns that the connection is gone.
        private void end(String reason) {
            if (state == State.CLOSED) {
                return;
            }
            StreamHandler told = handler;
            shut();
            if (told != null) {
                told.closed(reason);
            }
            forgetIfOver();
        }

        private void shut() {
            state = State.CLOSED;
            handler = null;
            severed = true;
            peerOf(this).severed = true;
            dropSent();
        }

        private void dropSent() {
            sent.clear();
            sentBytes = 0;
            held = false;
        }

        @Override
        public void close() {
            if (state == State.CLOSED) {
                return;
            }
            boolean wasConnecting = state == State.CONNECTING;
            state = State.CLOSED;
            handler = null;
            peerOf(this).severed = true;
            if (severed) {
                dropSent();
                forgetIfOver();
                return;
            }
            if (!wasConnecting && network.chance.hit(network.weather().resetChance())) {
                loseTail();
            }
            severed = true;
            send(END);
        }

        /// An outcome for one who still waits for it.
        void giveUpDialling(String reason) {
            if (state == State.CONNECTING) {
                StreamHandler told = handler;
                close();
                if (told != null) {
                    told.closed(reason);
                }
            }
        }

        private void die(boolean powerCut) {
            if (state == State.CLOSED) {
                return;
            }
            if (powerCut) {
                loseTail();
                shut();
            } else {
                close();
            }
        }

        /// Of what is on its way only the first bytes arrive, and nothing that is sent later.
        private void loseTail() {
            severed = true;
            if (sentBytes == 0) {
                return;
            }
            long left = network.chance.between(0, sentBytes + 1);
            ArrayDeque<Segment> all = new ArrayDeque<>(sent);
            sent.clear();
            sentBytes = 0;
            for (Segment segment : all) {
                int count = (int) Math.min(left, segment.bytes.length);
                if (count > 0) {
                    byte[] bytes =
                            count == segment.bytes.length
                                    ? segment.bytes
                                    : Arrays.copyOf(segment.bytes, count);
                    sent.addLast(new Segment(bytes, segment.arrivesMicros));
                    sentBytes += count;
                }
                left -= count;
            }
        }

        private void learnAfter(long micros, String reason) {
            if (!learning && state == State.OPEN) {
                learning = true;
                network.clock.after(micros, () -> end(reason));
            }
        }
    }
}
