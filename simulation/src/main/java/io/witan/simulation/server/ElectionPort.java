package io.witan.simulation.server;

import io.witan.simulation.net.ByteStream;
import io.witan.simulation.net.Connection;
import io.witan.simulation.net.Host;
import io.witan.simulation.net.Network;
import io.witan.simulation.net.Port;
import io.witan.simulation.net.StreamHandler;
import io.witan.simulation.world.Clock;
import io.witan.wire.election.InitialMessage;
import io.witan.wire.election.Notification;
import io.witan.wire.jute.DecodeException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The election transport (quorum, section 2): one connection per pair of servers, that which the
/// server with the larger sid has dialled; for each peer a queue of one, in which a newer message
/// replaces an older one; on a new connection the last message once more.
final class ElectionPort {

    private static final long DIAL_MICROS = 5_000_000;
    private static final long SET_UP_MICROS = 10_000_000;
    private static final int LENGTH_BYTES = 4;

    /// Beyond so much that a peer has not taken, the next message waits and may be replaced.
    private static final long UNSENT_BYTES_MAX = 64 << 10;

    /// Who hears what comes in.
    interface Listener {
        void notified(long fromSid, Notification notification);

        void linkChanged(long sid, boolean up);
    }

    private final long sid;
    private final Network network;
    private final Clock clock;
    private final Steps steps;
    private final Listener listener;
    private final HostMutation mutation;
    private final TreeMap<Long, Peer> peers = new TreeMap<>();

    /// Connections that have not said who they are.
    private final List<Link> strangers = new ArrayList<>();

    ElectionPort(
            long sid,
            Network network,
            Clock clock,
            Steps steps,
            Listener listener,
            HostMutation mutation) {
        this.sid = sid;
        this.network = network;
        this.clock = clock;
        this.steps = steps;
        this.listener = listener;
        this.mutation = mutation;
    }

    void open() {
        network.listen(Host.server(sid), Port.ELECTION, from -> new Link(null));
    }

    /// Membership has changed: everything is closed, and opened again when there is something to
    /// send.
    void restart() {
        for (Link link : new ArrayList<>(strangers)) {
            link.shut();
        }
        for (Peer peer : peers.values()) {
            Link dialling = peer.dialling;
            if (dialling != null) {
                dialling.shut();
                peer.dialling = null;
            }
            peer.drop();
            peer.queued = null;
            peer.last = null;
        }
    }

    void send(long toSid, Notification notification) {
        byte[] content = notification.encode();
        byte[] frame = new byte[LENGTH_BYTES + content.length];
        for (int i = 0; i < LENGTH_BYTES; i++) {
            frame[i] = (byte) (content.length >>> (24 - 8 * i));
        }
        System.arraycopy(content, 0, frame, LENGTH_BYTES, content.length);
        Peer peer = peer(toSid);
        peer.queued = frame;
        if (peer.link == null) {
            peer.dial();
        } else {
            peer.flush();
        }
    }

    private Peer peer(long peerSid) {
        return peers.computeIfAbsent(peerSid, Peer::new);
    }

    /// One other server.
    private final class Peer {

        private final long peerSid;
        private @Nullable Link link;
        private @Nullable Link dialling;
        private byte @Nullable [] queued;
        private byte @Nullable [] last;

        Peer(long peerSid) {
            this.peerSid = peerSid;
        }

        void dial() {
            if (dialling != null) {
                return;
            }
            Link dialled = new Link(this);
            dialling = dialled;
            dialled.stream =
                    network.dial(
                            Host.server(sid),
                            Host.server(peerSid),
                            Port.ELECTION,
                            DIAL_MICROS,
                            dialled);
        }

        /// This is the connection from now on.
        void take(Link newLink) {
            drop();
            link = newLink;
            newLink.peer = this;
            listener.linkChanged(peerSid, true);
            if (queued == null) {
                queued = last;
            }
            flush();
        }

        /// This server has no use for the connection any more. Nobody is told that the peer cannot
        /// be reached, for that is not so.
        void drop() {
            Link old = link;
            if (old != null) {
                link = null;
                old.shut();
            }
        }

