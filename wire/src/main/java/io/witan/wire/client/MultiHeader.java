package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

/// What stands before each operation of a multi or multiRead and before each of its results, and at
/// the end of either list (client-and-disk, section 3.12).
///
/// @param type of the operation, [OpCode#ERROR] before an error result and at the end
/// @param done true only at the end of the list
/// @param err -1 in requests and at the end, otherwise the result's [ErrorCode]
public record MultiHeader(int type, boolean done, int err) {

    public static final int BYTES = 9;

    /// Ends a list of operations or results.
    public static final MultiHeader END = new MultiHeader(OpCode.ERROR, true, -1);

    /// Stands before an operation in a request.
    public static MultiHeader request(int type) {
        return new MultiHeader(type, false, -1);
    }

    /// Stands before the result of an operation that succeeded.
    public static MultiHeader result(int type) {
        return new MultiHeader(type, false, ErrorCode.OK);
    }

    /// Stands before the error of an operation; the body repeats `err` as an int.
    public static MultiHeader error(int err) {
        return new MultiHeader(OpCode.ERROR, false, err);
    }

    public static MultiHeader read(JuteReader in) {
        return new MultiHeader(in.readInt(), in.readBoolean(), in.readInt());
    }

    public void write(JuteWriter out) {
        out.writeInt(type).writeBoolean(done).writeInt(err);
    }
}
