package io.witan.interop.curator;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.Lab;
import io.witan.interop.ServerProcess;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Connected Curator clients, and the waiting that their recipes ask for.
final class Curators {

    private Curators() {}

    static CuratorFramework client(Lab lab) {
        return client(lab, lab.connectString());
    }

    /// Its listeners have been told that it is connected: a recipe that is told afterwards begins
    /// anew, and requests in the background change their order when they wait for a connection.
    static CuratorFramework client(Lab lab, String connectString) {
        var client =
                lab.closedAfterwards(
                        CuratorFrameworkFactory.newClient(
                                connectString,
                                Lab.SESSION_TIMEOUT_MILLIS,
                                30_000,
                                new RetryForever(50)));
        var told = new CountDownLatch(1);
        client.getConnectionStateListenable()
                .addListener((_, state) -> {
                    if (state == ConnectionState.CONNECTED) {
                        told.countDown();
                    }
                });
        client.start();
        Lab.await(told);
        return client;
    }

    /// Runs something that waits, in a thread of its own.
    static <T> CompletableFuture<T> inBackground(Callable<T> task) {
        var result = new CompletableFuture<T>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        result.complete(task.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(ServerProcess.PATIENCE_SECONDS, SECONDS);
    }
}
