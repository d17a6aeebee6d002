package io.witan.replica;

import io.witan.wire.client.ConnectResponse;
import io.witan.wire.client.Reply;
import io.witan.wire.data.Acl;
import io.witan.wire.data.Stat;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a client has received.
sealed interface Frame {

    /// The first frame of a connection that has a session, or is refused one.
    record Connected(ConnectResponse response, int length) implements Frame {}

    /// A watch has fired.
    record Event(long zxid, int type, String path) implements Frame {
        @Override
        public String toString() {
            return (type == 1
                            ? "created "
                            : type == 2 ? "deleted " : type == 3 ? "data " : "children ")
                    + path;
        }
    }

    /// @param body null after an error
    record Answer(int xid, long zxid, int err, @Nullable Reply body, byte[] raw) implements Frame {

        String path() {
            return switch (body()) {
                case Reply.OfPath(byte[] path) -> text(path);
                case Reply.PathAndStat(byte[] path, Stat _) -> text(path);
                case null, default -> throw new AssertionError("no path in " + this);
            };
        }

        Stat stat() {
            return switch (body()) {
                case Reply.OfStat(Stat stat) -> stat;
                case Reply.PathAndStat(byte[] _, Stat stat) -> stat;
                case Reply.DataAndStat(byte[] _, Stat stat) -> stat;
                case Reply.NamesAndStat(List<byte[]> _, Stat stat) -> stat;
                case Reply.AclAndStat(List<Acl> _, Stat stat) -> stat;
                case null, default -> throw new AssertionError("no stat in " + this);
            };
        }

        /// `null` for null.
        String data() {
            if (body() instanceof Reply.DataAndStat(byte[] data, Stat _)) {
                return text(data);
            }
            throw new AssertionError("no data in " + this);
        }

        List<Acl> acl() {
            if (body() instanceof Reply.AclAndStat(List<Acl> acl, Stat _) && acl != null) {
                return acl;
            }
            throw new AssertionError("no ACL in " + this);
        }

        List<String> names() {
            List<byte[]> names =
                    switch (body()) {
                        case Reply.Names(List<byte[]> all) -> all;
                        case Reply.NamesAndStat(List<byte[]> all, Stat _) -> all;
                        case null, default -> throw new AssertionError("no names in " + this);
                    };
            List<String> texts = new ArrayList<>();
            for (byte[] name : names) {
                texts.add(text(name));
            }
            return texts;
        }

        List<Reply.Result> results() {
            if (body() instanceof Reply.Results(List<Reply.Result> results)) {
                return results;
            }
            throw new AssertionError("no results in " + this);
        }

        /// The results of a multi in short: `create /a`, `-101`.
        List<String> resultTexts() {
            return results().stream().map(Answer::resultText).toList();
        }

        private static String resultText(Reply.Result result) {
            return switch (result.body()) {
                case Reply.Err(int err) -> String.valueOf(err);
                case Reply.OfPath(byte[] path) -> result.type() + " " + text(path);
                case Reply.PathAndStat(byte[] path, Stat _) -> result.type() + " " + text(path);
                case Reply.DataAndStat(byte[] data, Stat _) -> result.type() + " " + text(data);
                default -> String.valueOf(result.type());
            };
        }
    }

    static String text(byte @Nullable [] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}
