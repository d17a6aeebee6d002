package io.witan.wire.fuzz;

import io.witan.wire.client.ClientInfo;
import io.witan.wire.client.ConnectRequest;
import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.MultiHeader;
import io.witan.wire.client.OpCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.ReplyHeader;
import io.witan.wire.client.Request;
import io.witan.wire.client.RequestHeader;
import io.witan.wire.client.WatcherEvent;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Stat;
import io.witan.wire.data.StoredStat;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.quorum.ForwardedRequest;
import io.witan.wire.quorum.LearnerInfo;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumAuthPacket;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.wire.quorum.Revalidation;
import io.witan.wire.quorum.SessionTouch;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Something that takes bytes from outside.
///
/// @param decode reads one record and returns what writes it again
record Decoder(String name, Function<JuteReader, Consumer<JuteWriter>> decode) {

    private static final int[] TYPES = {
        -11, -10, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108
    };

    static List<Decoder> all() {
        List<Decoder> all = new ArrayList<>();
        all.add(new Decoder("ConnectRequest", in -> ConnectRequest.read(in)::write));
        all.add(new Decoder("ConnectResponse", in -> ConnectResponse.read(in)::write));
        all.add(new Decoder("RequestHeader", in -> RequestHeader.read(in)::write));
        all.add(new Decoder("ReplyHeader", in -> ReplyHeader.read(in)::write));
        all.add(new Decoder("MultiHeader", in -> MultiHeader.read(in)::write));
        all.add(new Decoder("WatcherEvent", in -> WatcherEvent.read(in)::write));
        all.add(new Decoder("ClientInfo", in -> ClientInfo.read(in)::write));
        all.add(new Decoder("Acl list", Decoder::aclList));
        all.add(new Decoder("Stat", in -> Stat.read(in)::write));
        all.add(new Decoder("StoredStat", in -> StoredStat.read(in)::write));
        all.add(new Decoder("QuorumPacket", in -> QuorumPacket.read(in)::write));
        all.add(new Decoder("QuorumAuthPacket", in -> QuorumAuthPacket.read(in)::write));
        all.add(payload("LearnerInfo", data -> LearnerInfo.decode(data).encode()));
        all.add(payload("touches", data -> SessionTouch.encode(SessionTouch.decode(data))));
        all.add(payload("question", data -> Revalidation.Question.decode(data).encode()));
        all.add(payload("answer", data -> Revalidation.Answer.decode(data).encode()));
        all.add(payload("forwarded request", Decoder::forwardedRequest));
        all.add(payload("INFORMANDACTIVATE", Decoder::informAndActivate));
        all.add(requestFrame());
        all.add(transaction());
        for (int type : TYPES) {
            all.add(request(type));
            all.add(reply(type));
            all.add(record(type));
        }
        return all;
    }

    /// A request with its header.
    static Decoder requestFrame() {
        return new Decoder("request", Decoder::requestFrame);
    }

    static Decoder request(int type) {
        return new Decoder("request " + OpCode.name(type), in -> Request.read(type, in)::write);
    }

    static Decoder reply(int type) {
        return new Decoder("reply " + OpCode.name(type), in -> Reply.read(type, in)::write);
    }

    /// A transaction's record without its header.
    static Decoder record(int type) {
        return new Decoder("record " + OpCode.name(type), in -> record(type, in));
    }

    /// A transaction with header and digest.
    static Decoder transaction() {
        return new Decoder("transaction", Decoder::transaction);
    }

    /// The data of a quorum packet, which is as long as it is.
    private static Decoder payload(String name, UnaryOperator<byte[]> decodeAndEncode) {
        return new Decoder(
                name,
                in -> {
                    byte[] data =
                            Arrays.copyOfRange(
                                    in.bytes(), in.position(), in.position() + in.remaining());
                    in.position(in.position() + data.length);
                    byte[] again = decodeAndEncode.apply(data);
                    return out -> out.writeRaw(again, 0, again.length);
                });
    }

    private static byte[] forwardedRequest(byte[] data) {
        var packet = new QuorumPacket(PacketType.REQUEST, -1, data);
        return ForwardedRequest.of(packet).toPacket().dataNotNull();
    }

    private static byte[] informAndActivate(byte[] data) {
        return Payloads.informAndActivate(
                Payloads.informedLeader(data), Payloads.informedTxn(data));
    }

    private static Consumer<JuteWriter> requestFrame(JuteReader in) {
        RequestHeader header = RequestHeader.read(in);
        Request request = Request.read(header.type(), in);
        return out -> {
            header.write(out);
            request.write(out);
        };
    }

    private static Consumer<JuteWriter> transaction(JuteReader in) {
        LoggedTxn logged = TxnCodec.read(in);
        return out -> TxnCodec.write(out, logged.header(), logged.txn(), logged.digest());
    }

    private static Consumer<JuteWriter> record(int type, JuteReader in) {
        Txn txn = TxnCodec.readRecord(type, in);
        return out -> TxnCodec.writeRecord(out, txn);
    }

    private static Consumer<JuteWriter> aclList(JuteReader in) {
        List<Acl> list = Acl.readList(in);
        return out -> Acl.writeList(out, list);
    }

    @Override
    public String toString() {
        return name;
    }
}
