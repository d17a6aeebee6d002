package io.witan.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Encodes client requests as whole frames, ready to be sent once the xid is filled in.
///
/// ```
/// | length int | xid int | type int | body ... |
///              ^ XID_OFFSET
/// ```
public final class Requests {

    /// Where the xid stands in every frame made here.
    static final int XID_OFFSET = 4;

    /// The length of a reply without a body: xid, zxid, err.
    static final int REPLY_HEADER_BYTES = 4 + 8 + 4;

    static final int STAT_BYTES = 68;

    static final int PASSWORD_BYTES = 16;

    private static final int MULTI_HEADER_BYTES = 4 + 1 + 4;

    private static final int CREATE = 1;
    private static final int DELETE = 2;
    private static final int EXISTS = 3;
    private static final int GET_DATA = 4;
    private static final int SET_DATA = 5;
    private static final int GET_CHILDREN = 8;
    private static final int SYNC = 9;
    private static final int PING = 11;
    private static final int MULTI = 14;
    private static final int CLOSE_SESSION = -11;
    private static final int PING_XID = -2;

    private static final int ANY_VERSION = -1;
    private static final int ALL_PERMISSIONS = 31;
    private static final int FLAG_EPHEMERAL = 1;

    private Requests() {}

    /// The first frame of a connection: asks for a new session. It has no xid.
    public static byte[] connect(int timeoutMillis) {
        return connect(timeoutMillis, 0, 0, new byte[PASSWORD_BYTES]);
    }

    /// The same for a session that there is already; an id of zero asks for a new one.
    static byte[] connect(int timeoutMillis, long lastZxid, long sessionId, byte[] password) {
        return frame(out -> {
            out.writeInt(0);
            out.writeLong(lastZxid);
            out.writeInt(timeoutMillis);
            out.writeLong(sessionId);
            buffer(out, password);
            out.writeBoolean(false);
        });
    }

    public static byte[] getData(String path, boolean watch) {
        return request(GET_DATA, out -> pathAndWatch(out, path, watch));
    }

    public static byte[] exists(String path, boolean watch) {
        return request(EXISTS, out -> pathAndWatch(out, path, watch));
    }

    public static byte[] getChildren(String path) {
        return request(GET_CHILDREN, out -> pathAndWatch(out, path, false));
    }

    public static byte[] setData(String path, byte[] data) {
        return request(SET_DATA, out -> setDataBody(out, path, data));
    }

    public static byte[] create(String path, byte[] data) {
        return request(CREATE, out -> createBody(out, path, data, 0));
    }

    public static byte[] createEphemeral(String path, byte[] data) {
        return request(CREATE, out -> createBody(out, path, data, FLAG_EPHEMERAL));
    }

    public static byte[] delete(String path) {
        return request(
                DELETE,
                out -> {
                    string(out, path);
                    out.writeInt(ANY_VERSION);
                });
    }

    /// One multi that sets the data of every path.
    public static byte[] multiSetData(List<String> paths, byte[] data) {
        return request(
                MULTI,
                out -> {
                    for (var path : paths) {
                        multiHeader(out, SET_DATA, false);
                        setDataBody(out, path, data);
                    }
                    multiHeader(out, -1, true);
                });
    }

    /// Answered once the server has everything that was committed when it was asked.
    public static byte[] sync(String path) {
        return request(SYNC, out -> string(out, path));
    }

    /// What a client sends that has nothing to ask, so that its session lives.
    public static byte[] ping() {
        var frame = request(PING, _ -> {});
        putInt(frame, XID_OFFSET, PING_XID);
        return frame;
    }

    public static byte[] closeSession() {
        return request(CLOSE_SESSION, _ -> {});
    }

    public static int getDataReplyBytes(int dataBytes) {
        return REPLY_HEADER_BYTES + 4 + dataBytes + STAT_BYTES;
    }

    public static int statReplyBytes() {
        return REPLY_HEADER_BYTES + STAT_BYTES;
    }

    public static int createReplyBytes(int pathBytes) {
        return REPLY_HEADER_BYTES + 4 + pathBytes;
    }

    /// An event of a watch: type, state and path behind the header.
    public static int notificationBytes(String path) {
        return REPLY_HEADER_BYTES + 4 + 4 + 4 + path.length();
    }

    public static int pingReplyBytes() {
        return REPLY_HEADER_BYTES;
    }

    public static int syncReplyBytes(String path) {
        return REPLY_HEADER_BYTES + 4 + path.length();
    }

    public static int deleteReplyBytes() {
        return REPLY_HEADER_BYTES;
    }

    public static int getChildrenReplyBytes(int children, int nameBytes) {
        return REPLY_HEADER_BYTES + 4 + children * (4 + nameBytes);
    }

    public static int multiSetDataReplyBytes(int operations) {
        return REPLY_HEADER_BYTES
                + operations * (MULTI_HEADER_BYTES + STAT_BYTES)
                + MULTI_HEADER_BYTES;
    }

    private interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] request(int type, Body body) {
        return frame(out -> {
            out.writeInt(0);
            out.writeInt(type);
            body.writeTo(out);
        });
    }

    private static byte[] frame(Body content) {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        try {
            out.writeInt(0);
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory refused bytes", e);
        }
        var frame = bytes.toByteArray();
        putInt(frame, 0, frame.length - 4);
        return frame;
    }

    private static void putInt(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 24);
        bytes[offset + 1] = (byte) (value >>> 16);
        bytes[offset + 2] = (byte) (value >>> 8);
        bytes[offset + 3] = (byte) value;
    }

    private static void pathAndWatch(DataOutputStream out, String path, boolean watch)
            throws IOException {
        string(out, path);
        out.writeBoolean(watch);
    }

    private static void setDataBody(DataOutputStream out, String path, byte[] data)
            throws IOException {
        string(out, path);
        buffer(out, data);
        out.writeInt(ANY_VERSION);
    }

    private static void createBody(DataOutputStream out, String path, byte[] data, int flags)
            throws IOException {
        string(out, path);
        buffer(out, data);
        out.writeInt(1);
        out.writeInt(ALL_PERMISSIONS);
        string(out, "world");
        string(out, "anyone");
        out.writeInt(flags);
    }

    private static void multiHeader(DataOutputStream out, int type, boolean done)
            throws IOException {
        out.writeInt(type);
        out.writeBoolean(done);
        out.writeInt(-1);
    }

    private static void string(DataOutputStream out, String value) throws IOException {
        buffer(out, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void buffer(DataOutputStream out, byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }
}
