package io.witan.simulation.net;

/// One end of a connection.
public interface ByteStream {

    /// Sends bytes, which the caller does not change any more. Nothing happens on a closed one.
    void write(byte[] bytes);

    /// Ends the connection; the handler hears nothing more.
    void close();

    boolean isOpen();
}
