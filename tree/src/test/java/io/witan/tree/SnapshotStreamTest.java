package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.QuorumPacketParser;
import io.witan.wire.quorum.SnapshotStream;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.TxnCodec;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tree that a leader sends to a learner (quorum, section 4.5).
class SnapshotStreamTest {

    private static final TreeSettings SETTINGS = new TreeSettings(true, false, true, 7);

    private final ZnodeTree tree = new ZnodeTree(SETTINGS);
    private int digests;

    /// What a real leader sent to a learner without data, and every transaction after it: the
    /// digests in these say that the tree is the leader's.
    @ParameterizedTest
    @ValueSource(strings = {"02-observer-snap-and-inform", "04-wiped-follower-snap"})
    void a_real_leaders_stream_and_what_follows_it_lead_to_its_own_digests(String name) {
        byte[] bytes = Recorded.bytes("quorum/learner/" + name + ".s2c.bin");
        var packets = new QuorumPacketParser();
        SnapshotStreamParser snapshot = null;
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(100, bytes.length - at);
            if (snapshot != null && !snapshot.isComplete()) {
                at += snapshot.feed(bytes, at, length);
                continue;
            }
            at += packets.feed(bytes, at, length);
            QuorumPacket packet = packets.take();
            if (packet != null && packet.type() == PacketType.SNAP) {
                snapshot = new SnapshotStreamParser(tree.loader(packet.zxid()));
            } else {
                apply(packet);
            }
        }

        assertThat(digests).isPositive();
        assertThat(tree.digestMismatches()).isZero();
    }

    private void apply(@Nullable QuorumPacket packet) {
        if (packet == null
                || (packet.type() != PacketType.PROPOSAL && packet.type() != PacketType.INFORM)) {
            return;
        }
        LoggedTxn txn = TxnCodec.read(JuteReader.over(packet.dataNotNull()));
        tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
        assertThat(tree.matches(txn.digest())).as("%s", txn.header()).isTrue();
        digests += txn.digest() == null ? 0 : 1;
    }

    @Test
    void a_stream_makes_the_same_tree_elsewhere() {
        for (LoggedTxn txn : Recorded.transactions("main")) {
            tree.apply(txn.header(), txn.txn(), TreeListener.NONE);
        }
        SnapshotCursor cursor = tree.snapshot();
        var out = new JuteWriter();
        cursor.header(out);
        while (!cursor.advance(out, 100)) {
            // The next slice.
        }
        SnapshotStream.writeEnd(out);

        var copy = new ZnodeTree(SETTINGS);
        var parser = new SnapshotStreamParser(copy.loader(cursor.zxid()));
        assertThat(parser.feed(out.bytes(), 0, out.length())).isEqualTo(out.length());

        assertThat(parser.isComplete()).isTrue();
        assertThat(copy.lastZxid()).isEqualTo(tree.lastZxid());
        TreeText.assertSame(TreeText.of(copy), TreeText.of(tree));
    }
}
