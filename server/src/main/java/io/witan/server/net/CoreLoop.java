package io.witan.server.net;

import io.witan.replica.ClientService;
import io.witan.replica.metrics.Summary;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The one loop that owns the core. Each event of a step of the loop, a socket that became readable
/// or a group of transactions that became durable, begins with [#enter]; when the step has handled
/// them all, the batch ends: proposed transactions go to the log in one hand-over, and each
/// connection with output is written to once.
///
/// Everything here runs on that loop, except where said.
public final class CoreLoop {

    /// How long stopping waits for the loop: one that does not answer is not waited for.
    private static final int PATIENCE_SECONDS = 10;

    private final RelayedEventLoop loop;
    private final Consumer<Throwable> defect;

    // Set once, before the first event.
    private ClientService service;
    private Runnable toDisk = () -> {};
    private Runnable afterBatch = () -> {};
    private Summary slicesMicros = new Summary();

    private boolean inBatch;

    /// Whether this step has had something to do, and since when.
    private boolean inSlice;

    private long sliceBeganNanos;

    /// The core has thrown something: whatever state it is in, it must not go on from there.
    private volatile boolean broken;

    /// The server is being stopped: what clients send now is not looked at any more.
    private boolean stopping;

    private final List<Runnable> atEnd = new ArrayList<>();
    private List<ClientSocket> withOutput = new ArrayList<>();
    private List<ClientSocket> resumed = new ArrayList<>();
    private List<ClientSocket> spare = new ArrayList<>();

    /// @param defect told of anything that the core throws: whatever state it is in then, it must
    ///   not go on from there, and the server must end
    @SuppressWarnings("NullAway.Init") // the core and its shell know each other: see start
    public CoreLoop(RelayedEventLoop loop, Consumer<Throwable> defect) {
        this.loop = loop;
        this.defect = defect;
    }

    /// Completes the wiring: the core needs the disk, the disk reports to this loop.
    ///
    /// @param toDisk hands over what a batch has collected for the disk
    /// @param slicesMicros gets how long each step took, from its first event to its end: for so
    ///   long nobody was listened to
    public void start(
            ClientService service,
            Runnable toDisk,
            Runnable afterBatch,
            long tickMillis,
            Summary slicesMicros) {
        this.service = service;
        this.toDisk = toDisk;
        this.afterBatch = afterBatch;
        this.slicesMicros = slicesMicros;
        loop.start(guarded(this::endStep));
        every(tickMillis, this::tick);
    }

    /// Waits for something, the disk, when this batch has ended; if it takes long, the loop goes on
    /// meanwhile. Within an event, once in a batch.
    public void waitAfterBatch(Runnable blocking) {
        loop.waitAfterStep(blocking);
    }

    /// Runs something again and again. From any thread.
    @SuppressWarnings("FutureReturnValueIgnored") // what it throws is reported, and it never ends
    public void every(long millis, Runnable task) {
        loop.scheduleAtFixedRate(guarded(slice(task)), millis, millis, TimeUnit.MILLISECONDS);
    }

    /// Runs something a little later, after other work has had its turn. From any thread.
    @SuppressWarnings("FutureReturnValueIgnored") // what it throws is reported
    public void later(long micros, Runnable task) {
        loop.schedule(guarded(slice(task)), micros, TimeUnit.MICROSECONDS);
    }

    /// Runs something a little later, unless that is cancelled. On the loop.
    public Future<?> alarm(long nanos, Runnable task) {
        return loop.schedule(guarded(task), nanos, TimeUnit.NANOSECONDS);
    }

    ClientService service() {
        return service;
    }

    /// Runs something at the end of this batch, before output is sent. Within an event.
    public void atEndOfBatch(Runnable task) {
        atEnd.add(task);
    }

    /// Milliseconds of a clock that never runs back. From any thread.
    public static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    /// Begins an event. The first of a batch takes the time for all of them.
    public void enter() {
        if (!inBatch) {
            inBatch = true;
            long nowNanos = System.nanoTime();
            beginSlice(nowNanos);
            service.timeIs(nowNanos / 1_000_000, System.currentTimeMillis());
        }
    }

    private Runnable slice(Runnable task) {
        return () -> {
            beginSlice(System.nanoTime());
            task.run();
        };
    }

    private void beginSlice(long nowNanos) {
        if (!inSlice) {
            inSlice = true;
            sliceBeganNanos = nowNanos;
        }
    }

    /// Runs something as an event of the core, unless the loop has ended. From any thread.
    public void execute(Runnable event) {
        try {
            loop.execute(
                    guarded(() -> {
                        enter();
                        event.run();
                    }));
        } catch (RejectedExecutionException ended) {
            if (!loop.isShuttingDown()) {
                throw ended;
            }
        }
    }

    /// Takes no more from clients, and hands over to the log what has been proposed. Waits for it;
    /// from any thread but the loop's.
    public void stop() {
        await(() -> {
            stopping = true;
            toDisk.run();
        });
    }

    /// Waits until the loop has done what it was given before. From any thread but the loop's.
    public void settle() {
        await(() -> {});
    }

    private void await(Runnable task) {
        try {
            loop.submit(guarded(task)).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException ended) {
            // Then there is nothing to wait for.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether nothing may be given to the core any more.
    public boolean isDeaf() {
        return broken || stopping;
    }

    boolean isBroken() {
        return broken;
    }

    /// The core has thrown something.
    public void broke(Throwable thrown) {
        broken = true;
        defect.accept(thrown);
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            if (broken) {
                return;
            }
            try {
                task.run();
            } catch (RuntimeException | Error thrown) {
                broke(thrown);
            }
        };
    }

    void hasOutput(ClientSocket socket) {
        withOutput.add(socket);
    }

    void mayReadOn(ClientSocket socket) {
        resumed.add(socket);
    }

    private void tick() {
        enter();
        service.tick();
    }

    private void endStep() {
        while (inBatch) {
            endBatch();
        }
        if (inSlice) {
            inSlice = false;
            slicesMicros.add((System.nanoTime() - sliceBeganNanos) / 1_000);
        }
    }

    private void endBatch() {
        // Connections that may be read from again can have frames that came before they were
        // paused; serving them can resume others.
        while (!resumed.isEmpty()) {
            List<ClientSocket> sockets = resumed;
            resumed = spare;
            for (ClientSocket socket : sockets) {
                socket.readOn();
            }
            sockets.clear();
            spare = sockets;
        }
        toDisk.run();
        for (int i = 0; i < atEnd.size(); i++) {
            atEnd.get(i).run();
        }
        atEnd.clear();
        while (!withOutput.isEmpty()) {
            List<ClientSocket> sockets = withOutput;
            withOutput = spare;
            for (ClientSocket socket : sockets) {
                socket.flushOutput();
            }
            sockets.clear();
            spare = sockets;
        }
        inBatch = false;
        afterBatch.run();
    }
}
