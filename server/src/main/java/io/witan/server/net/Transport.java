package io.witan.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/// What sockets are made of: the kernel's epoll where it can be had, else the JDK's selectors
/// (decision 0005).
///
/// @param handlers for event loops
/// @param listeners for ports
/// @param sockets for connections to others
public record Transport(
        IoHandlerFactory handlers,
        Class<? extends ServerChannel> listeners,
        Class<? extends SocketChannel> sockets) {

    /// The best that this system has.
    public static Transport best() {
        return Epoll.isAvailable()
                ? new Transport(
                        EpollIoHandler.newFactory(),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class)
                : new Transport(
                        NioIoHandler.newFactory(),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class);
    }

    /// The same, and makes a listening socket, unbound, and closes it, so that what the first one
    /// takes to load is there: on a thread that has nothing else to do while the server reads its
    /// data (decision 0040).
    public static Transport loaded() {
        Transport transport = best();
        try {
            Channel channel = new ReflectiveChannelFactory<>(transport.listeners).newChannel();
            new ServerBootstrap().channel(transport.listeners);
            channel.pipeline()
                    .addLast(
                            new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel none) {}
                            });
            channel.unsafe().closeForcibly();
        } catch (ChannelException noSocket) {
            // Who opens the port meets the same, and knows which port to name.
        }
        return transport;
    }
}
