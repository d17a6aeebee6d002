package io.witan.wire.client;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.jspecify.annotations.Nullable;

/// The body of a notification: a watch has fired (client-and-disk, section 5.2). Its [ReplyHeader]
/// has xid [Xid#NOTIFICATION].
public record WatcherEvent(int type, int state, byte @Nullable [] path) {

    public static final int NODE_CREATED = 1;
    public static final int NODE_DELETED = 2;
    public static final int NODE_DATA_CHANGED = 3;
    public static final int NODE_CHILDREN_CHANGED = 4;

    /// The only state that a server ever sends.
    public static final int SYNC_CONNECTED = 3;

    public static WatcherEvent read(JuteReader in) {
        return new WatcherEvent(in.readInt(), in.readInt(), in.readBuffer());
    }

    public void write(JuteWriter out) {
        out.writeInt(type).writeInt(state).writeBuffer(path);
    }
}
