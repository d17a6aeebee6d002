package io.witan.interop.ensemble;

import static org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE;
import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryForever;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.ZooKeeper;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Clients that work without a pause while servers come and go: two that write and read with
/// Apache's client, and two of Curator that take turns with a lock.
///
/// A connection may be lost and then the outcome of what was under way is unknown, as with any
/// ensemble: the client finds out and goes on. Everything else that goes wrong is kept as a fault.
final class Load implements AutoCloseable {

    private static final String ROOT = "/load";
    private static final int SESSION_TIMEOUT_MILLIS = 60_000;
    private static final long PACE_NANOS = 5_000_000;

    private final Ensemble ensemble;
    private final List<Worker> workers = new ArrayList<>();
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean lockIsHeld = new AtomicBoolean();

    Load(Ensemble ensemble) throws Exception {
        this.ensemble = ensemble;
        ZooKeeper client = ensemble.client(ensemble.leader());
        client.create(ROOT, null, OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        client.create(ROOT + "/shared", bytes("0"), OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int number = 1; number <= 2; number++) {
            workers.add(new Writer(number));
            workers.add(new Locker());
        }
        workers.forEach(Worker::start);
    }

    /// Returns once each client has got through a few rounds since now: it has found a server, and
    /// its work goes on.
    void awaitProgress() throws Exception {
        for (Worker worker : workers) {
            int rounds = worker.rounds.get() + 3;
            Await.until(
                    worker + " goes on", () -> worker.rounds.get() >= rounds || !faults.isEmpty());
        }
        assertThat(faults).isEmpty();
    }

    /// Ends the load and checks what only its clients can know.
    void finish() throws Exception {
        over.set(true);
        for (Worker worker : workers) {
            worker.thread.join();
        }
        assertThat(faults).isEmpty();
        for (Worker worker : workers) {
            worker.check();
        }
    }

    void enterInto(Ledger ledger) {
        workers.forEach(worker -> worker.enterInto(ledger));
    }

    @Override
    public void close() throws Exception {
        over.set(true);
        for (Worker worker : workers) {
            worker.thread.interrupt();
            worker.close();
            worker.thread.join();
        }
    }

    private abstract class Worker {

        final AtomicInteger rounds = new AtomicInteger();
        final Thread thread = Thread.ofPlatform().daemon().unstarted(this::work);

        void start() {
            thread.start();
        }

        private void work() {
            try {
                while (!over.get()) {
                    round(rounds.get());
                    rounds.incrementAndGet();
                    LockSupport.parkNanos(PACE_NANOS);
                }
            } catch (Throwable fault) {
                if (!over.get()) {
                    faults.add(fault);
                }
            }
        }

        abstract void round(int number) throws Exception;

        /// After the last round.
        abstract void check() throws Exception;

        abstract void enterInto(Ledger ledger);

        abstract void close() throws Exception;
    }

    /// Creates znodes and counts in one of its own; holds an ephemeral.
    private final class Writer extends Worker {

        private final ZooKeeper client;
        private final long session;
        private final String home;
        private final List<String> acknowledged = new ArrayList<>();
        private int counter;

        Writer(int number) throws Exception {
            client = new ZooKeeper(ensemble.connectString(), SESSION_TIMEOUT_MILLIS, _ -> {});
            home = ROOT + "/writer-" + number;
            Insistence.create(client, home, bytes("0"), CreateMode.PERSISTENT);
            Insistence.create(client, home + "/alive", bytes("0"), CreateMode.EPHEMERAL);
            session = client.getSessionId();
        }

        @Override
        void round(int number) throws Exception {
            String path = home + "/n" + number;
            Insistence.create(client, path, bytes("0"), CreateMode.PERSISTENT);
            acknowledged.add(path);
            count();
            int read =
                    Integer.parseInt(
                            text(Insistence.insist(() -> client.getData(home, false, null))));
            assertThat(read).as("own writes are read").isEqualTo(counter);
            var alive = Insistence.insist(() -> client.exists(home + "/alive", false));
            assertThat(alive).as("ephemeral of " + home).isNotNull();
            assertThat(alive.getEphemeralOwner()).isEqualTo(session);
        }

        /// The version says whether an attempt with unknown outcome was carried out.
        private void count() throws Exception {
            boolean unknown = false;
            while (true) {
                try {
                    client.setData(home, bytes(Integer.toString(counter + 1)), counter);
                    break;
                } catch (ConnectionLossException lost) {
                    unknown = true;
                    Insistence.pause();
                } catch (KeeperException.BadVersionException changed) {
                    if (!unknown) {
                        throw changed;
                    }
                    break;
                }
            }
            counter++;
        }

        @Override
        void check() throws Exception {
            assertThat(client.getSessionId()).isEqualTo(session);
            var stat = Insistence.insist(() -> client.exists(home, false));
            assertThat(stat.getVersion()).isEqualTo(counter);
        }

        @Override
        void enterInto(Ledger ledger) {
            acknowledged.forEach(path -> ledger.acknowledged(path, "0"));
            ledger.acknowledged(home, Integer.toString(counter));
        }

        @Override
        void close() throws Exception {
            client.close();
        }

        @Override
        public String toString() {
            return "the writer of " + home;
        }
    }

    /// Takes the lock, and while it has it, counts without looking whether somebody else does.
    private final class Locker extends Worker {

        private final CuratorFramework curator =
                CuratorFrameworkFactory.newClient(
                        ensemble.connectString(),
                        SESSION_TIMEOUT_MILLIS,
                        SESSION_TIMEOUT_MILLIS,
                        new RetryForever(100));
        private final InterProcessMutex lock = new InterProcessMutex(curator, ROOT + "/lock");
        private final AtomicInteger counted = new AtomicInteger();

        @Override
        void start() {
            curator.getConnectionStateListenable()
                    .addListener((_, state) -> {
                        if (state == ConnectionState.LOST && !over.get()) {
                            faults.add(new AssertionError("Curator has lost its session"));
                        }
                    });
            curator.start();
            super.start();
        }

        @Override
        void round(int number) throws Exception {
            lock.acquire();
            try {
                if (!lockIsHeld.compareAndSet(false, true)) {
                    throw new AssertionError("two hold the lock");
                }
                int count = Integer.parseInt(text(curator.getData().forPath(ROOT + "/shared")));
                counted.set(Math.max(counted.get(), count + 1));
                curator.setData().forPath(ROOT + "/shared", bytes(Integer.toString(count + 1)));
                lockIsHeld.set(false);
            } finally {
                lock.release();
            }
        }

        @Override
        void check() throws Exception {
            int last = Integer.parseInt(text(curator.getData().forPath(ROOT + "/shared")));
            assertThat(last)
                    .as("what was counted under the lock")
                    .isGreaterThanOrEqualTo(counted.get());
        }

        @Override
        void enterInto(Ledger ledger) {
            // The counter is checked above; others than this client change it.
        }

        @Override
        void close() {
            curator.close();
        }

        @Override
        public String toString() {
            return "a client with a lock";
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