        void flush() {
            byte[] message = queued;
            Link current = link;
            if (message != null && current != null && current.takesMore()) {
                queued = null;
                last = message;
                current.write(message);
            }
        }
    }

    /// One connection, from the first byte on.
    private final class Link implements StreamHandler {

        private @Nullable Peer peer;
        private @Nullable ByteStream stream;
        private final Bytes in = new Bytes();
        private boolean shut;

        Link(@Nullable Peer peer) {
            this.peer = peer;
        }

        @Override
        public void opened(ByteStream opened) {
            stream = opened;
            steps.step(this::begin);
        }

        private void begin() {
            if (shut) {
                return;
            }
            Peer to = peer;
            if (to == null) {
                strangers.add(this);
                clock.after(SET_UP_MICROS, () -> steps.step(this::giveUpOnStranger));
                return;
            }
            to.dialling = null;
            var own = new InitialMessage(InitialMessage.V1, sid, List.of("s" + sid + ":3888"));
            write(mutation.introduction(own).encode());
            if (to.peerSid > sid) {
                // The other one dials back: the connection that the larger sid has made stays.
                shut();
            } else {
                to.take(this);
            }
        }

        private void giveUpOnStranger() {
            if (strangers.contains(this)) {
                shut();
            }
        }

        @Override
        public void received(byte[] bytes) {
            steps.step(() -> consume(bytes));
        }

        private void consume(byte[] bytes) {
            if (shut) {
                return;
            }
            in.add(bytes);
            try {
                if (peer == null) {
                    introduce();
                }
                while (peer != null && !shut && message()) {}
            } catch (DecodeException e) {
                lost();
            }
        }

        private void introduce() {
            int needed = InitialMessage.bytesNeeded(in.array(), 0, in.length());
            while (needed <= in.length()
                    && needed < InitialMessage.bytesNeeded(in.array(), 0, in.length())) {
                needed = InitialMessage.bytesNeeded(in.array(), 0, in.length());
            }
            if (needed > in.length()) {
                if (!mutation.waitsForIntroductions()) {
                    shut();
                }
                return;
            }
            InitialMessage initial = InitialMessage.decode(in.array(), 0, needed);
            in.removeFirst(needed);
            strangers.remove(this);
            if (initial.sid() == sid) {
                shut();
            } else if (initial.sid() < sid) {
                shut();
                Peer smaller = peer(initial.sid());
                smaller.drop();
                smaller.dial();
            } else {
                peer(initial.sid()).take(this);
            }
        }

        private boolean message() {
            if (in.length() < LENGTH_BYTES) {
                return false;
            }
            int length = in.intAt(0);
            if (length < 1 || length > Notification.BYTES_MAX) {
                throw new DecodeException("a notification of " + length + " bytes");
            }
            if (in.length() < LENGTH_BYTES + length) {
                return false;
            }
            Notification notification = Notification.decode(in.array(), LENGTH_BYTES, length);
            in.removeFirst(LENGTH_BYTES + length);
            if (notification != null && peer != null) {
                listener.notified(peer.peerSid, notification);
            }
            return true;
        }

        @Override
        public void closed(String reason) {
            steps.step(this::lost);
        }

        private void lost() {
            shut();
            Peer of = peer;
            if (of != null && of.dialling == this) {
                of.dialling = null;
                listener.linkChanged(of.peerSid, false);
            } else if (of != null && of.link == this) {
                of.link = null;
                listener.linkChanged(of.peerSid, false);
            }
        }

        @Override
        public void drained() {
            steps.step(() -> {
                if (!shut && peer != null && peer.queued != null) {
                    peer.flush();
                }
            });
        }

        boolean takesMore() {
            return stream instanceof Connection.End end && end.unsentBytes() < UNSENT_BYTES_MAX;
        }

        void write(byte[] bytes) {
            if (stream != null) {
                stream.write(bytes);
            }
        }

        void shut() {
            shut = true;
            strangers.remove(this);
            if (stream != null) {
                stream.close();
            }
        }
    }
}
