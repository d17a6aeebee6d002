package io.witan.simulation.server;

import io.witan.replica.member.TreeStream;
import io.witan.simulation.net.ByteStream;
import io.witan.simulation.net.Connection;
import io.witan.simulation.net.Host;
import io.witan.simulation.net.Network;
import io.witan.simulation.net.Port;
import io.witan.simulation.net.StreamHandler;
import io.witan.wire.jute.DecodeException;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.QuorumPacketParser;
import io.witan.wire.quorum.SnapshotStreamParser;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.TreeMap;

/// The quorum transport: packets and snapshot streams over connections between learners and their
/// leader, or the follower that takes observers, first in, first out. What a peer does not take is
/// bounded.
final class QuorumPort {

    private static final int SLICE_BYTES = 4 << 10;

    /// Who hears what comes in.
    interface Listener {
        void learnerConnected(long link, long connection, long peerSid);

        void leaderConnected(long attempt, long link, long connection, long peerSid);

        void leaderUnreachable(long attempt, String reason);

        void received(long link, QuorumPacket packet);

        /// Some of a snapshot has come, and not its end.
        void snapshotAdvanced(long link);

        void snapshotReceived(long link);

        void disconnected(long link, String reason);
    }

    private final long sid;
    private final long dialMicros;
    private final int unsentBytesWanted;
    private final long backlogBytesMax;
    private final Network network;
    private final Steps steps;
    private final Listener listener;
    private final TreeMap<Long, Link> links = new TreeMap<>();
    private final JuteWriter writer = new JuteWriter(1024);

    private long lastLink;

    QuorumPort(
            long sid,
            long dialMicros,
            int unsentBytesWanted,
            long backlogBytesMax,
            Network network,
            Steps steps,
            Listener listener) {
        this.sid = sid;
        this.dialMicros = dialMicros;
        this.unsentBytesWanted = unsentBytesWanted;
        this.backlogBytesMax = backlogBytesMax;
        this.network = network;
        this.steps = steps;
        this.listener = listener;
    }

    void acceptLearners() {
        network.listen(Host.server(sid), Port.QUORUM, from -> new Link(-1));
    }

    void refuseLearners() {
        network.refuse(Host.server(sid), Port.QUORUM);
    }

    void acceptObservers() {
        network.listen(Host.server(sid), Port.OBSERVER, from -> new Link(-1));
    }

    void refuseObservers() {
        network.refuse(Host.server(sid), Port.OBSERVER);
    }

    void dialLeader(long leaderSid, long attempt) {
        dial(leaderSid, Port.QUORUM, attempt);
    }

    void dialObserverMaster(long followerSid, long attempt) {
        dial(followerSid, Port.OBSERVER, attempt);
    }

    private void dial(long peerSid, Port port, long attempt) {
        Link link = new Link(attempt);
        link.stream = network.dial(Host.server(sid), Host.server(peerSid), port, dialMicros, link);
    }

    void send(long number, QuorumPacket packet) {
        Link link = links.get(number);
        if (link != null) {
            writer.reset();
            packet.write(writer);
            link.send(writer.toByteArray());
        }
    }

    void sendSnapshot(long number, TreeStream stream) {
        Link link = links.get(number);
        if (link == null) {
            stream.abort();
        } else {
            link.sendSnapshot(stream);
        }
    }

    void receiveSnapshot(long number, SnapshotStreamParser parser) {
        Link link = links.get(number);
        if (link != null) {
            link.snapshot = parser;
        }
    }

    void close(long number) {
        Link link = links.remove(number);
        if (link != null) {
            link.shut();
        }
    }

    /// The process ends: what waits in it is gone.
    void abandon() {
        links.values().forEach(Link::abortSnapshots);
        links.clear();
    }

    /// What waits behind a snapshot is either bytes or another snapshot.
    private record Waiting(byte @Nullable [] bytes, @Nullable TreeStream snapshot) {}

    private final class Link implements StreamHandler {

        /// Of a dial; -1 for what was accepted.
        private final long attempt;

        private long number;
        private @Nullable ByteStream stream;
        private boolean shut;

        // what comes in
        private final QuorumPacketParser packets = new QuorumPacketParser();
        private @Nullable SnapshotStreamParser snapshot;

