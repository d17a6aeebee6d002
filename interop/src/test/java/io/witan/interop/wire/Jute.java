package io.witan.interop.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/// Writes the protocol's primitive values one after the other. Kept apart from Witan's own codec on
/// purpose: a mistake there must not hide itself here.
public final class Jute {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Jute integer(int value) {
        return bytes(ByteBuffer.allocate(4).putInt(value).array());
    }

    public Jute longInteger(long value) {
        return bytes(ByteBuffer.allocate(8).putLong(value).array());
    }

    public Jute bool(boolean value) {
        return bytes(new byte[] {(byte) (value ? 1 : 0)});
    }

    public Jute buffer(byte[] value) {
        return integer(value.length).bytes(value);
    }

    public Jute string(String value) {
        return buffer(value.getBytes(UTF_8));
    }

    /// The list of one entry that lets everybody do everything.
    public Jute openAcl() {
        return integer(1).integer(31).string("world").string("anyone");
    }

    public Jute bytes(Jute part) {
        return bytes(part.bytes());
    }

    public Jute bytes(byte[] part) {
        out.writeBytes(part);
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
