package io.witan.wire.client;

/// The xids with a meaning of their own (client-and-disk, section 2.9). All others are the client's
/// counter, from 1.
public final class Xid {

    /// Server to client only: a watch has fired.
    public static final int NOTIFICATION = -1;

    /// The reply to a ping has it whatever the request had.
    public static final int PING = -2;

    /// Auth packets of the usual clients.
    public static final int AUTH = -4;

    /// setWatches and setWatches2 of the C client.
    public static final int SET_WATCHES = -8;

    private Xid() {}
}
