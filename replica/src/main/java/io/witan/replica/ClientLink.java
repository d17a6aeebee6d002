package io.witan.replica;

import io.witan.wire.jute.JuteWriter;

/// The server's side of one client connection, as the core sees it. Implemented by the shell over a
/// socket and by the simulator over its network. All calls come from the core's thread; none blocks
/// and none calls back.
public interface ClientLink {

    /// Where frames for the client are appended. What has been appended is sent, in order, at the
    /// end of the batch; after appending to it the core calls [#outputAppended].
    JuteWriter output();

    /// A whole frame has been appended to [#output], which may be another writer from now on.
    void outputAppended();

    /// Whether the client takes its replies more slowly than they are made. The core then makes no
    /// more of them, until [Replica#outputDrained]; events are still appended.
    boolean isOutputFull();

    /// Closes the connection once everything appended so far has been sent. `reason` is for the
    /// log.
    void close(String reason);

    /// Delivers no more frames until [#resumeReading]; frames that were received already wait, too.
    void pauseReading();

    void resumeReading();

    /// The client's address as ACLs of scheme `ip` see it, such as `127.0.0.1`.
    String remoteAddress();
}
