package io.witan.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// What a test method works with: the server, a subtree of its own, and clients that are closed
/// after the test.
public final class Lab implements AutoCloseable {

    /// Long enough never to run out by accident.
    public static final int SESSION_TIMEOUT_MILLIS = 40_000;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ServerProcess server;
    private final String root;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    Lab(ServerProcess server, String test) {
        this.server = server;
        this.root = "/" + test + "-" + NUMBER.incrementAndGet();
        try (ZooKeeper client = connected(server.connectString(), new Events())) {
            client.create(root, null, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    public ServerProcess server() {
        return server;
    }

    /// The znode that belongs to this test.
    public String root() {
        return root;
    }

    public String connectString() {
        return server.connectString() + root;
    }

    /// A connected client whose `/` is this test's own znode.
    public ZooKeeper client() {
        return client(new Events());
    }

    public ZooKeeper client(Events events) {
        return closedAfterwards(connected(connectString(), events));
    }

    /// A connected client that sees the whole tree.
    public ZooKeeper clientAtRoot() {
        return closedAfterwards(connected(server.connectString(), new Events()));
    }

    /// A client that has authenticated as the superuser of `super:admin`.
    public ZooKeeper superuser() {
        ZooKeeper client = clientAtRoot();
        client.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
        return client;
    }

    public <T extends AutoCloseable> T closedAfterwards(T resource) {
        open.push(resource);
        return resource;
    }

    /// Returns when every event that the server had sent to this client has been handed to its
    /// watchers: the client calls watchers and callbacks one after the other, in order of arrival.
    public static void settle(ZooKeeper client) {
        var answered = new CountDownLatch(1);
        client.exists("/", false, (_, _, _, _) -> answered.countDown(), null);
        await(answered);
    }

    /// Asks again and again until the answer is yes.
    public static void until(Callable<Boolean> question) throws Exception {
        long deadline = System.nanoTime() + SECONDS.toNanos(ServerProcess.PATIENCE_SECONDS);
        while (!question.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it does not come to pass");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(ServerProcess.PATIENCE_SECONDS, SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A client of `connectString` that has its session.
    public static ZooKeeper connected(String connectString, Events events) {
        var config = new ZKClientConfig();
        try {
            var client =
                    new ZooKeeper(
                            severalTimes(connectString), SESSION_TIMEOUT_MILLIS, events, config);
            events.awaitState(KeeperState.SyncConnected);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// An Apache server that is asked for a session in the middle of its start may never answer. A
    /// client gives it as long as its session lasts, divided by the number of servers that it knows
    /// of, and if that is one the session has expired by then.
    private static String severalTimes(String connectString) {
        int chroot = connectString.indexOf('/');
        String servers = chroot < 0 ? connectString : connectString.substring(0, chroot);
        return String.join(",", Collections.nCopies(4, servers))
                + connectString.substring(servers.length());
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