        // what goes out
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
        private long waitingBytes;

        Link(long attempt) {
            this.attempt = attempt;
        }

        @Override
        public void opened(ByteStream opened) {
            stream = opened;
            steps.step(this::begin);
        }

        private void begin() {
            if (!(stream instanceof Connection.End end)) {
                return;
            }
            number = ++lastLink;
            links.put(number, this);
            if (attempt < 0) {
                listener.learnerConnected(number, end.connectionNumber(), end.peer().number());
            } else {
                listener.leaderConnected(
                        attempt, number, end.connectionNumber(), end.peer().number());
            }
        }

        @Override
        public void received(byte[] bytes) {
            steps.step(() -> consume(bytes));
        }

        private void consume(byte[] bytes) {
            int position = 0;
            try {
                while (!shut && position < bytes.length) {
                    position += consume(bytes, position, bytes.length - position);
                }
            } catch (DecodeException e) {
                lose("the peer sent what cannot be read: " + e.getMessage());
            }
        }

        private int consume(byte[] bytes, int position, int length) {
            SnapshotStreamParser expected = snapshot;
            if (expected != null) {
                int consumed = expected.feed(bytes, position, length);
                if (expected.isComplete()) {
                    snapshot = null;
                    listener.snapshotReceived(number);
                } else {
                    listener.snapshotAdvanced(number);
                }
                return consumed;
            }
            int consumed = packets.feed(bytes, position, length);
            QuorumPacket packet = packets.take();
            if (packet != null) {
                listener.received(number, packet);
            } else if (attempt >= 0) {
                listener.snapshotAdvanced(number);
            }
            return consumed;
        }

        @Override
        public void closed(String reason) {
            steps.step(() -> {
                if (number == 0) {
                    listener.leaderUnreachable(attempt, reason);
                } else {
                    lose(reason);
                }
            });
        }

        private void lose(String reason) {
            if (!shut) {
                links.remove(number);
                shut();
                listener.disconnected(number, reason);
            }
        }

        void send(byte[] bytes) {
            if (waiting.isEmpty()) {
                write(bytes);
            } else {
                waiting.addLast(new Waiting(bytes, null));
                waitingBytes += bytes.length;
            }
            if (waitingBytes + unsentBytes() > backlogBytesMax) {
                // Not here: nobody is told in the middle of his own step.
                steps.later(() -> lose("the peer does not take what is sent to it"));
            }
        }

        void sendSnapshot(TreeStream tree) {
            waiting.addLast(new Waiting(null, tree));
            pull();
        }

        /// Gives the connection as much as it takes at once.
        private void pull() {
            while (!waiting.isEmpty() && !shut && unsentBytes() < unsentBytesWanted) {
                Waiting first = waiting.getFirst();
                TreeStream tree = first.snapshot;
                if (tree == null) {
                    waiting.removeFirst();
                    byte[] bytes = first.bytes == null ? new byte[0] : first.bytes;
                    waitingBytes -= bytes.length;
                    write(bytes);
                } else {
                    writer.reset();
                    boolean complete =
                            tree.advance(writer, Math.min(SLICE_BYTES, unsentBytesWanted));
                    write(writer.toByteArray());
                    if (complete) {
                        waiting.removeFirst();
                    }
                }
            }
        }

        @Override
        public void drained() {
            if (!waiting.isEmpty()) {
                steps.step(this::pullOn);
            }
        }

        private void pullOn() {
            Waiting first = waiting.peekFirst();
            pull();
            if (first != null && first.snapshot != null && !shut) {
                listener.snapshotAdvanced(number);
            }
        }

        private long unsentBytes() {
            return stream instanceof Connection.End end ? end.unsentBytes() : 0;
        }

        private void write(byte[] bytes) {
            if (stream != null && !shut) {
                stream.write(bytes);
            }
        }

        void shut() {
            shut = true;
            abortSnapshots();
            if (stream != null) {
                stream.close();
            }
        }

        void abortSnapshots() {
            for (Waiting entry : new ArrayList<>(waiting)) {
                if (entry.snapshot != null) {
                    entry.snapshot.abort();
                }
            }
            waiting.clear();
        }
    }
}
