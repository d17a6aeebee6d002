package io.witan.server;

import io.witan.server.net.Transport;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// What a server needs and its settings and data have nothing to do with: loaded on a thread of its
/// own while those are read, which makes an empty start a sixth shorter (decision 0004). One thread
/// loads it all, and who needs it waits until that is over: classes whose initialisation needs each
/// other can block two threads for good.
final class Aside {

    private record Loaded(Transport transport, WitanVersion version) {}

    private static final Executor THREAD =
            task -> Thread.ofPlatform().name("witan-aside").daemon().start(task);

    private final CompletableFuture<Loaded> loaded =
            CompletableFuture.supplyAsync(
                    () -> new Loaded(Transport.loaded(), WitanVersion.read()), THREAD);

    Transport transport() {
        return loaded.join().transport();
    }

    WitanVersion version() {
        return loaded.join().version();
    }
}
