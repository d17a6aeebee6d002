package io.witan.server.ensemble;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Looks up the names of servers, anew each time, on a thread of their own: a name server that is
/// silent must not hold up anything else (ZOOKEEPER-2164, 2982).
final class NameLookup {

    private final EventLoop loop;

    NameLookup(EventLoop loop) {
        this.loop = loop;
    }

    /// One of both is called, on the loop: at once where the host is an address itself.
    void find(String host, Consumer<InetAddress> found, Runnable unknown) {
        InetAddress literal = literal(host);
        if (literal != null) {
            found.accept(literal);
            return;
        }
        Thread.ofPlatform()
                .daemon()
                .name("witan-resolve-" + host)
                .start(() -> {
                    try {
                        InetAddress address = InetAddress.getByName(host);
                        onLoop(() -> found.accept(address));
                    } catch (UnknownHostException notKnown) {
                        onLoop(unknown);
                    }
                });
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // The server is being stopped.
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }
}
