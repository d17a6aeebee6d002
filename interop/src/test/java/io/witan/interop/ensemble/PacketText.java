package io.witan.interop.ensemble;

import io.witan.wire.client.OpCode;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// Packets of a leader as text, to compare them with recorded ones: everything but the times of
/// transactions and the digests that come of them.
final class PacketText {

    private static final int DESIGNATED_LEADER_BYTES = 8;

    private static final Pattern SESSION = Pattern.compile("session=[0-9a-f]+ cxid=-?[0-9]+ ");

    private PacketText() {}

    /// @param packets from the beginning of a link, without gaps in what is not left out
    static String of(List<QuorumPacket> packets) {
        List<String> lines = new ArrayList<>();
        boolean isHistory = true;
        for (QuorumPacket packet : packets) {
            lines.add(of(packet, isHistory));
            isHistory &= packet.type() != PacketType.NEWLEADER;
        }
        return String.join("\n", lines);
    }

    /// Where a client made the requests, and not the record of one: sessions have other numbers.
    static String withoutSessions(String text) {
        return SESSION.matcher(text).replaceAll("");
    }

    /// Every byte of it.
    static String exactly(QuorumPacket packet) {
        var out = new JuteWriter(64);
        packet.write(out);
        return PacketType.name(packet.type()) + " " + HexFormat.of().formatHex(out.toByteArray());
    }

    private static String of(QuorumPacket packet, boolean isHistory) {
        String text = PacketType.name(packet.type()) + " " + Long.toHexString(packet.zxid());
        byte[] data = packet.data();
        return switch (packet.type()) {
            case PacketType.PROPOSAL, PacketType.INFORM -> text + " " + of(txn(packet), isHistory);
            case PacketType.INFORMANDACTIVATE ->
                    text
                            + " "
                            + HexFormat.of().formatHex(data, 0, DESIGNATED_LEADER_BYTES)
                            + " "
                            + of(txn(packet), isHistory);
            default -> data == null ? text : text + " " + HexFormat.of().formatHex(data);
        };
    }

    private static String of(LoggedTxn logged, boolean isHistory) {
        var header = logged.header();
        return "session=%x cxid=%d type=%d txn=%s digest=%b"
                .formatted(
                        header.clientId(),
                        header.cxid(),
                        header.type(),
                        hex(isHistory ? asHistory(logged.txn()) : logged.txn()),
                        logged.digest() != null);
    }

    /// In the history that a real leader sends all parts of a failed multi are errors, with what
    /// was their first bytes for a code; when it was proposed, only those that had failed were
    /// (quorum, section 4.4). Nothing of it is applied in either form.
    private static Txn asHistory(Txn txn) {
        if (!(txn instanceof Txn.Multi(List<Txn.Op> ops))
                || ops.stream().noneMatch(op -> op.type() == OpCode.ERROR)) {
            return txn;
        }
        return new Txn.Multi(
                ops.stream()
                        .map(op -> new Txn.Op(OpCode.ERROR, new Txn.Failed(firstBytes(op.txn()))))
                        .toList());
    }

    private static int firstBytes(Txn txn) {
        var out = new JuteWriter(64);
        TxnCodec.writeRecord(out, txn);
        return ByteBuffer.wrap(out.toByteArray()).getInt();
    }

    private static String hex(Txn txn) {
        var out = new JuteWriter(64);
        TxnCodec.writeRecord(out, txn);
        return HexFormat.of().formatHex(out.toByteArray());
    }

    /// What a PROPOSAL, INFORM or INFORMANDACTIVATE holds.
    static LoggedTxn txn(QuorumPacket packet) {
        byte[] data = packet.dataNotNull();
        int start = packet.type() == PacketType.INFORMANDACTIVATE ? DESIGNATED_LEADER_BYTES : 0;
        return TxnCodec.read(new JuteReader(data.length).reset(data, start, data.length - start));
    }
}
